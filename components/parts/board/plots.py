"""Shared runs -> plotly figures. Knows nothing of Streamlit."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from components.figures import run_figures
from components.figures.charts import finish
from components.figures.colours import Colours
from components.figures.run_figures import CURVES, Spot
from components.pages import PAGE_OF
from components.words.language import t
from core.analysis import readings
from core.configs import CONFIGS
from core.results import ERROR, SCORES, Score
from core.store.board import Entry

NAME_WIDTH = 0.06
NAME_HEIGHT = 0.05
MOST_CURVES = 10
MOST_POINTS = 500
"""Of the latest runs."""
SHAPES = "circle", "diamond", "square", "triangle-up", "star", "cross", "x", "triangle-down"
SYMBOLS = dict(zip(PAGE_OF, itertools.cycle(SHAPES), strict=False))
"""By the family."""


class Plot(NamedTuple):
    """Two numbers of a run, their names, the families that have both, and whether the first is
    spread on a logarithmic axis.

    Attributes:
        y_title: "" for the name of the family's score.
        is_cost: Whether a line is drawn through the runs than which none is cheaper and better.
    """

    label: str
    x_title: str
    y_title: str
    place: Callable[[Entry], tuple[float, float]]
    families: tuple[str, ...] = tuple(CONFIGS)
    logarithmic: bool = False
    is_cost: bool = False

    def holds(self, entry: Entry) -> bool:
        """Whether the entry has both numbers: another version may have recorded others."""
        if entry.experiment.config.family not in self.families:
            return False
        try:
            self.place(entry)
        except (KeyError, TypeError):
            return False
        return True


def _error(entry: Entry) -> float:
    return entry.record.validation["reconstruction"]


def score_of(entry: Entry) -> float:
    """The number by which runs of its family are compared."""
    return SCORES[entry.experiment.config.family].of(entry.record)


def _reading(entry: Entry, name: str) -> float:
    return float(entry.record.readings[name])  # type: ignore[arg-type]


def _cost(name: str) -> Callable[[Entry], tuple[float, float]]:
    """Seconds or parameters, and the score. Raises TypeError where they are not known."""
    return lambda entry: (float(getattr(entry.results, name)), score_of(entry))


ALL = tuple(SCORES)
PLOTS = {
    "bottleneck": Plot(
        "Bottleneck and error",
        "bottleneck size",
        "reconstruction error on test images",
        lambda entry: (entry.experiment.config.latent_dim, _error(entry)),
        logarithmic=True,
    ),
    "rate": Plot(
        "Rate and distortion",
        "latent loss (nats an image)",
        "reconstruction (nats an image)",
        lambda entry: (
            readings.rate(entry.record),
            readings.distortion(entry.record, entry.experiment),
        ),
        ("variational",),
    ),
    "active": Plot(
        "Active units and error",
        "active units an image",
        "reconstruction error on test images",
        lambda entry: (_reading(entry, "l0"), _error(entry)),
        ("stacked", "sparse"),
    ),
    "epochs": Plot(
        "Epochs and score",
        "epochs trained",
        "",
        lambda entry: (entry.record.epoch, score_of(entry)),
        ALL,
    ),
    "seconds": Plot(
        "Seconds and score",
        "seconds of training on one worker",
        "",
        _cost("seconds"),
        ALL,
        logarithmic=True,
        is_cost=True,
    ),
    "parameters": Plot(
        "Parameters and score",
        "trained parameters",
        "",
        _cost("parameters"),
        ALL,
        logarithmic=True,
        is_cost=True,
    ),
    "curves": Plot("Curves", "", "", lambda entry: _first_point(entry), tuple(CURVES)),
}
"""The last one draws what was measured of each run at rest."""


def _first_point(entry: Entry) -> tuple[float, float]:
    """Raises TypeError where nothing was measured."""
    if entry.results.curve is None:
        raise TypeError
    return entry.results.curve.x[0], next(iter(entry.results.curve.lines.values()))[0]


def make_measured(entries: Sequence[Entry], family: str, colours: Colours) -> go.Figure:
    """What was measured of runs of one family."""
    named = [(entry.nickname, entry.results.curve) for entry in entries if entry.results.curve]
    return run_figures.make_curves(named[:MOST_CURVES], family, colours)


def make_board(plot: Plot, entries: Sequence[Entry], mine: str, colours: Colours) -> go.Figure:
    """A point a run with its nickname; the visitor's own are larger and ringed.

    Args:
        mine: Digest of the visitor's token.
    """
    entries = entries[:MOST_POINTS]
    figure = go.Figure()
    named = _apart(plot, entries)
    for family in plot.families:
        title = PAGE_OF[family].title
        some = [entry for entry in entries if entry.experiment.config.family == family]
        for own in (False, True):
            here = [entry for entry in some if (entry.owner == mine) == own]
            _add(figure, plot, here, named)
            ring = {"size": 15, "line": {"width": 3, "color": colours.ink}} if own else {"size": 11}
            marker = {"symbol": SYMBOLS[family], "color": colours.reconstruction, "opacity": 0.85}
            name = t("{kind}, yours", kind=t(title)) if own else t(title)
            figure.data[-1].update(name=name, showlegend=bool(here), marker=marker | ring)
    score = SCORES[entries[0].experiment.config.family] if entries else ERROR
    if plot.is_cost:
        _add_frontier(figure, plot, entries, score, colours)
    x = {"title": t(plot.x_title), "type": "log" if plot.logarithmic else "linear"}
    y: dict[str, Any] = {"title": t(plot.y_title or score.label)}
    if score.is_accuracy:
        y |= {"tickformat": ".0%", "minallowed": 0, "maxallowed": 1}
    finish(figure, colours, x, y, hovermode="closest", height=440)
    return figure


def _add_frontier(
    figure: go.Figure, plot: Plot, entries: Sequence[Entry], score: Score, colours: Colours
) -> None:
    spots = [Spot(*plot.place(entry), entry.nickname) for entry in entries]
    edge = run_figures.frontier(spots, is_accuracy=score.is_accuracy)
    figure.add_scatter(
        x=[spot.cost for spot in edge],
        y=[spot.score for spot in edge],
        name=t("frontier: no run is cheaper and better"),
        mode="lines",
        line={"color": colours.limit, "dash": "dash", "shape": "hv"},
        hoverinfo="skip",
    )


def _add(figure: go.Figure, plot: Plot, entries: list[Entry], named: set[str]) -> None:
    places = [plot.place(entry) for entry in entries]
    names = [entry.nickname for entry in entries]
    figure.add_scatter(
        x=[x for x, _ in places],
        y=[y for _, y in places],
        text=[
            name if entry.id in named else "" for entry, name in zip(entries, names, strict=True)
        ],
        hovertext=names,
        mode="markers+text",
        textposition="top center",
        hovertemplate="%{hovertext}<br>%{x:.4g}: %{y:.4g}<extra></extra>",
    )


def _apart(plot: Plot, entries: Sequence[Entry]) -> set[str]:
    """The entries whose names can be read beside each other; the others are named on hover."""
    if not entries:
        return set()
    places = np.array([plot.place(entry) for entry in entries], dtype=float)
    places[:, 0] = np.log(places[:, 0]) if plot.logarithmic else places[:, 0]
    places = (places - places.min(axis=0)) / np.maximum(np.ptp(places, axis=0), 1e-12)
    named: list[int] = []
    for number in np.argsort(places[:, 1]):
        distances = np.abs(places[named] - places[number]) / (NAME_WIDTH, NAME_HEIGHT)
        if (distances.max(axis=1) >= 1).all():
            named.append(int(number))
    return {entries[number].id for number in named}
