"""One colour language for every page, light and dark. Knows nothing of Streamlit."""

from typing import NamedTuple


class Colours(NamedTuple):
    """What each thing is drawn in: clean input in ink, corrupted input, latents, reconstructions,
    limits and targets, `paper` behind all; `classes` in their order, found by search: 3 : 1 against
    the page, and as far from each other as can be for every kind of eyes
    (tests/components/test_colours.py).
    """

    ink: str
    corrupted: str
    latents: str
    reconstruction: str
    limit: str
    grid: str
    paper: str
    classes: tuple[str, ...]


LIGHT = Colours(
    "#1B1F24", "#D55E00", "#B87700", "#0072B2", "#6B7280", "#E3E6EA", "#FFFFFF",
    ("#003784", "#AA9300", "#006849", "#AA1200", "#89578B",
     "#2399E6", "#C78556", "#929592", "#5C56E2", "#5E0006"),
)  # fmt: skip
DARK = Colours(
    "#E8EAED", "#FF8A4C", "#E69F00", "#56B4E9", "#9CA3AF", "#343A42", "#14171B",
    ("#5F9EFF", "#FFDC13", "#12806D", "#E37A00", "#98459D",
     "#04DEFF", "#DFA372", "#B8CEBF", "#4653DF", "#C12621"),
)  # fmt: skip
PALETTE = {
    "blue": "#0072B2", "pink": "#CC79A7", "sky": "#56B4E9", "green": "#009E73", "red": "#D55E00",
    "orange": "#E69F00", "grey": "#7F7F7F", "brown": "#8C6D1F", "violet": "#6A3D9A",
}  # fmt: skip
"""Of curves that are compared, on both papers: those of Okabe and Ito, and three between them."""
