"""The denoising autoencoder: digits are ruined and come back, while the visitor turns the noise."""

import streamlit as st

from components import frame
from components.knobs import controls
from components.parts import denoising
from components.parts.denoising import cockpit, testing
from components.runs import own_images, run_export, run_panel
from components.streamlit_adapter import flush
from core.configs import DenoisingConfig
from core.presets import DENOISING

KEY = "denoising"
KNOBS = (
    ("dataset", "corruption"),
    ("corruption_stddev", "corrupted_fraction"),
    ("learning_rate",),
    ("latent_dim", "hidden_units"),
    ("batch_size", "seed"),
)

left, right = frame.columns()
with left:
    panel = st.container(key=f"{KEY}_panel")
    experiment = controls.show(DenoisingConfig, KNOBS, KEY, DENOISING["gaussian"].experiment)
    own_images.show(experiment, KEY)
with panel:
    run_panel.show(experiment, KEY, denoising.STAGE.views(KEY))
    flush.fragment(run_export.show)(KEY)
with right:
    frame.introduce(DENOISING, "denoising", KEY, denoising.STAGE.views_of)
    testing.show(KEY)
    run_panel.watch(KEY, cockpit.show)
    denoising.STAGE.choose(KEY)
    run_panel.watch(KEY, denoising.STAGE.show)
frame.explain("denoising")
