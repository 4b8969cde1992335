"""What the configs of all autoencoders share: `AutoencoderConfig`, and the layer sizes that follow
from it. Imports no TensorFlow.
"""

from dataclasses import dataclass
from typing import ClassVar

from core import knobs
from core.knobs import LiveKnobs, param
from core.message import Message

ACTIVATIONS = ("relu", "selu", "tanh", "sigmoid", "linear")
MAX_WIDTH = 4096
MAX_PARAMETERS = 20_000_000
MAX_PRODUCTS = 10_000_000_000
"""Parameters times images of one update: about half a second on two cores. Nobody else is served
meanwhile, for an update cannot be interrupted.
"""


@dataclass(frozen=True, kw_only=True)
class AutoencoderConfig(LiveKnobs):
    """Knobs of every autoencoder: two stacks of dense layers, reconstruction loss, optimizer."""

    family: ClassVar[str]
    code_layers: ClassVar[int] = 1
    """Number of dense layers, side by side, between the last hidden layer and the decoder."""

    hidden_units: tuple[int, ...] = param(
        (100,),
        label="Hidden layers",
        help="Widths of the encoder's layers between input and bottleneck, such as "
        "500-250, or none. With more layers the network learns a more complex "
        "nonlinear mapping: it trains more slowly, and digits become sharper.",
        limits=(1, MAX_WIDTH),
        stops=((), (100,), (256,), (256, 64), (400, 100), (500, 250)),
        value_names={(): "none"},
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
        help="The nonlinear function of every hidden layer. With linear there is "
        "none: the network can do no more than PCA.",
        options=ACTIVATIONS,
        active_when=lambda config: bool(config.hidden_units or config.decoder_hidden_units),
    )
    latent_activation: str = param(
        "linear",
        label="Code activation",
        help="The nonlinear function of the bottleneck itself. With relu some codes "
        "die: they stay 0 for every image.",
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
        "cross-entropy, which never reaches 0 on grey pixels (its floor is drawn as a line).",
        options=("mse", "bce"),
        value_names={"mse": "mean squared error", "bce": "binary cross-entropy"},
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
        value_names={None: "mirror", (): "none"},
    )
    optimizer: str = param(
        "adam",
        label="Optimizer",
        help="How a gradient becomes a step. Plain sgd at the same learning rate crawls: the "
        "curve stays flat.",
        options=("adam", "nadam", "rmsprop", "sgd"),
        value_names={"adam": "Adam", "nadam": "Nadam", "rmsprop": "RMSprop", "sgd": "SGD"},
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
                Message(
                    "Binary cross-entropy needs outputs between 0 and 1; received "
                    "output_activation={received!r}. Choose the output activation sigmoid, or "
                    "the loss mse.",
                    received=self.output_activation,
                )
            )
        if self.tied_weights and self.decoder_hidden_units is not None:
            raise ValueError(
                Message(
                    "Tied weights mirror the encoder; received "
                    "decoder_hidden_units={received!r}. Choose mirror, or untie the weights.",
                    received=self.decoder_hidden_units,
                )
            )

    @property
    def loss_is_mean_over_rows(self) -> bool:
        """Whether the loss of a batch is the mean of the losses of its halves."""
        return True

    def decoder_widths(self) -> tuple[int, ...]:
        """Widths of the decoder's hidden layers; by default those of the encoder in reverse."""
        if self.decoder_hidden_units is None:
            return self.hidden_units[::-1]
        return self.decoder_hidden_units


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
    """Number of trainable parameters (weights and biases)."""
    sizes = layer_sizes(config, input_dim)
    weights = sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))
    weights //= 2 if config.tied_weights else 1
    code_layer = (sizes[len(config.hidden_units)] + 1) * config.latent_dim
    return weights + sum(sizes[1:]) + (config.code_layers - 1) * code_layer


def check_size(config: AutoencoderConfig, input_dim: int) -> None:
    """Checks the size of a network before it is built.

    Raises:
        ValueError: More than `MAX_PARAMETERS` parameters; a sentence with the network and its size.
    """
    count = num_parameters(config, input_dim)
    if count > MAX_PARAMETERS:
        network = "-".join(str(width) for width in layer_sizes(config, input_dim))
        raise ValueError(
            Message(
                "The network {network} has {count:,} parameters; at most {most:,} are "
                "allowed. Choose narrower layers.",
                network=network,
                count=count,
                most=MAX_PARAMETERS,
            )
        )


def check_update(config: AutoencoderConfig, input_dim: int, num_rows: int) -> None:
    """Checks how long an update takes, before a run is begun. A run that was kept is not checked:
    it opens as it was.

    Raises:
        ValueError: More than `MAX_PRODUCTS` of parameters and images in an update; a sentence with
            the way out.
    """
    count = num_parameters(config, input_dim)
    batch = min(config.batch_size, num_rows)
    if count * batch > MAX_PRODUCTS:
        raise ValueError(
            Message(
                "An update of {count:,} parameters by {batch:,} images takes too long: at "
                "most {most:,} images are allowed. Choose a smaller batch size, or narrower "
                "layers.",
                count=count,
                batch=batch,
                most=MAX_PRODUCTS // count,
            )
        )
