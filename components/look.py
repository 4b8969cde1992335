"""The theme that this visitor sees, and the few rules of layout that Streamlit lacks."""

import streamlit as st

from components.colours import DARK, LIGHT, Colours

LAYOUT = """
<style>
.block-container { padding-top: 4.2rem; padding-bottom: 2rem; }
.stVerticalBlock { gap: .7rem; }
[data-testid="stMetric"] label p { font-size: .8rem; }
img.sheet { image-rendering: pixelated; width: 100%; display: block; }
img.network { width: 100%; max-height: 20rem; }
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


def colours() -> Colours:
    """The colours of the theme that this visitor sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def apply() -> None:
    """Puts the rules of layout into the page."""
    st.html(LAYOUT)
