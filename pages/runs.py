"""The library: every run that somebody kept here, to be opened, taken along or removed."""

import streamlit as st

from components import library, story
from components.language import t

st.title(t("Kept runs"))
story.show("runs", "lead")
library.show()
