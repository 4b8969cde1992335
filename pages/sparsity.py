"""The sparse autoencoder: many units, few of them speaking, while the visitor turns the price."""

import streamlit as st

from components import frame
from components.knobs import controls
from components.parts import sparsity
from components.parts.sparsity import cockpit
from components.runs import own_images, run_export, run_panel
from components.streamlit_adapter import flush
from core.configs import SparseConfig
from core.presets import SPARSITY

KEY = "sparse"
KNOBS = (
    ("dataset",),
    ("l1",),
    ("sparsity_target",),
    ("sparsity_weight",),
    ("learning_rate",),
    ("latent_dim", "hidden_units"),
    ("batch_size", "seed"),
)

left, right = frame.columns()
with left:
    panel = st.container(key=f"{KEY}_panel")
    experiment = controls.show(SparseConfig, KNOBS, KEY)
    own_images.show(experiment, KEY)
with panel:
    run_panel.show(experiment, KEY, sparsity.STAGE.views(KEY))
    flush.fragment(run_export.show)(KEY)
with right:
    frame.introduce(SPARSITY, "sparsity", KEY, sparsity.STAGE.views_of)
    run_panel.watch(KEY, cockpit.show_numbers)
    sparsity.STAGE.choose(KEY)
    run_panel.watch(KEY, sparsity.STAGE.show)
frame.explain("sparsity")
