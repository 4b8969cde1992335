"""What the page of the variational autoencoder shows of its latent space, one part at a time."""

from components.knobs.switch import Part, Stage
from components.parts.variational import (
    cockpit,
    generate,
    inside,
    latent_map,
    terms,
    trade_off,
    walk,
)
from components.runs import kit
from components.runs.page import RunPage
from core.configs import VariationalConfig
from core.presets import FIRST, VARIATIONAL
from core.queries.questions import Clouds, Decoder, Reconstructions

STAGE = Stage(
    {
        "map": Part("Latent map", latent_map.show, (Clouds(), Decoder())),
        "walk": Part("Interpolate", walk.show, (Decoder(),), walk.plain),
        "generate": Part("Generate", generate.show),
        "inside": Part("Inside one digit", inside.show, (Clouds(), Decoder())),
        "trade_off": Part("Trade-off", trade_off.show, (Reconstructions(),)),
        "terms": Part("Latent loss", terms.show),
        **kit.OF_IMAGES,
    }
)
PAGE = RunPage(
    story="variational",
    config=VariationalConfig,
    knobs=(
        ("dataset",),
        ("beta",),
        ("latent_dim",),
        ("learning_rate",),
        ("hidden_units", "reconstruction_loss"),
        ("batch_size", "seed"),
    ),
    presets=VARIATIONAL,
    stage=STAGE,
    first=FIRST["variational"],
    summary=cockpit.show,
)
