"""The class board: what the class has trained, on one plot."""

import streamlit as st

from components import story
from components.class_board import stage
from components.language import t

st.title(t("Class board"))
story.show("board", "lead")
stage.show()
