"""Puts HTML and figures on a page: the only module that calls `st.html` and `st.plotly_chart`, so
that neither shows a text from outside that is not escaped.
"""

from contextvars import ContextVar
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components.figures.charts import EPOCHS, UPDATES
from components.words.escaping import Markup, disarm
from components.words.language import t

CONFIG = {"displayModeBar": False}


class Cursor(NamedTuple):
    """The moment of the past that is looked at, and the colour of its line."""

    epoch: int
    update: int
    colour: str


CURSOR: ContextVar[Cursor | None] = ContextVar("cursor", default=None)
"""Every curve over time that is drawn meanwhile marks it."""


def show_html(fragment: Markup, place: Any = st) -> None:
    """Draws HTML. place: a column or a placeholder, else where the page stands."""
    place.html(fragment)


def show_figure(figure: go.Figure, *, key: str, alt: str, empty: str = "", place: Any = st) -> None:
    """Draws a figure, its texts escaped, and says so where it has no point yet.

    Args:
        alt: What it shows, for those who cannot see it.
        empty: Why it has no point, where training alone brings none.
    """
    _add_cursor(figure)
    disarm(figure)
    place.plotly_chart(figure, key=key, config=CONFIG, alt=alt)
    if not has_points(figure):
        waiting = t("No points yet. The first one appears while the network trains.")
        place.caption(empty or waiting)


def _add_cursor(figure: go.Figure) -> None:
    cursor = CURSOR.get()
    over = figure.layout.meta
    if cursor is None or over not in (EPOCHS, UPDATES):
        return
    at = cursor.epoch if over == EPOCHS else cursor.update
    line = {"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1,
            "line": {"color": cursor.colour, "width": 2}}  # fmt: skip
    figure.layout.shapes = (*figure.layout.shapes, line)


def has_points(figure: go.Figure) -> bool:
    """Whether any trace has a value to draw; lines and notes of the layout do not count."""
    return any(
        _has_values(trace.z)
        if trace.type == "heatmap"
        else _has_values(trace.y) and (trace.x is None or _has_values(trace.x))
        for trace in figure.data
    )


def _has_values(values: Any) -> bool:
    return values is not None and any(
        each is not None and each == each for each in np.ravel(values)
    )
