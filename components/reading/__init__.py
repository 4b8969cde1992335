"""What the page of character models shows, of which one part at a time is under the typed text."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from components import run_panel, session
from components.reading import break_it, curves, letter_map, vocabulary
from core.experiments import Experiment
from core.progress import Snapshot

DEFAULT = "curves"


class Part(NamedTuple):
    """A word for the switch, and what draws it."""

    label: str
    show: run_panel.Draw


PARTS: dict[str, Part] = {
    "curves": Part("Accuracy", curves.show),
    "break_it": Part("Break it", break_it.show),
    "letter_map": Part("Character map", letter_map.show),
    "vocabulary": Part("Vocabulary", vocabulary.show),
}


def choose(key: str) -> None:
    """Draws the switch between the parts."""
    st.segmented_control(
        "Look at",
        list(PARTS),
        default=session.widget_value(f"{key}_lens", DEFAULT),
        format_func=lambda name: PARTS[name].label,
        key=f"{key}_lens",
        label_visibility="collapsed",
    )


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Draws the part that is chosen."""
    name = session.widget_value(f"{key}_lens", DEFAULT)
    PARTS.get(name, PARTS[DEFAULT]).show(snapshot, experiment, key)


def no_views(_: str) -> Callable[[Experiment], tuple[str, ...]]:
    """These parts ask the model themselves."""
    return lambda _: ()
