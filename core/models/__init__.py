"""The families of autoencoders by name: modules with `build`, `losses` and `readings`."""

from importlib import import_module
from types import ModuleType

from core.configs import CONFIGS

FAMILIES: dict[str, ModuleType] = {name: import_module(f"core.models.{name}") for name in CONFIGS}
