"""The variational autoencoder: a walk through the latent space of the model that trains here."""

import streamlit as st

from components import frame
from components.knobs import controls
from components.parts import variational
from components.parts.variational import cockpit
from components.runs import own_images, run_export, run_panel
from components.streamlit_adapter import flush
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
    run_panel.show(experiment, KEY, variational.STAGE.views(KEY))
    flush.fragment(run_export.show)(KEY)
with right:
    frame.introduce(VARIATIONAL, "variational", KEY, variational.STAGE.views_of)
    run_panel.watch(KEY, cockpit.show)
    variational.STAGE.choose(KEY)
    run_panel.watch(KEY, variational.STAGE.show)
frame.explain("variational")
