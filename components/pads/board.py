"""A board on which a digit is drawn for the server: it comes when the pen is lifted."""

import numpy as np
import streamlit as st

from components import pads
from components.figures import theme
from components.words.language import t
from core.datasets import info_of

_pad = pads.register("me", "digit")


def draw(dataset: str, key: str) -> np.ndarray | None:
    """What has been drawn, [D], as large as the images of a data set; None for an empty board, or
    where the data are no ink on paper.
    """
    info = info_of(dataset)
    if info.kind != "strokes" or info.image_shape[0] != info.image_shape[1]:
        st.info(
            t("The board draws ink on paper: choose a data set of digits."), icon=":material/draw:"
        )
        return None
    data = {"shape": info.image_shape, "colours": theme.colours()._asdict()}
    drawn = _pad(key=key, data=data, on_drawn_change=_nothing).drawn
    x = pads.read(drawn, "x")
    return x if x is not None and len(x) == info.input_dim and x.any() else None


def _nothing() -> None:
    """Streamlit passes on only values with a callback."""
