"""The variational autoencoder: a walk through the latent space of the model that trains here."""

import streamlit as st

from components import controls, delivery, frame, keep, latent_space, own_images, run_panel
from components.latent_space import cockpit
from core.configs import VariationalConfig
from core.presets import VARIATIONAL

KEY = "variational"
KNOBS = (
    ("dataset",),
    ("beta",),
    ("latent_dim",),
    ("learning_rate",),
    ("hidden_units", "reconstruction_loss"),
    ("batch_size", "seed"),
)

left, right = frame.columns()
with left:
    panel = st.container(key=f"{KEY}_panel")
    experiment = controls.show(VariationalConfig, KNOBS, KEY, VARIATIONAL["map"].experiment)
    own_images.show(experiment, KEY)
with panel:
    run_panel.show(experiment, KEY, latent_space.STAGE.views(KEY))
    delivery.fragment(keep.show)(KEY)
with right:
    frame.introduce(VARIATIONAL, "variational", KEY, latent_space.STAGE.views_of)
    run_panel.watch(KEY, cockpit.show)
    latent_space.STAGE.choose(KEY)
    run_panel.watch(KEY, latent_space.STAGE.show)
frame.explain("variational")
