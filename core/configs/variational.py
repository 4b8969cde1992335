"""The knobs of a variational autoencoder: `VariationalConfig`. Imports no TensorFlow."""

from dataclasses import dataclass
from typing import ClassVar

from core.configs.autoencoders import AutoencoderConfig
from core.knobs import param, redeclare


@dataclass(frozen=True, kw_only=True)
class VariationalConfig(AutoencoderConfig):
    """An autoencoder whose encoder returns mean and variance of a normal posterior."""

    family: ClassVar[str] = "variational"
    code_layers: ClassVar[int] = 2

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
