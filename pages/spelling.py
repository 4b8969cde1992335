"""The speller: a correction model that is trained in front of the visitor."""

import streamlit as st

from components import controls, presets, reading, run_panel, session, spelling, story
from components.errors import plain
from components.spelling import correct
from core.configs import SpellerConfig
from core.presets import SPELLING

KEY = "speller"
KNOBS = (("dataset",), ("num_words",), ("learning_rate",), ("seed",))

with st.container(key="layout"):
    left, right = st.columns([1, 2.4], gap="medium")
with left:
    panel = st.container(key=f"{KEY}_panel")
    experiment = controls.show(SpellerConfig, KNOBS, KEY)
with panel:
    run_panel.show(experiment, KEY, reading.no_views(KEY))
with right:
    preset = presets.show(SPELLING, "spelling", KEY, reading.no_views)
    story.show("spelling", f"{preset}: look for" if preset else "lead")
    for notice in session.notices(KEY):
        st.warning(f"Ignored from the link: {plain(notice)}", icon=":material/link_off:")
    job = session.job(KEY)
    correct.ask_for_text(job.experiment.dataset if job else "en", KEY)
    run_panel.watch(KEY, correct.show)
    spelling.choose(KEY)
    run_panel.watch(KEY, spelling.show)
with st.container():
    for heading, column in zip(("formula", "why", "try"), st.columns(3, gap="medium"), strict=True):
        with column:
            story.show("spelling", heading)
