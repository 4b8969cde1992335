"""The records of all pages that train an autoencoder: whoever adds one is tested with them."""

from importlib import import_module

from components.pages import ROOMS
from core.configs import CONFIGS

RECORDS = [
    import_module(f"components.parts.{room.story}").PAGE for room in ROOMS if room.key in CONFIGS
]
