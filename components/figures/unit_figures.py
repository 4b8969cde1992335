"""Coding units -> plotly figures. Knows nothing of Streamlit."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from components.figures.charts import add_limit, finish
from components.figures.colours import Colours
from components.words.language import t
from core.analysis.divergences import bernoulli_kl

LOWEST = 0.001
HIGHEST = 0.999
BARE_BARS = {"bargap": 0, "showlegend": False, "hovermode": "closest"}
TICKS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]


class Spot(NamedTuple):
    """A run in a plane: the kind of its penalty, its place, words for the hover, and whether it is
    that of the page.
    """

    kind: str
    x: float
    y: float
    words: str
    is_present: bool = False


def make_means(means: np.ndarray, target: float | None, colours: Colours) -> go.Figure:
    """A bar a unit, sorted, with the target as a line. means: [Z]."""
    figure = go.Figure()
    order = np.argsort(-means, kind="stable")
    values = means[order]
    figure.add_bar(
        x=np.arange(1, len(values) + 1),
        y=values,
        customdata=order + 1,
        marker={"color": colours.latents, "line": {"width": 0}},
        hovertemplate=t("unit %{customdata}: %{y:.3f}<extra></extra>"),
    )
    highest = max(float(values[0]), 2 * (target or 0.0), 0.02)
    y = {"title": t("mean activation"), "range": [0, 1.05 * highest]}
    finish(figure, colours, {"title": t("units, sorted")}, y, **BARE_BARS)
    if target is not None:
        add_limit(figure, target, t("target {target:g}", target=target), colours)
    return figure


def make_histogram(counts: np.ndarray, edges: np.ndarray, colours: Colours) -> go.Figure:
    """How many activations lie between two edges. counts: [B]; edges: [B + 1]."""
    figure = go.Figure()
    figure.add_bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=np.maximum(counts, 0.8),
        customdata=counts,
        marker={"color": colours.latents, "line": {"width": 0}},
        hovertemplate=t("about %{x:.2f}: %{customdata:,.0f}<extra></extra>"),
    )
    y = {"title": t("how many, of all units and images"), "type": "log"}
    finish(figure, colours, {"title": t("activation")}, y, **BARE_BARS)
    return figure


def make_penalties(means: np.ndarray, target: float | None, colours: Colours) -> go.Figure:
    """KL(p ‖ p̂), (p̂ - p)² and p̂ against p̂, and today's units on the first; without a target L1
    alone, and the units on it. means: [Z].
    """
    figure = go.Figure()
    lowest = LOWEST if target is None else min(LOWEST, target / 10)
    dots = means if target is None else np.clip(means, lowest, HIGHEST)
    widest = 1.3 * max(float(dots.max()), LOWEST)
    if target is not None:
        widest = min(HIGHEST, max(4 * target, widest))
    steps = np.unique([*np.geomspace(lowest, widest, 200), *np.linspace(lowest, widest, 200)])
    costs = dots if target is None else bernoulli_kl(dots, target)
    for name, values, colour, dash in _costs(steps, target, colours):
        line = {"color": colour, "dash": dash}
        figure.add_scatter(x=steps, y=values, name=name, mode="lines", line=line)
    figure.add_scatter(
        x=dots,
        y=costs,
        name=t("units"),
        mode="markers",
        marker={"color": colours.corrupted, "size": 7, "opacity": 0.5},
        hovertemplate=t("mean %{x:.3f}: costs %{y:.3f} on this curve<extra></extra>"),
    )
    highest = max(
        widest, float(costs.max()), 0.0 if target is None else bernoulli_kl(steps, target)[-1]
    )
    x = {"title": t("mean activation of a unit"), "range": [0, widest]}
    y = {"title": t("cost before its weight"), "range": [0, 1.1 * highest]}
    finish(figure, colours, x, y, hovermode="closest")
    if target is not None:
        figure.add_vline(target, line={"color": colours.limit, "dash": "dash", "width": 1})
    return figure


def _costs(
    steps: np.ndarray, target: float | None, colours: Colours
) -> list[tuple[str, np.ndarray, str, str]]:
    """The curves as (name, values, colour, dash)."""
    l1 = ("L1", steps, colours.limit, "dot")
    if target is None:
        return [l1]
    return [
        ("KL", bernoulli_kl(steps, target), colours.latents, "solid"),
        (t("squared distance"), np.square(steps - target), colours.reconstruction, "dash"),
        l1,
    ]


def make_frontier(spots: Sequence[Spot], x_title: str, y_title: str, colours: Colours) -> go.Figure:
    """A point a run by the kind of its penalty, the present one as a star."""
    figure = go.Figure()
    for kind, (colour, symbol) in _marks(colours).items():
        some = [spot for spot in spots if spot.kind == kind]
        sizes = [17 if spot.is_present else 10 for spot in some]
        figure.add_scatter(
            x=[spot.x for spot in some],
            y=[spot.y for spot in some],
            text=[spot.words for spot in some],
            name=t(kind),
            mode="markers",
            marker={
                "color": colour,
                "size": sizes,
                "symbol": ["star" if spot.is_present else symbol for spot in some],
            },
            hovertemplate="%{text}<br>%{x:.3g}: %{y:.4g}<extra></extra>",
            showlegend=True,
        )
    x, y = ({"title": title, "rangemode": "tozero"} for title in (x_title, y_title))
    finish(figure, colours, x, y, hovermode="closest")
    return figure


def make_descent(
    traces: Mapping[str, Sequence[tuple[float, float]]], target: float, colours: Colours
) -> go.Figure:
    """The mean activation of runs by kind of penalty. traces: (update, mean activation)."""
    figure = go.Figure()
    for kind, trace in traces.items():
        figure.add_scatter(
            x=[update for update, _ in trace],
            y=[value for _, value in trace],
            name=t(kind),
            mode="lines+markers",
            line={"color": _marks(colours)[kind][0]},
            marker={"symbol": _marks(colours)[kind][1], "size": 5},
            hovertemplate=t("update %{x:,}: %{y:.3f}"),
        )
    y = {"title": t("mean activation"), "type": "log", "tickvals": TICKS}
    finish(figure, colours, {"title": t("update")}, y, hovermode="closest", height=230)
    add_limit(figure, target, t("target {target:g}", target=target), colours)
    return figure


def _marks(colours: Colours) -> dict[str, tuple[str, str]]:
    """The colour and the symbol of every kind of penalty."""
    return {
        "L1": (colours.latents, "circle"),
        "KL": (colours.reconstruction, "square"),
        "L1 and KL": (colours.ink, "diamond"),
        "none": (colours.limit, "x"),
    }
