"""Boxes to type in. Of a text that is longer than a box takes, the first part is read, and said so.

Streamlit's own limit (`max_chars`) lets the browser drop a longer paste without a word. Here the
server cuts the text when the box is drawn, so that no session and no address holds more of it.
"""

from typing import Any

import streamlit as st

from components.streamlit_adapter import session
from components.words.language import t


def line(label: str, value: str = "", *, most: int, key: str, **options: Any) -> str:
    """Draws a box of one line and returns at most the first `most` characters of what is in it.

    A callback of the box sees the text before it is cut. options: as of `st.text_input`.
    """
    _cut(key, most)
    return _read(st.text_input(label, value, key=key, **options), most, key)


def area(label: str, value: str = "", *, most: int, key: str, **options: Any) -> str:
    """The same with a box of many lines. options: as of `st.text_area`."""
    _cut(key, most)
    return _read(st.text_area(label, value, key=key, **options), most, key)


def _cut(key: str, most: int) -> None:
    """Leaves in the box what is read of it, and remembers how long the text was."""
    text = session.widget_value(key, None) or ""
    if len(text) > most:
        session.keep_cut(key, text[:most], len(text))
        session.set_widget(key, text[:most])


def _read(text: str | None, most: int, key: str) -> str:
    """The part that is read, with a sentence where it is not all that came. A text of an address
    comes uncut when its box is drawn first.
    """
    text = text or ""
    cut, length = session.cut(key)
    if text != cut:
        length = len(text)
    if length > most:
        st.caption(
            t(
                "The first {most:,} of {length:,} characters are read.",
                most=most,
                length=length,
            )
        )
    return text[:most]
