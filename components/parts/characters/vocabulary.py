"""How large a vocabulary is: words against characters, as a text grows."""

import functools

import numpy as np
import streamlit as st

from components.figures import charts, theme
from components.figures.drawing import show_figure
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.text.word_tables import vocabulary_growth

LANGUAGES = {"fi": "Finnish", "tr": "Turkish", "en": "English"}
NUM_TOKENS = 200_000


def show(_: Snapshot, experiment: Experiment, key: str) -> None:
    """Different words and different characters in three languages, and what their vectors cost."""
    curves = {name: _grown(code) for code, name in LANGUAGES.items()}
    show_figure(
        charts.make_growth(curves, theme.colours()),
        key=f"{key}_growth",
        alt=t("Different words and characters against the length of a text, in three languages."),
    )
    words, characters = (int(curves["Finnish"][i][-1]) for i in (1, 2))
    dim = experiment.config.char_embedding_dim
    word_dim = experiment.config.word_embedding_dim
    st.caption(
        t(
            "After {num_tokens:,} Finnish words: {words:,} different words × "
            "{word_dim} numbers = {value:,} parameters; {characters:,} characters × "
            "{dim} = {value2:,}. The words have {times:,} times as many parameters.",
            num_tokens=NUM_TOKENS,
            words=words,
            word_dim=word_dim,
            value=words * word_dim,
            characters=characters,
            dim=dim,
            value2=characters * dim,
            times=round(words * word_dim / (characters * dim)),
        )
    )


@functools.lru_cache
def _grown(language: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return vocabulary_growth(language, NUM_TOKENS)
