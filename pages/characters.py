"""Character models: type a word, see it read letter by letter, and break it."""

import streamlit as st

from components import frame
from components.knobs import controls
from components.parts import characters
from components.runs import own_texts, run_panel
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
    run_panel.show(experiment, KEY, characters.no_views(KEY))
with right:
    frame.introduce(CHARACTERS, "characters", KEY, characters.no_views)
    run_panel.watch(KEY, characters.show)
frame.explain("characters")
