"""Numbers of variational runs -> plotly figures. Knows nothing of Streamlit."""

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from components.figures.charts import SHORTEST_AXIS, finish
from components.figures.colours import Colours
from components.words.language import t

LOWEST_NATS = 0.01
TICKS = [0.01, 0.1, 1, 10, 100, 1000]


class Spot(NamedTuple):
    """A run in the plane: its rate and distortion in nats, its β, and words for the hover."""

    rate: float
    distortion: float
    beta: str
    words: str


def make_nats(
    epochs: Sequence[int],
    distortion: Sequence[float],
    rate: Sequence[float],
    word: str,
    colours: Colours,
) -> go.Figure:
    """Reconstruction and latent loss of the test images by epoch, each in nats.

    Args:
        word: What the reconstruction is measured in.
    """
    figure = go.Figure()
    curves = (
        (word.partition(" (")[0], distortion, colours.reconstruction, "circle"),
        (t("latent loss"), rate, colours.latents, "square"),
    )
    for name, values, colour, symbol in curves:
        figure.add_scatter(
            x=list(epochs),
            y=[max(value, LOWEST_NATS) for value in values],
            name=t("{name}, test", name=name),
            mode="lines" if len(epochs) > 1 else "markers",
            line={"color": colour, "dash": "dash" if symbol == "circle" else "dashdot"},
            hovertemplate=t("%{y:.2f} nats"),
        )
    x = {"title": t("epoch"), "range": [0, max([SHORTEST_AXIS, *epochs[-1:]])]}
    finish(figure, colours, x, {"title": t("nats an image"), "type": "log", "tickvals": TICKS})
    return figure


def make_rate_distortion(
    spots: Sequence[Spot], now: Spot | None, word: str, colours: Colours
) -> go.Figure:
    """A point a run, its β beside it; that of the page as a star, once it has an epoch."""
    figure = go.Figure()
    own = [now] if now else []
    for name, some, symbol in ((t("your runs"), spots, "circle"), (t("now"), own, "star")):
        figure.add_scatter(
            x=[spot.rate for spot in some],
            y=[spot.distortion for spot in some],
            text=[f"β {spot.beta}" for spot in some],
            customdata=[spot.words for spot in some],
            name=name,
            mode="markers+text",
            textposition="top right",
            marker={"color": colours.reconstruction, "size": 9 if symbol == "circle" else 15,
                    "symbol": symbol},
            hovertemplate=t("%{customdata}<br>%{x:.2f} and %{y:.1f} nats<extra></extra>"),
            cliponaxis=False,
        )  # fmt: skip
    furthest = 1.2 * max([1.0, *(spot.rate for spot in [*spots, *own])])
    x = {"title": t("latent loss (nats an image)"), "range": [0, furthest]}
    finish(figure, colours, x, {"title": word}, hovermode="closest")
    return figure


def make_latents(told: Sequence[float], colours: Colours) -> go.Figure:
    """A bar a latent: its share of the latent loss in nats, sorted; told: [Z]."""
    figure = go.Figure()
    order = sorted(range(len(told)), key=lambda j: -told[j])
    figure.add_bar(
        x=[f"z{j + 1}" for j in order],
        y=[told[j] for j in order],
        marker={"color": colours.latents},
        hovertemplate=t("%{x}: %{y:.3f} nats<extra></extra>"),
    )
    x = {"title": t("latents, most first"), "type": "category"}
    y = {"title": t("latent loss (nats an image)"), "range": [0, 1.05 * max([1.0, *told])]}
    finish(figure, colours, x, y, hovermode="closest", showlegend=False)
    return figure
