"""The switch between the parts of a stage, of which one at a time is drawn."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import link, session


def choose(parts: Mapping[str, Any], key: str) -> None:
    """Draws the switch. parts: by name, the first one unless the link names another; each has a
    `label`.
    """
    st.segmented_control(
        "Look at",
        list(parts),
        default=current(parts, key),
        format_func=lambda name: parts[name].label,
        key=f"{key}_lens",
        label_visibility="collapsed",
    )


def current(parts: Mapping[str, Any], key: str) -> str:
    """The part that is chosen, else the one that the link names, else the first."""
    first, named = next(iter(parts)), link.lens_in(key)
    chosen = session.widget_value(f"{key}_lens", named if named in parts else first)
    return chosen if chosen in parts else first
