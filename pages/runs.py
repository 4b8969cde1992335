"""The library: every run that somebody kept here, to be opened, taken along or removed."""

import streamlit as st

from components import library, story

st.title("Kept runs")
story.show("runs", "lead")
library.show()
