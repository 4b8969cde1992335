"""What the playground is, and a card for each page."""

import streamlit as st

from components import cards
from components.pages import ROOMS
from components.words import story
from components.words.language import t

course, *experiments, board, runs = ROOMS
st.title(t("Bottleneck"))
story.show("home", "lead")
story.show("home", "what")
cards.show([course], 1)
cards.show(experiments, 4)
cards.show([board, runs], 2)
