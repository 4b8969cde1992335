"""The text that the visitor types, and the typos that come into it."""

import streamlit as st

from components.knobs import boxes, controls
from components.streamlit_adapter import session
from components.words.language import t
from core.experiments import Experiment
from core.message import Message
from core.text.typos import KINDS, add_typos_to_text

MAX_TEXT = 2_000
MOST_TYPOS = 4
EXAMPLES = {"language": "taloissammekin", "entity": "Helsinki", "snippet": "the house on the hill"}
OTHERWISE = "machine learning"
LABELS = {
    "swap": (
        Message("Swap"),
        Message("Two neighbouring characters of the longest word change places."),
    ),
    "drop": (Message("Drop"), Message("One character of the longest word is left out.")),
    "double": (Message("Double"), Message("One character of the longest word appears twice.")),
    "neighbour": (
        Message("Wrong key"),
        Message("A character becomes one next to it on the keyboard."),
    ),
}


def show(experiment: Experiment, key: str) -> str:
    """Draws the box, and the ways to break what is in it; returns what the models are to read."""
    if session.leader(key) != key:
        return text(experiment, key)
    box = _box(experiment, key)
    example = EXAMPLES.get(experiment.dataset, OTHERWISE)
    left, right = st.columns([2.4, 1], gap="medium")
    with left:
        boxes.line(
            t("Type a word, or add a typo"),
            example,
            most=MAX_TEXT,
            key=box,
            live=True,
            bind="query-params",
            help=t(
                "Both models answer whenever you stop typing. Try a word they cannot "
                "know, then swap two of its characters."
            ),
        )
    with right:
        controls.slide(
            t("Typos on the way"),
            range(MOST_TYPOS + 1),
            f"{key}_typos",
            t(
                "The models read your text with so many typos: see the characters "
                "change below, and which of the two models stays right for longer. The "
                "box keeps what you typed."
            ),
        )
    with st.container(horizontal=True, gap="small", key=f"{key}_breaks"):
        for kind, (label, help_text) in LABELS.items():
            st.button(
                t(label),
                key=f"{key}_typo_{kind}",
                type="tertiary",
                on_click=_break,
                args=(kind, box, example),
                help=t(help_text),
            )
    return text(experiment, key)


def text(experiment: Experiment, key: str) -> str:
    """What the models are to read: what was typed, with as many typos as the slider says."""
    example = EXAMPLES.get(experiment.dataset, OTHERWISE)
    found = session.widget_value(_box(experiment, key), example)[:MAX_TEXT]
    return add_typos_to_text(found, KINDS, session.widget_value(f"{session.leader(key)}_typos", 0))[
        :MAX_TEXT
    ]


def _break(kind: str, box: str, example: str) -> None:
    """Puts a typo into the text of the box, another one at each press."""
    found = session.widget_value(box, example)
    session.set_widget(box, add_typos_to_text(found, (kind,))[:MAX_TEXT])


def _box(experiment: Experiment, key: str) -> str:
    """One box a task, so that each keeps what was typed."""
    return f"{session.leader(key)}_text_{experiment.dataset}"
