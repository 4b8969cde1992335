"""The knobs of a plain autoencoder: `StackedConfig`. Imports no TensorFlow."""

from dataclasses import dataclass
from typing import ClassVar

from core.configs.autoencoders import AutoencoderConfig


@dataclass(frozen=True, kw_only=True)
class StackedConfig(AutoencoderConfig):
    """A plain autoencoder, 784-100-30-100-784 by default."""

    family: ClassVar[str] = "stacked"
