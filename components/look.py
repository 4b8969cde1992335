"""One colour language for every page, light and dark, and the few rules of layout that Streamlit
lacks."""

from typing import NamedTuple

import streamlit as st

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

LAYOUT = """
<style>
.block-container { padding-top: 4.2rem; padding-bottom: 2rem; }
.stVerticalBlock { gap: .7rem; }
[data-testid="stMetric"] label p { font-size: .8rem; }
img.sheet { image-rendering: pixelated; width: 100%; display: block; }
.strip { display: grid; grid-template-columns: 6.5rem 1fr; column-gap: .6rem; row-gap: .3rem; align-
items: center; }
.strip span { font-size: .8rem; text-align: right; opacity: .85; }
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; font-size: 1.5rem; }
@media (max-width: 640px) {
  .st-key-layout > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"],
  .st-key-layout > [data-testid="stHorizontalBlock"] { flex-direction: column-reverse; }
  .strip { grid-template-columns: 1fr; }
  .strip span { text-align: left; }
}
</style>
"""


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


def colours() -> Colours:
    """The colours of the theme that this visitor sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def apply() -> None:
    """Puts the rules of layout into the page."""
    st.html(LAYOUT)
