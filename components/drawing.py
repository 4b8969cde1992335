"""Puts HTML and figures on a page: the only module that calls `st.html` and `st.plotly_chart`, so
that neither shows a text from outside that is not escaped.
"""

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from components.escaping import Markup, disarm

CONFIG = {"displayModeBar": False}


def show_html(fragment: Markup, place: Any = st) -> None:
    """Draws HTML. place: a column or a placeholder, else where the page stands."""
    place.html(fragment)


def show_figure(figure: go.Figure, *, key: str, alt: str, place: Any = st) -> None:
    """Draws a figure, its texts escaped. alt: what it shows, for those who cannot see it."""
    disarm(figure)
    place.plotly_chart(figure, key=key, config=CONFIG, alt=alt)
