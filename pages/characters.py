"""Character models: type a word, see it read letter by letter, and break it."""

import streamlit as st

from components import controls, own_texts, presets, reading, run_panel, session, story
from components.errors import plain
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

with st.container(key="layout"):
    left, right = st.columns([1, 2.4], gap="medium")
with left:
    panel = st.container(key=f"{KEY}_panel")
    experiment = controls.show(CharacterConfig, KNOBS, KEY)
    own_texts.show(KEY)
with panel:
    run_panel.show(experiment, KEY, reading.no_views(KEY))
with right:
    preset = presets.show(CHARACTERS, "characters", KEY, reading.no_views)
    story.show("characters", f"{preset}: look for" if preset else "lead")
    for notice in session.notices(KEY):
        st.warning(f"Ignored from the link: {plain(notice)}", icon=":material/link_off:")
    run_panel.watch(KEY, reading.show)
with st.container():
    for heading, column in zip(("formula", "why", "try"), st.columns(3, gap="medium"), strict=True):
        with column:
            story.show("characters", heading)
