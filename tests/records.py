"""The records of all pages that train: whoever adds one is tested with them."""

from importlib import import_module

from components.pages import ROOMS
from components.parts import labels, maps
from components.runs.page import RunPage
from core.configs import CONFIGS

FOLDERS = {"map": maps, "labels": labels}
PAGES = [
    getattr(FOLDERS.get(room.key) or import_module(f"components.parts.{room.story}"), "PAGE", None)
    for room in ROOMS
    if room.key
]
RUN_PAGES = [page for page in PAGES if isinstance(page, RunPage)]
CHAINED = [labels.PAGE, maps.PAGE]
RECORDS = [page for page in RUN_PAGES if page.key in CONFIGS]
"""Those of the autoencoders."""
