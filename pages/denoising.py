"""The denoising autoencoder: digits are ruined and come back, while the visitor turns the noise."""

import streamlit as st

from components import (
    controls,
    delivery,
    denoising,
    frame,
    keep,
    own_images,
    run_panel,
)
from components.denoising import cockpit, testing
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
    delivery.fragment(keep.show)(KEY)
with right:
    frame.introduce(DENOISING, "denoising", KEY, denoising.STAGE.views_of)
    testing.show(KEY)
    run_panel.watch(KEY, cockpit.show)
    denoising.STAGE.choose(KEY)
    run_panel.watch(KEY, denoising.STAGE.show)
frame.explain("denoising")
