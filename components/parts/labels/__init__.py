"""What the page of few labels shows under its two phases, one part at a time."""

from components.knobs.switch import Part, Stage
from components.parts.labels import (
    buy,
    curves,
    kinds,
    learning,
    mistakes,
    panel,
    phases,
    stage,
    vote,
)
from components.runs import kit
from components.runs.page import ChainedPage
from core.configs.labels import LabelConfig
from core.presets import LABELS
from core.pretraining.experiment import LabelExperiment

STAGE = Stage(
    {
        "learning": Part("Phase 2 live", learning.show),
        "curves": Part("Accuracy by labels", curves.show),
        "mistakes": Part("Mistakes", mistakes.show),
        "vote": Part("Let them vote", vote.show),
        "buy": Part("Buy labels", buy.show, beside=buy.maps),
        "kinds": Part("Best encoder for pretraining", kinds.show, beside=kinds.runs),
        **kit.PARTS,
    }
)
PAGE = ChainedPage(
    story="labels",
    config=LabelConfig,
    settings=LabelExperiment,
    knobs=(
        ("num_labels",),
        ("source",),
        ("dataset",),
        ("learning_rate",),
        ("balanced", "seed"),
    ),
    presets=LABELS,
    stage=STAGE,
    first=LABELS["few"].experiment,
    offer=phases.offer,
    begin=panel.begin,
    show=stage.show,
    panel=panel.PANEL,
)
