"""What the families of autoencoders share: two stacks of dense layers round a bottleneck, and the
readings (metrics) of every autoencoder.
"""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from core.configs import AutoencoderConfig, check_size
from core.models.layers import DenseTranspose

ACTIVE_ABOVE = {"sigmoid": 0.1, "relu": 0.0}


class Autoencoder(keras.Model):
    """x_hat = decoder(encoder(x)).

    Attributes:
        config: The settings it was built from.
        encoder: [B, D] -> [B, Z], the codings (of a variational autoencoder: their means).
        decoder: [B, Z] -> [B, D].
        posterior: [B, D] -> (z_mean, z_log_var), both [B, Z]; None but for a variational
            autoencoder.
    """

    def __init__(
        self,
        config: Any,
        encoder: keras.Model,
        decoder: keras.Model,
        posterior: Any = None,
    ) -> None:
        super().__init__(name=config.family)
        self.config = config
        self.encoder = encoder
        self.decoder = decoder
        self.posterior = posterior

    def call(self, inputs: Any) -> Any:
        return self.decoder(self.encoder(inputs))  # [B, D]


class Layers:
    """Makes dense layers whose initial weights follow from one seed: layer i = 1, 2, ... draws with
    1000 · seed + i. Weights are Glorot-uniform, for selu LeCun-normal.
    """

    def __init__(self, seed: int) -> None:
        self.next_seed = seed * 1000

    def dense(self, units: int, activation: str, name: str, **options: Any) -> keras.layers.Dense:
        self.next_seed += 1
        initializer = (
            keras.initializers.LecunNormal
            if activation == "selu"
            else keras.initializers.GlorotUniform
        )
        return keras.layers.Dense(
            units,
            activation,
            name=name,
            kernel_initializer=initializer(seed=self.next_seed),
            **options,
        )


def build(config: AutoencoderConfig, input_dim: int, seed: int, **code_options: Any) -> Autoencoder:
    """An autoencoder of the sizes in `config`.

    Args:
        code_options: Further arguments of the coding layer, such as the constraint of `sparse`.

    Raises:
        ValueError: The network has more than `MAX_PARAMETERS` parameters.
    """
    check_size(config, input_dim)
    layers = Layers(seed)
    x = keras.Input((input_dim,), name="x")
    hidden, encoder_layers = build_encoder_stack(config, x, layers)
    code = layers.dense(config.latent_dim, config.latent_activation, "code", **code_options)
    encoder = keras.Model(x, code(hidden), name="encoder")
    decoder = build_decoder(config, [*encoder_layers, code], input_dim, layers)
    return Autoencoder(config, encoder, decoder)


def build_encoder_stack(
    config: AutoencoderConfig, x: Any, layers: Layers
) -> tuple[Any, list[keras.layers.Dense]]:
    """The hidden layers before the code: their output [B, last hidden width], and the layers."""
    stack = [
        layers.dense(units, config.activation, f"encoder_{i}")
        for i, units in enumerate(config.hidden_units, start=1)
    ]
    for layer in stack:
        x = layer(x)
    return x, stack


def build_decoder(
    config: AutoencoderConfig,
    encoder_layers: list[keras.layers.Dense],
    input_dim: int,
    layers: Layers,
) -> keras.Model:
    """The decoder, [B, Z] -> [B, D]: with the transposed kernels of `encoder_layers` in reverse
    order if weights are tied, else with its own.
    """
    z = keras.Input((config.latent_dim,), name="z")
    widths = config.decoder_widths()
    names = [f"decoder_{i}" for i in range(1, len(widths) + 1)] + ["output"]
    activations = [config.activation] * len(widths) + [config.output_activation]
    out = z
    for i, (units, activation, name) in enumerate(
        zip((*widths, input_dim), activations, names, strict=True)
    ):
        if config.tied_weights:
            out = DenseTranspose(encoder_layers[-1 - i], activation, name=name)(out)
        else:
            options = decoder_options(config) if i == 0 else {}
            out = layers.dense(units, activation, name, **options)(out)
    return keras.Model(z, out, name="decoder")


def decoder_options(config: AutoencoderConfig) -> dict[str, Any]:
    """Further arguments of the first decoder layer: unit norm of the rows of its kernel [Z, U]."""
    unit_norm = getattr(config, "unit_norm_decoder", False)
    return {"kernel_constraint": keras.constraints.UnitNorm(axis=1)} if unit_norm else {}


def readings(
    model: Autoencoder, x: Any, coefficients: Mapping[str, Any], seed: Any
) -> dict[str, Any]:
    """Metrics of any autoencoder on the rows x [N, D], scalars but for the last.

    Returns:
        rmse: Root of the mean squared error.
        variance_explained: 1 - mse / variance of x.
        l0: Mean number of active codes per row. A code is active above 0.1 for sigmoid codes, above
            0 for relu codes, and with |a| above 1e-3 for others.
        dead_latents: Number of codes that are active for no row.
        mean_activations: Mean of each code, [Z].
    """
    a = model.encoder(x)  # [N, Z]
    mse = ops.mean(ops.square(x - model.decoder(a)))
    active = active_codes(model.config, a)  # [N, Z]
    return {
        "rmse": ops.sqrt(mse),
        "variance_explained": 1 - mse / ops.mean(ops.square(x - ops.mean(x, axis=0))),
        "l0": ops.mean(ops.sum(active, axis=1)),
        "dead_latents": ops.sum(1 - ops.max(active, axis=0)),
        "mean_activations": ops.mean(a, axis=0),
    }


def active_codes(config: AutoencoderConfig, a: Any) -> Any:
    """1.0 where a code is active, else 0.0; a: [N, Z] -> [N, Z]. See `readings`."""
    threshold = ACTIVE_ABOVE.get(config.latent_activation)
    return ops.cast(ops.abs(a) > 1e-3 if threshold is None else a > threshold, "float32")
