"""The speller: a correction model that is trained in front of the visitor."""

import streamlit as st

from components import frame
from components.knobs import controls
from components.parts import characters, spelling
from components.parts.spelling import correct
from components.runs import run_panel
from components.streamlit_adapter import session
from core.configs import SpellerConfig
from core.presets import SPELLING

KEY = "speller"
KNOBS = (("dataset",), ("num_words",), ("learning_rate",), ("seed",))

left, right = frame.columns()
with left:
    panel = st.container(key=f"{KEY}_panel")
    experiment = controls.show(SpellerConfig, KNOBS, KEY)
with panel:
    run_panel.show(experiment, KEY, characters.no_views(KEY))
with right:
    frame.introduce(SPELLING, "spelling", KEY, characters.no_views)
    job = session.job(KEY)
    correct.ask_for_text(job.experiment.dataset if job else "en", KEY)
    run_panel.watch(KEY, correct.show)
    spelling.STAGE.choose(KEY)
    run_panel.watch(KEY, spelling.STAGE.show)
frame.explain("spelling")
