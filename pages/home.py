"""What the playground is, and a card for each page."""

import streamlit as st

from components import cards
from components.pages import groups
from components.words import story
from components.words.language import t

COLUMNS = 4

st.title(t("Bottleneck"))
story.show("home", "lead")
story.show("home", "what")
for group, rooms in groups().items():
    st.subheader(t(group))
    cards.show(rooms, COLUMNS)
