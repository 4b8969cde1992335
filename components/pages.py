"""Every page once: for the navigation, for the cards on Home, and for all that names a page."""

from typing import NamedTuple

LEARN = "Learn"
CHARACTERS = "Characters"
AUTOENCODERS = "Autoencoders"
CLASS = "Class"


class Room(NamedTuple):
    """A page.

    Attributes:
        story: The name of its story, of its file, and of its address.
        title: What the navigation calls it.
        icon: Of Material Symbols.
        group: Under what the navigation lists it; "" for Home.
        key: Prefix of its knobs in links, which stays for ever: the family that it trains; "" for a
            page without any.
    """

    story: str
    title: str
    icon: str
    group: str
    key: str = ""

    @property
    def path(self) -> str:
        """Its file."""
        return "pages/" + self.story + ".py"

    @property
    def address(self) -> str:
        """The last part of its path in the address; "" for Home."""
        return "" if self is HOME else self.story


HOME = Room("home", "Home", ":material/home:", "")
ROOMS = (
    Room("course", "Course", ":material/route:", LEARN, "course"),
    Room("characters", "Characters", ":material/abc:", CHARACTERS, "character"),
    Room("spelling", "Spelling", ":material/spellcheck:", CHARACTERS, "speller"),
    Room("autoencoder", "Autoencoder", ":material/compress:", AUTOENCODERS, "stacked"),
    Room("labels", "Few labels", ":material/sell:", AUTOENCODERS, "labels"),
    Room("map", "Map", ":material/scatter_plot:", AUTOENCODERS, "map"),
    Room("sparsity", "Sparsity", ":material/grain:", AUTOENCODERS, "sparse"),
    Room("denoising", "Denoising", ":material/blur_off:", AUTOENCODERS, "denoising"),
    Room("variational", "Variational", ":material/bubble_chart:", AUTOENCODERS, "variational"),
    Room("board", "Class board", ":material/groups:", CLASS, "board"),
    Room("runs", "Kept runs", ":material/bookmarks:", CLASS),
)
"""In the order of the lecture."""
PAGE_OF = {room.key: room for room in ROOMS if room.key}
"""The page of a family, by the family's name."""


def groups() -> dict[str, list[Room]]:
    """The pages by their group, in their order."""
    found: dict[str, list[Room]] = {}
    for room in ROOMS:
        found.setdefault(room.group, []).append(room)
    return found
