"""What the denoising page shows under its strip and its table, one part at a time; most parts ask
the model themselves.
"""

from components.knobs.switch import Part, Stage
from components.parts.autoencoder import network
from components.parts.denoising import (
    cockpit,
    curves,
    draw,
    filters,
    gallery,
    kinds,
    matrix,
    plain,
    testing,
)
from components.runs import kit
from components.runs.page import RunPage
from core.configs import DenoisingConfig
from core.presets import DENOISING, FIRST
from core.queries.questions import LayerOutputs

STAGE = Stage(
    {
        "draw": Part("Draw", draw.show),
        "loss": Part("Loss", curves.show),
        "matrix": Part("Noise × noise", matrix.show),
        "filters": Part("Filters", filters.show),
        "gallery": Part("Gallery", gallery.show),
        "kinds": Part("Kinds of noise", kinds.show),
        "network": Part("Network", network.show, (LayerOutputs(),)),
        **kit.OF_IMAGES,
    },
    always_beside=plain.beside,
)
PAGE = RunPage(
    story="denoising",
    config=DenoisingConfig,
    knobs=(
        ("dataset", "corruption"),
        ("corruption_stddev", "corrupted_fraction"),
        ("learning_rate",),
        ("latent_dim", "hidden_units"),
        ("batch_size", "seed"),
    ),
    presets=DENOISING,
    stage=STAGE,
    first=FIRST["denoising"],
    summary=cockpit.show,
    choose=testing.show,
)
