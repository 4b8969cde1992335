"""The catalogue of knobs: one frozen dataclass a family. Imports no TensorFlow."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from core import knobs
from core.configs.characters import CharacterConfig as CharacterConfig
from core.configs.characters import SpellerConfig as SpellerConfig
from core.knobs import LiveKnobs, param, redeclare

ACTIVATIONS = ("relu", "selu", "tanh", "sigmoid", "linear")
MAX_WIDTH = 4096
MAX_PARAMETERS = 20_000_000
MAX_SEED = 2_000_000
Corruption = tuple[str, float]
"""A kind of noise and its level."""


@dataclass(frozen=True, kw_only=True)
class AutoencoderConfig(LiveKnobs):
    """What autoencoders share: two stacks of dense layers, a reconstruction loss, an optimizer."""

    family: ClassVar[str]

    hidden_units: tuple[int, ...] = param(
        (100,),
        label="Hidden layers",
        help="Widths of the encoder's layers between input and bottleneck, such as 500-250, or "
        "none. "
        "More layers bend the map from image to code; you see sharper digits, later.",
        limits=(1, MAX_WIDTH),
        stops=((), (100,), (256,), (256, 64), (400, 100), (500, 250)),
        words={(): "none"},
    )
    latent_dim: int = param(
        30,
        label="Bottleneck size",
        help="How many numbers each image is squeezed into. Small: blurred digits that look alike. "
        "Large: faithful copies.",
        limits=(1, MAX_WIDTH),
        stops=(1, 2, 3, 5, 10, 20, 30, 50, 64, 100, 128, 256, 300, 512, 784, 1000),
    )
    activation: str = param(
        "relu",
        label="Activation",
        help="The bend (nonlinearity) in every hidden layer. With linear there is none: the "
        "network can do no more than PCA.",
        options=ACTIVATIONS,
        active_when=lambda config: bool(config.hidden_units or config.decoder_hidden_units),
    )
    latent_activation: str = param(
        "linear",
        label="Code activation",
        help="The bend in the bottleneck itself. With relu some codes die: they stay 0 for every "
        "image.",
        options=ACTIVATIONS,
    )
    output_activation: str = param(
        "sigmoid",
        label="Output activation",
        help="Sigmoid keeps every pixel between 0 and 1. Linear may leave that range: faint grey "
        "haze round the digits.",
        options=("sigmoid", "linear"),
    )
    reconstruction_loss: str = param(
        "mse",
        label="Loss",
        help="What counts as an error of a pixel: its squared difference, or the binary "
        "cross-entropy, "
        "which never reaches 0 on grey pixels (its floor is drawn as a line).",
        options=("mse", "bce"),
        words={"mse": "mean squared error", "bce": "binary cross-entropy"},
    )
    tied_weights: bool = param(
        False,
        label="Tied weights",
        help="The decoder uses the encoder's weights, transposed: half the parameters.",
        options=(False, True),
    )
    decoder_hidden_units: tuple[int, ...] | None = param(
        None,
        label="Decoder layers",
        help="Widths of the decoder's layers, such as 100-500. Mirror: the encoder's, in reverse.",
        limits=(1, MAX_WIDTH),
        stops=(None, (), (100,), (256,), (64, 256), (100, 400)),
        words={None: "mirror", (): "none"},
    )
    optimizer: str = param(
        "adam",
        label="Optimizer",
        help="How a gradient becomes a step. Plain sgd at the same learning rate crawls: the "
        "curve stays flat.",
        options=("adam", "nadam", "rmsprop", "sgd"),
        words={"adam": "Adam", "nadam": "Nadam", "rmsprop": "RMSprop", "sgd": "SGD"},
    )
    learning_rate: float = param(
        1e-3,
        label="Learning rate",
        help="Length of a step. Acts on the running model: too large and the curve jumps up, too "
        "small and it flattens.",
        limits=(1e-6, 10.0),
        stops=(1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 5e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0),
        live=True,
    )
    learning_rate_decay: str = param(
        "constant",
        label="Learning rate schedule",
        help="Cosine: the learning rate glides to 0 at the last epoch, which smooths the end of "
        "the curve.",
        options=("constant", "cosine"),
    )
    weight_decay: float = param(
        0.0,
        label="Weight decay",
        help="Pulls every weight towards 0 at each step (decoupled, as in AdamW). Too much: grey "
        "digits.",
        limits=(0.0, 1.0),
        stops=(0.0, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1),
    )
    batch_size: int = param(
        32,
        label="Batch size",
        help="Images in one update. Small batches: more updates an epoch, so fewer epochs to a "
        "sharp picture.",
        limits=(1, 8192),
        stops=(8, 16, 32, 64, 128, 256, 512, 1024),
    )

    def __post_init__(self) -> None:
        knobs.check(self)
        if self.reconstruction_loss == "bce" and self.output_activation != "sigmoid":
            raise ValueError(
                "Binary cross-entropy needs outputs between 0 and 1; received "
                f"output_activation={self.output_activation!r}. Choose the output activation "
                f"sigmoid, or the loss mse."
            )
        if self.tied_weights and self.decoder_hidden_units is not None:
            raise ValueError(
                "Tied weights mirror the encoder; received "
                f"decoder_hidden_units={self.decoder_hidden_units!r}. Choose mirror, or untie "
                f"the weights."
            )

    @property
    def loss_is_mean_over_rows(self) -> bool:
        """Whether the loss of a batch is the mean of the losses of its halves."""
        return True

    def decoder_widths(self) -> tuple[int, ...]:
        """Widths of the decoder's hidden layers: the mirror of the encoder's by default."""
        return (
            self.hidden_units[::-1]
            if self.decoder_hidden_units is None
            else self.decoder_hidden_units
        )


@dataclass(frozen=True, kw_only=True)
class StackedConfig(AutoencoderConfig):
    """A plain autoencoder, 784-100-30-100-784 by default."""

    family: ClassVar[str] = "stacked"


@dataclass(frozen=True, kw_only=True)
class SparseConfig(AutoencoderConfig):
    """An overcomplete coding layer in which few units speak at a time."""

    family: ClassVar[str] = "sparse"

    latent_dim: int = redeclare(AutoencoderConfig, "latent_dim", 300)
    latent_activation: str = redeclare(AutoencoderConfig, "latent_activation", "sigmoid")
    l1: float = param(
        1e-4,
        label="L1 strength λ",
        help="Price of each activation. Higher: fewer units are active, and past a point all of "
        "them die.",
        limits=(0.0, 100.0),
        stops=(0.0, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1, 1.0, 10.0),
        live=True,
    )
    sparsity_target: float = param(
        0.1,
        label="Target activation p",
        help="The mean activation that the KL penalty pulls every unit towards; the dashed line "
        "in the bars.",
        limits=(1e-4, 0.9999),
        stops=(1e-4, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5),
        live=True,
        active_when=lambda config: config.sparsity_weight > 0,
    )
    sparsity_weight: float = param(
        0.0,
        label="KL weight",
        help="How hard the KL penalty pulls. 0 switches it off.",
        limits=(0.0, 100.0),
        stops=(0.0, 1e-4, 1e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 1.0),
        live=True,
    )
    unit_norm_decoder: bool = param(
        False,
        label="Unit-norm decoder",
        help="Each unit's picture keeps length 1, so that the network cannot evade the L1 price by "
        "tiny codes and large weights.",
        options=(False, True),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.sparsity_weight > 0 and self.latent_activation != "sigmoid":
            raise ValueError(
                "The KL penalty compares mean activations between 0 and 1; received "
                f"latent_activation={self.latent_activation!r}. Choose sigmoid codes, or a KL "
                f"weight of 0."
            )

    @property
    def loss_is_mean_over_rows(self) -> bool:
        """Not with a KL penalty: it compares what is already a mean over the batch."""
        return self.latent_activation != "sigmoid"


@dataclass(frozen=True, kw_only=True)
class DenoisingConfig(AutoencoderConfig):
    """An autoencoder that sees corrupted input and must return the clean one."""

    family: ClassVar[str] = "denoising"

    corruption: str = param(
        "gaussian",
        label="Corruption",
        help="How the input is ruined. Dropout is masking whose surviving pixels are made "
        "brighter, as Keras does.",
        options=("gaussian", "masking", "dropout", "salt_and_pepper"),
        words={"salt_and_pepper": "salt and pepper"},
    )
    corruption_stddev: float = param(
        0.4,
        label="Noise level σ",
        help="Standard deviation of the gaussian noise, in units of full brightness.",
        limits=(0.0, 10.0),
        stops=(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5, 2.0),
        live=True,
        active_when=lambda config: config.corruption == "gaussian",
    )
    corrupted_fraction: float = param(
        0.5,
        label="Corrupted fraction",
        help="Share of the pixels that are lost or replaced.",
        limits=(0.0, 0.99),
        stops=(0.0, 0.1, 0.25, 0.5, 0.75, 0.9),
        live=True,
        active_when=lambda config: config.corruption != "gaussian",
    )

    @property
    def level_knob(self) -> str:
        """The name of the knob that says how much the input is ruined."""
        return "corruption_stddev" if self.corruption == "gaussian" else "corrupted_fraction"


@dataclass(frozen=True, kw_only=True)
class VariationalConfig(AutoencoderConfig):
    """An autoencoder whose codes are clouds: each image becomes a mean and a variance."""

    family: ClassVar[str] = "variational"

    latent_dim: int = redeclare(AutoencoderConfig, "latent_dim", 2)
    latent_activation: str = redeclare(
        AutoencoderConfig, "latent_activation", "linear", options=("linear",)
    )
    reconstruction_loss: str = redeclare(AutoencoderConfig, "reconstruction_loss", "bce")
    beta: float = param(
        1.0,
        label="β",
        help="Weight of the latent loss. 0: a plain autoencoder with scattered codes. Large: "
        "blur, and dead latents.",
        limits=(0.0, 1000.0),
        stops=(0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0),
        live=True,
    )


CONFIGS: dict[str, type[AutoencoderConfig]] = {
    config_class.family: config_class
    for config_class in (StackedConfig, SparseConfig, DenoisingConfig, VariationalConfig)
}


def check_seed(seed: Any) -> int:
    """The seed. Raises ValueError unless it is a whole number from 0 to 2,000,000."""
    whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
    if not whole or not 0 <= seed <= MAX_SEED:
        raise ValueError(f"seed must be a whole number from 0 to {MAX_SEED:,}; received {seed!r}.")
    return int(seed)


def seed_after(seed: int, steps: int) -> int:
    """The seed so many steps on; after the last one comes 0."""
    return (seed + steps) % (MAX_SEED + 1)


def layer_activations(config: AutoencoderConfig) -> tuple[str, ...]:
    """The activation of every dense layer, in order from the first hidden layer to the output."""
    before = (config.activation,) * len(config.hidden_units)
    after = (config.activation,) * len(config.decoder_widths())
    return (*before, config.latent_activation, *after, config.output_activation)


def is_linear(config: AutoencoderConfig) -> bool:
    """Whether the whole network is a linear map (plus a constant)."""
    return set(layer_activations(config)) == {"linear"}


def layer_sizes(config: AutoencoderConfig, input_dim: int) -> tuple[int, ...]:
    """Widths from input to output, such as (784, 100, 30, 100, 784)."""
    return (input_dim, *config.hidden_units, config.latent_dim, *config.decoder_widths(), input_dim)


def num_parameters(config: AutoencoderConfig, input_dim: int) -> int:
    """How many numbers training adjusts (weights and biases)."""
    sizes = layer_sizes(config, input_dim)
    weights = sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))
    weights //= 2 if config.tied_weights else 1
    code_layer = (sizes[len(config.hidden_units)] + 1) * config.latent_dim
    return weights + sum(sizes[1:]) + (code_layer if config.family == "variational" else 0)


def check_size(config: AutoencoderConfig, input_dim: int) -> None:
    """Refuses a network that would fill the machine, before anything is built.

    Raises:
        ValueError: A sentence with the network, its size and the limit.
    """
    count = num_parameters(config, input_dim)
    if count > MAX_PARAMETERS:
        network = "-".join(str(width) for width in layer_sizes(config, input_dim))
        raise ValueError(
            f"The network {network} has {count:,} parameters; at most {MAX_PARAMETERS:,} are "
            f"allowed. "
            "Choose narrower layers."
        )


def to_dict(config: AutoencoderConfig) -> dict[str, Any]:
    """Plain values only, "family" among them: for links, files and keys."""
    return {"family": config.family} | {
        name: getattr(config, name) for name in knobs.params(config)
    }


def from_dict(values: dict[str, Any]) -> AutoencoderConfig:
    """Inverse of `to_dict`; lists (from JSON) become tuples. Raises ValueError for impossible
    values.
    """
    values = dict(values)
    family = values.pop("family", None)
    if family not in CONFIGS:
        raise ValueError(f"family must be one of {', '.join(CONFIGS)}; received {family!r}.")
    return CONFIGS[family](**values)
