"""The class board: what the class has trained, on one plot."""

import streamlit as st

from components.parts.board import stage
from components.words import story
from components.words.language import t

st.title(t("Class board"))
story.show("board", "lead")
stage.show()
