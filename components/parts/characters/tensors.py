"""Every tensor on the way of the typed text, as numbers and colours."""

import streamlit as st

from components.figures import heat_maps, letters, theme
from components.figures.drawing import show_figure
from components.parts.characters import typed
from components.runs import moments, stage
from components.words.language import t
from core.characters.questions import Tensors
from core.engine.state import Snapshot
from core.experiments import Experiment


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """From ids to the answer: a heat map a tensor, with its shape."""
    job = moments.shown(key)
    answer = (
        job.ask(Tensors(typed.text(experiment, key)))
        if job and snapshot.phase != "failed"
        else None
    )
    if answer is None:
        stage.show_waiting(t("Every tensor between your text and the answer will appear here."))
        return
    if answer.matrix is not None:
        st.markdown(_vocabulary(answer.num_characters, answer.matrix))
    characters = [letters.shown(character) for character in answer.characters]
    show_figure(
        heat_maps.make(answer.tensors, characters, theme.colours()),
        key=f"{key}_tensors",
        alt=t("Heat maps of all tensors between the typed text and the answer: ")
        + ", ".join(f"{name} {list(values.shape)}" for name, values in answer.tensors),
    )


def _vocabulary(num_characters: int, matrix: tuple[int, int]) -> str:
    """How many ids there are, and the matrix from which their vectors are read."""
    num_ids, size = matrix
    if num_ids == num_characters + 1:
        ids = t("{count:,} characters + 1 for padding", count=num_characters)
    else:
        ids = t("{count:,} characters + 1 for padding + 1 for all others", count=num_characters)
    return t(
        "Vocabulary size: {ids} = **{num_ids:,}**. The embedding matrix has a row for each: "
        "**[{num_ids:,}, {size}]**.",
        ids=ids,
        num_ids=num_ids,
        size=size,
    )
