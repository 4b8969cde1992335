"""Character models: type a word, see it read letter by letter, and break it."""

import streamlit as st

from components import controls, frame, own_texts, reading, run_panel
from core.configs import CharacterConfig
from core.presets import CHARACTERS

KEY = "character"
KNOBS = (
    ("dataset",),
    ("inputs", "architecture"),
    ("typo_rate",),
    ("learning_rate",),
    ("char_embedding_dim", "kernel_sizes"),
    ("batch_size", "seed"),
)

left, right = frame.columns()
with left:
    panel = st.container(key=f"{KEY}_panel")
    experiment = controls.show(CharacterConfig, KNOBS, KEY)
    own_texts.show(experiment, KEY)
with panel:
    run_panel.show(experiment, KEY, reading.no_views(KEY))
with right:
    frame.introduce(CHARACTERS, "characters", KEY, reading.no_views)
    run_panel.watch(KEY, reading.show)
frame.explain("characters")
