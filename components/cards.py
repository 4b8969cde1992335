"""A card for each page: its picture, its name, and what it is about."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from components.figures import theme
from components.pages import Room
from components.words import story
from components.words.language import t

PICTURES = Path(__file__).parent.parent / "docs" / "screenshots"


def show(rooms: Sequence[Room], num_columns: int) -> None:
    """Draws the cards in rows, all cards of a row equally high."""
    for start in range(0, len(rooms), num_columns):
        columns = st.columns(num_columns, gap="small")
        for room, column in zip(rooms[start : start + num_columns], columns, strict=False):
            with column, st.container(border=True, height="stretch", gap="xsmall"):
                _show(room)


def _show(room: Room) -> None:
    picture = PICTURES / f"{room.story}-card{'-dark' if theme.is_dark() else ''}.png"
    if picture.is_file():
        st.image(str(picture), alt=t("The page {title} at work", title=t(room.title)))
    st.page_link(room.path, label=f"**{t(room.title)}**", icon=room.icon)
    story.show(room.story, "home")
