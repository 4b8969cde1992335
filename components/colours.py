"""One colour language for every page, light and dark. Knows nothing of Streamlit."""

from typing import NamedTuple

CLASS_COLOURS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
    "#8C6D1F",
    "#7F7F7F",
    "#6A3D9A",
    "#B2182B",
)


class Colours(NamedTuple):
    """What each thing is drawn in: clean input in ink, ruined input, latents, reconstructions,
    limits and targets.
    """

    ink: str
    corrupted: str
    latents: str
    reconstruction: str
    limit: str
    grid: str


LIGHT = Colours("#1B1F24", "#D55E00", "#B87700", "#0072B2", "#6B7280", "#E3E6EA")
DARK = Colours("#E8EAED", "#FF8A4C", "#E69F00", "#56B4E9", "#9CA3AF", "#343A42")
