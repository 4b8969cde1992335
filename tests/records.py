"""The records of the pages that train. A new autoencoder page is found by itself."""

from importlib import import_module

from components.pages import ROOMS
from components.parts import characters, labels, maps, spelling
from core.configs import CONFIGS

RECORDS = [
    import_module(f"components.parts.{room.story}").PAGE for room in ROOMS if room.key in CONFIGS
]
"""Those of the autoencoders."""
RUN_PAGES = [characters.PAGE, spelling.PAGE, *RECORDS]
CHAINED = [labels.PAGE, maps.PAGE]
