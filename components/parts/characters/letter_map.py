"""The vectors of the characters as a map."""

import streamlit as st

from components.figures import charts, theme
from components.figures.drawing import show_figure
from components.runs import moments, stage
from components.words.language import t
from core.characters.questions import CharacterMap
from core.engine.state import Snapshot
from core.experiments import Experiment

VOWELS = "aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿāēīōūăıőű"


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Where each character's vector lies along their two main directions."""
    job = moments.shown(key)
    if experiment.config.inputs == "word":
        st.info(
            t("This model reads words: it has no vectors of characters."), icon=":material/abc:"
        )
        return
    answer = job.ask(CharacterMap()) if job and snapshot.phase != "failed" else None
    if answer is None:
        stage.show_waiting(t("Every character will be a point here; watch vowels find each other."))
        return
    groups = [_group(character) for character in answer.characters]
    show_figure(
        charts.make_letter_map(answer.characters, answer.positions, groups, theme.colours()),
        key=f"{key}_letters",
        alt=t("Every character at the place of its vector."),
    )


def _group(character: str) -> str:
    if character in VOWELS:
        return "vowels"
    return "consonants" if character.isalpha() else "other signs"
