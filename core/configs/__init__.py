"""The configs of all families: a module and a frozen dataclass each. Imports no TensorFlow."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from core import knobs
from core.configs.autoencoders import (
    ACTIVATIONS,
    MAX_PARAMETERS,
    AutoencoderConfig,
    check_size,
    check_update,
    is_linear,
    layer_activations,
    layer_sizes,
    num_parameters,
)
from core.configs.characters import CharacterConfig, SpellerConfig
from core.configs.denoising import Corruption, DenoisingConfig
from core.configs.seeds import MAX_SEED, check_seed, seed_after
from core.configs.sparse import SparseConfig
from core.configs.stacked import StackedConfig
from core.configs.variational import VariationalConfig

__all__ = [
    "ACTIVATIONS",
    "CONFIGS",
    "MAX_PARAMETERS",
    "MAX_SEED",
    "AutoencoderConfig",
    "CharacterConfig",
    "Corruption",
    "DenoisingConfig",
    "SparseConfig",
    "SpellerConfig",
    "StackedConfig",
    "VariationalConfig",
    "check_seed",
    "check_size",
    "check_update",
    "from_dict",
    "is_linear",
    "layer_activations",
    "layer_sizes",
    "num_parameters",
    "seed_after",
    "to_dict",
]


def _autoencoders() -> dict[str, type[AutoencoderConfig]]:
    """The config classes of all autoencoders in this folder by family."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return {config.family: config for config in _descendants(AutoencoderConfig)}


def _descendants(parent: type[AutoencoderConfig]) -> Iterator[type[AutoencoderConfig]]:
    for child in parent.__subclasses__():
        yield child
        yield from _descendants(child)


CONFIGS = _autoencoders()


def to_dict(config: AutoencoderConfig) -> dict[str, Any]:
    """The knobs of a config by name, as plain values, with its "family"."""
    return {"family": config.family} | {
        name: getattr(config, name) for name in knobs.params(config)
    }


def from_dict(values: dict[str, Any]) -> AutoencoderConfig:
    """Inverse of `to_dict`; lists (from JSON) become tuples.

    Raises:
        ValueError: A sentence about the first impossible value.
    """
    values = dict(values)
    family = values.pop("family", None)
    if family not in CONFIGS:
        raise ValueError(f"family must be one of {', '.join(CONFIGS)}; received {family!r}.")
    return CONFIGS[family](**values)
