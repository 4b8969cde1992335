"""Coding units -> plotly figures. Knows nothing of Streamlit."""

import numpy as np
import plotly.graph_objects as go

from components.colours import Colours

CONFIG = {"displayModeBar": False}
STEPS = np.linspace(0.001, 0.999, 400)


def make_means(means: np.ndarray, target: float | None, colours: Colours) -> go.Figure:
    """A bar a unit, sorted, with the target as a line. means: [Z]."""
    figure = go.Figure()
    values = np.sort(means)[::-1]
    figure.add_bar(
        x=np.arange(1, len(values) + 1),
        y=values,
        marker={"color": colours.latents, "line": {"width": 0}},
        hovertemplate="unit %{x}: %{y:.3f}<extra></extra>",
    )
    if target is not None:
        _add_limit(figure, target, f"target {target:g}", colours)
    _style(figure, colours)
    figure.update_layout(bargap=0)
    figure.update_xaxes(title="units, sorted")
    highest = max(float(values[0]), 2 * (target or 0.0), 0.02)
    figure.update_yaxes(title="mean activation", range=[0, 1.05 * highest])
    return figure


def make_histogram(counts: np.ndarray, edges: np.ndarray, colours: Colours) -> go.Figure:
    """How many activations lie between two edges. counts: [B]; edges: [B + 1]."""
    figure = go.Figure()
    figure.add_bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=np.maximum(counts, 0.8),
        marker={"color": colours.latents, "line": {"width": 0}},
        hovertemplate="about %{x:.2f}: %{y:,.0f}<extra></extra>",
    )
    _style(figure, colours)
    figure.update_layout(bargap=0)
    figure.update_xaxes(title="activation")
    figure.update_yaxes(title="how many, of all units and images", type="log")
    return figure


def make_penalties(means: np.ndarray, target: float, colours: Colours) -> go.Figure:
    """KL(p ‖ p̂), (p̂ - p)² and p̂ against p̂, and today's units on the first. means: [Z]."""
    figure = go.Figure()
    dots = np.clip(means, STEPS[0], STEPS[-1])
    curves = (
        ("KL", kl(STEPS, target), colours.latents, "solid"),
        ("squared distance", np.square(STEPS - target), colours.reconstruction, "dash"),
        ("L1", STEPS, colours.limit, "dot"),
    )
    for name, values, colour, dash in curves:
        line = {"color": colour, "dash": dash}
        figure.add_scatter(x=STEPS, y=values, name=name, mode="lines", line=line)
    figure.add_scatter(
        x=dots,
        y=kl(dots, target),
        name="units",
        mode="markers",
        marker={"color": colours.corrupted, "size": 7, "opacity": 0.5},
        hovertemplate="mean %{x:.3f}: costs %{y:.3f}<extra></extra>",
    )
    _style(figure, colours)
    figure.update_layout(hovermode="closest", showlegend=True)
    figure.update_xaxes(title="mean activation of a unit", range=[0, 1])
    figure.update_yaxes(title="cost before its weight", range=[0, 1.5])
    return figure


def kl(p_hat: np.ndarray, p: float) -> np.ndarray:
    """p ln(p / p̂) + (1-p) ln((1-p) / (1-p̂)), as `core.losses.sparsity_kl` sums it."""
    return p * np.log(p / p_hat) + (1 - p) * np.log((1 - p) / (1 - p_hat))


def _add_limit(figure: go.Figure, value: float, words: str, colours: Colours) -> None:
    line = {"color": colours.limit, "dash": "dash", "width": 2}
    figure.add_hline(y=value, line=line, annotation_text=words, annotation_position="top right")


def _style(figure: go.Figure, colours: Colours) -> None:
    figure.update_layout(
        height=310,
        margin={"l": 60, "r": 10, "t": 30, "b": 45},
        showlegend=False,
        uirevision="kept",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(gridcolor=colours.grid, zeroline=False)
    figure.update_yaxes(gridcolor=colours.grid, zeroline=False)
