"""The sparse autoencoder: many units, few of them speaking, while the visitor turns the price."""

import streamlit as st

from components import controls, presets, run_panel, session, sparsity, story, switch
from components.errors import plain
from components.sparsity import cockpit
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

with st.container(key="layout"):
    left, right = st.columns([1, 2.4], gap="medium")
with left:
    panel = st.container(key=f"{KEY}_panel")
    experiment = controls.show(SparseConfig, KNOBS, KEY)
with panel:
    run_panel.show(experiment, KEY, sparsity.views(KEY))
with right:
    preset = presets.show(SPARSITY, "sparsity", KEY, sparsity.views_of)
    story.show("sparsity", f"{preset}: look for" if preset else "lead")
    for notice in session.notices(KEY):
        st.warning(f"Ignored from the link: {plain(notice)}", icon=":material/link_off:")
    run_panel.watch(KEY, cockpit.show_numbers)
    switch.choose(sparsity.PARTS, KEY)
    run_panel.watch(KEY, sparsity.show)
with st.container():
    for heading, column in zip(("formula", "why", "try"), st.columns(3, gap="medium"), strict=True):
        with column:
            story.show("sparsity", heading)
