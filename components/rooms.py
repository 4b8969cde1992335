"""Every page once: for the navigation and for the cards on Home."""

from typing import NamedTuple


class Room(NamedTuple):
    """A page: its file, its title, the name of its story, and its icon."""

    path: str
    title: str
    story: str
    icon: str


HOME = Room("pages/home.py", "Home", "home", ":material/home:")
ROOMS = (
    Room("pages/course.py", "Course", "course", ":material/route:"),
    Room("pages/characters.py", "Characters", "characters", ":material/abc:"),
    Room("pages/spelling.py", "Spelling", "spelling", ":material/spellcheck:"),
    Room("pages/autoencoder.py", "Autoencoder", "autoencoder", ":material/compress:"),
    Room("pages/sparsity.py", "Sparsity", "sparsity", ":material/grain:"),
    Room("pages/denoising.py", "Denoising", "denoising", ":material/blur_off:"),
    Room("pages/variational.py", "Variational", "variational", ":material/bubble_chart:"),
    Room("pages/map.py", "Map", "map", ":material/scatter_plot:"),
    Room("pages/labels.py", "Few labels", "labels", ":material/sell:"),
    Room("pages/board.py", "Class board", "board", ":material/groups:"),
    Room("pages/runs.py", "Kept runs", "runs", ":material/bookmarks:"),
)
