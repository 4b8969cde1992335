"""Ways to look at an autoencoder while it trains, of which one at a time is on the stage.

A module here draws one of them: `show(snapshot, experiment, key)`.
"""

import streamlit as st

from components.figures import formula
from components.knobs.switch import Part, Stage
from components.parts.autoencoder import network, noise, numbers, pca, size
from components.runs import kit, own_run, stage
from components.runs.page import RunPage
from components.words import story
from core.configs import StackedConfig
from core.experiments import Experiment
from core.presets import AUTOENCODER
from core.queries.questions import LayerOutputs, LossFloor, Pca, PureNoise, Reconstructions
from core.question import Views


def _views_of_loss(experiment: Experiment) -> Views:
    return (LossFloor(),) if experiment.config.reconstruction_loss == "bce" else ()


def _explain(preset: str) -> None:
    """The formula of this very network beside the words."""
    with st.container():
        first, *others = st.columns([1.2, 1, 1], gap="medium")
        with first:
            story.show("autoencoder", f"{preset or 'stacked'}: formula")
            own_run.watch(StackedConfig.family, formula.show)
        for heading, column in zip(("why", "try"), others, strict=True):
            with column:
                story.show("autoencoder", heading)


STAGE = Stage(
    {
        "loss": Part("Loss", stage.show_curve, _views_of_loss),
        "size": Part("Error by size", size.show, (Pca(),)),
        "pca": Part("Angles to PCA", pca.show, (Pca(),)),
        "noise": Part("Pure noise", noise.show, (PureNoise(),)),
        "network": Part("Network", network.show, (LayerOutputs(),)),
        "numbers": Part("Own numbers", numbers.show, numbers.views),
        **kit.OF_IMAGES,
    },
    always=(Reconstructions(),),
)
PAGE = RunPage(
    story="autoencoder",
    config=StackedConfig,
    knobs=(
        ("dataset",),
        ("latent_dim",),
        ("learning_rate",),
        ("hidden_units", "activation"),
        ("reconstruction_loss", "optimizer"),
        ("batch_size", "seed"),
    ),
    presets=AUTOENCODER,
    stage=STAGE,
    explain=_explain,
)
