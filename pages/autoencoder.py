"""The plain autoencoder: a network that copies digits through a bottleneck, while you watch."""

import streamlit as st

from components import (
    controls,
    delivery,
    formula,
    frame,
    keep,
    lenses,
    own_images,
    run_panel,
    stage,
    story,
)
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
    run_panel.show(experiment, KEY, lenses.views(KEY))
    delivery.fragment(keep.show)(KEY)
with right:
    preset = frame.introduce(AUTOENCODER, "autoencoder", KEY, lenses.views_of)
    run_panel.watch(KEY, stage.show_summary)
    lenses.choose(KEY)
    run_panel.watch(KEY, lenses.show)
with st.container():
    first, *others = st.columns([1.2, 1, 1], gap="medium")
    with first:
        story.show("autoencoder", f"{preset or 'stacked'}: formula")
        run_panel.watch(KEY, formula.show)
    for heading, column in zip(("why", "try"), others, strict=True):
        with column:
            story.show("autoencoder", heading)
