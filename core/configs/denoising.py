"""The knobs of a denoising autoencoder: `DenoisingConfig`. Imports no TensorFlow."""

from dataclasses import dataclass
from typing import ClassVar

from core.configs.autoencoders import AutoencoderConfig
from core.knobs import param

Corruption = tuple[str, float]
"""A kind of corruption and its level: a stddev for gaussian, else a fraction of the pixels."""


@dataclass(frozen=True, kw_only=True)
class DenoisingConfig(AutoencoderConfig):
    """An autoencoder that reconstructs the clean input from a corrupted one."""

    family: ClassVar[str] = "denoising"

    corruption: str = param(
        "gaussian",
        label="Corruption",
        help="How the input is corrupted. Dropout is masking whose remaining pixels "
        "are made brighter, as Keras does.",
        options=("gaussian", "masking", "dropout", "salt_and_pepper"),
        value_names={"salt_and_pepper": "salt and pepper"},
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
        """The name of the knob that holds the level of the corruption."""
        return "corruption_stddev" if self.corruption == "gaussian" else "corrupted_fraction"
