"""The plain autoencoder: a network that copies digits through a bottleneck, while you watch."""

import streamlit as st

from components import controls, run_panel, session, stage, story
from components.errors import plain
from core.configs import StackedConfig
from core.experiments import Experiment
from core.jobs import Snapshot

KEY = "stacked"
KNOBS = (
    ("dataset",),
    ("latent_dim",),
    ("learning_rate",),
    ("hidden_units", "activation"),
    ("reconstruction_loss", "optimizer"),
    ("batch_size", "seed"),
)

with st.container(key="layout"):
    left, right = st.columns([1, 2.4], gap="medium")
with left:
    panel = st.container(key=f"{KEY}_panel")
    experiment = controls.show(StackedConfig, KNOBS, KEY)
with right:
    story.show("autoencoder", "lead")
    for notice in session.notices(KEY):
        st.warning(f"Ignored from the link: {plain(notice)}", icon=":material/link_off:")
    stage_place = st.container()


def draw(snapshot: Snapshot, experiment: Experiment) -> None:
    """The stage, drawn anew at every look at the job."""
    stage.show_numbers(snapshot, experiment)
    stage.show_strip(snapshot, experiment)
    stage.show_curve(snapshot, experiment, KEY)


with panel:
    run_panel.show(experiment, KEY, ("reconstructions",))
with stage_place:
    run_panel.watch(KEY, draw)
with st.container():
    for heading, column in zip(
        ("look for", "why", "try"), st.columns(3, gap="medium"), strict=True
    ):
        with column:
            story.show("autoencoder", heading)
