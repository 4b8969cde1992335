"""The plain autoencoder: a network that copies digits through a bottleneck, while you watch."""

import streamlit as st

from components import frame
from components.figures import formula
from components.knobs import controls
from components.parts import autoencoder
from components.runs import own_images, run_export, run_panel, stage
from components.streamlit_adapter import flush
from components.words import story
from core.configs import StackedConfig
from core.presets import AUTOENCODER

KEY = "stacked"
KNOBS = (
    ("dataset",),
    ("latent_dim",),
    ("learning_rate",),
    ("hidden_units", "activation"),
    ("reconstruction_loss", "optimizer"),
    ("batch_size", "seed"),
)

left, right = frame.columns()
with left:
    panel = st.container(key=f"{KEY}_panel")
    experiment = controls.show(StackedConfig, KNOBS, KEY)
    own_images.show(experiment, KEY)
with panel:
    run_panel.show(experiment, KEY, autoencoder.views(KEY))
    flush.fragment(run_export.show)(KEY)
with right:
    preset = frame.introduce(AUTOENCODER, "autoencoder", KEY, autoencoder.views_of)
    run_panel.watch(KEY, stage.show_summary)
    autoencoder.choose(KEY)
    run_panel.watch(KEY, autoencoder.show)
with st.container():
    first, *others = st.columns([1.2, 1, 1], gap="medium")
    with first:
        story.show("autoencoder", f"{preset or 'stacked'}: formula")
        run_panel.watch(KEY, formula.show)
    for heading, column in zip(("why", "try"), others, strict=True):
        with column:
            story.show("autoencoder", heading)
