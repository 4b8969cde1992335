"""Every page once: for the navigation and for the cards on Home."""

from pathlib import Path
from typing import NamedTuple


class Room(NamedTuple):
    """A page.

    Attributes:
        path: Its file.
        title: What the navigation calls it.
        story: The name of its story.
        icon: Of Material Symbols.
        key: Prefix of its knobs in the address; "" for a page without any.
    """

    path: str
    title: str
    story: str
    icon: str
    key: str = ""

    @property
    def address(self) -> str:
        """The last part of its path in the address; "" for Home."""
        return "" if self is HOME else Path(self.path).stem


HOME = Room("pages/home.py", "Home", "home", ":material/home:")
ROOMS = (
    Room("pages/course.py", "Course", "course", ":material/route:", "course"),
    Room("pages/characters.py", "Characters", "characters", ":material/abc:", "character"),
    Room("pages/spelling.py", "Spelling", "spelling", ":material/spellcheck:", "speller"),
    Room("pages/autoencoder.py", "Autoencoder", "autoencoder", ":material/compress:", "stacked"),
    Room("pages/sparsity.py", "Sparsity", "sparsity", ":material/grain:", "sparse"),
    Room("pages/denoising.py", "Denoising", "denoising", ":material/blur_off:", "denoising"),
    Room(
        "pages/variational.py",
        "Variational",
        "variational",
        ":material/bubble_chart:",
        "variational",
    ),
    Room("pages/map.py", "Map", "map", ":material/scatter_plot:", "map"),
    Room("pages/labels.py", "Few labels", "labels", ":material/sell:", "labels"),
    Room("pages/board.py", "Class board", "board", ":material/groups:", "board"),
    Room("pages/runs.py", "Kept runs", "runs", ":material/bookmarks:"),
)
PAGE_OF = {room.key: room for room in ROOMS if room.key}
"""The page of a family, by the family's name."""
