"""What the page of the sparse autoencoder shows under its strip, one part at a time."""

from components.knobs.switch import Part, Stage
from components.parts.autoencoder import noise
from components.parts.sparsity import cockpit, frontier, penalties, side_by_side, units
from components.runs import kit, stage
from components.runs.page import RunPage
from core.configs import SparseConfig
from core.presets import SPARSITY
from core.queries.questions import Activations, Decoder, PureNoise, Reconstructions, Units

STAGE = Stage(
    {
        "cockpit": Part("Activations", cockpit.show),
        "penalty": Part("Penalty", penalties.show),
        "penalties": Part("L1, KL, none", side_by_side.show),
        "frontier": Part("Frontier", frontier.show),
        "units": Part("What a unit looks for", units.show, (Units(), Decoder())),
        "loss": Part("Loss", stage.show_curve),
        "noise": Part("Pure noise", noise.show, (PureNoise(),)),
        **kit.OF_IMAGES,
    },
    always=(Reconstructions(), Activations()),
)
PAGE = RunPage(
    story="sparsity",
    config=SparseConfig,
    knobs=(
        ("dataset",),
        ("l1",),
        ("sparsity_target",),
        ("sparsity_weight",),
        ("learning_rate",),
        ("latent_dim", "hidden_units"),
        ("batch_size", "seed"),
    ),
    presets=SPARSITY,
    stage=STAGE,
    summary=cockpit.show_numbers,
)
