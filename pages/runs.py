"""The library: every run that somebody kept here, to be opened, taken along or removed."""

import streamlit as st

from components.runs import run_list
from components.words import story
from components.words.language import t

st.title(t("Kept runs"))
story.show("runs", "lead")
run_list.show()
