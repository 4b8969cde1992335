"""Runs beside each other -> plotly figures. Knows nothing of Streamlit."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from components.figures.charts import LOG_TICKS, finish
from components.figures.colours import Colours
from components.figures.label_figures import LOOKS
from components.words.language import t
from core.engine.state import Record
from core.results import Curve, Score

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


class Axis(NamedTuple):
    """The title of an axis, whether it is logarithmic, and how its numbers are written."""

    title: str
    is_logarithmic: bool = False
    tick_format: str = ""


TYPO_RATE = Axis("words of four characters or more with a typo", tick_format=".0%")
LIST_SIZE = Axis("words in the list", is_logarithmic=True)
NUM_LABELS = Axis("number of labels", is_logarithmic=True)
CURVES: Mapping[str, tuple[Axis, str]] = {
    "character": (TYPO_RATE, "accuracy on test texts"),
    "speller": (LIST_SIZE, "nearest vector is the right word"),
    "labels": (NUM_LABELS, "accuracy on test data"),
}
"""Of a family's measured curve: its x axis, and what its y axis is called."""


class Spot(NamedTuple):
    """A run on the plane of cost and score.

    Attributes:
        words: For the hover.
        is_present: Whether it is the run of the page.
    """

    cost: float
    score: float
    words: str
    is_present: bool = False


def make_progress(
    runs: Sequence[tuple[str, Sequence[Record]]], score: Score, unit: str, colours: Colours
) -> go.Figure:
    """The score of runs after each epoch, the present one first."""
    figure = go.Figure()
    for (name, records), colour in zip(runs, _tints(colours), strict=False):
        figure.add_scatter(
            x=[record.epoch for record in records],
            y=[score.of(record) for record in records],
            name=name,
            mode="lines" if len(records) > 1 else "markers",
            line={"color": colour, "dash": "dash"},
            hovertemplate="%{y:.1%}" if score.is_accuracy else "%{y:.5f}",
        )
    finish(figure, colours, {"title": unit, "rangemode": "tozero"}, _axis_of(score))
    return figure


def make_bands(
    runs: Sequence[tuple[str, Sequence[Sequence[Record]]]],
    score: Score,
    unit: str,
    colours: Colours,
) -> go.Figure:
    """The score of two runs after each epoch, and round each a band from the lowest to the highest
    of the same run with other seeds.

    Args:
        runs: Names, each with the records of the run, then those of the other seeds.
    """
    figure = go.Figure()
    for (name, (own, *others)), colour in zip(
        runs, (colours.reconstruction, colours.latents), strict=True
    ):
        count = min(map(len, [own, *others]))
        if others and count:
            values = np.array(
                [[score.of(each[i]) for i in range(count)] for each in (own, *others)]
            )
            epochs = np.arange(1, count + 1)
            figure.add_scatter(
                x=np.concatenate([epochs, epochs[::-1]]),
                y=np.concatenate([values.max(axis=0), values.min(axis=0)[::-1]]),
                fill="toself", fillcolor=colour, opacity=0.2, mode="none", hoverinfo="skip",
                showlegend=False, name=name,
            )  # fmt: skip
        figure.add_scatter(
            x=[record.epoch for record in own],
            y=[score.of(record) for record in own],
            name=name,
            mode="lines" if len(own) > 1 else "markers",
            line={"color": colour},
            hovertemplate="%{y:.1%}" if score.is_accuracy else "%{y:.5f}",
        )
    finish(figure, colours, {"title": unit, "rangemode": "tozero"}, _axis_of(score), height=240)
    return figure


def make_small(records: Sequence[Record], score: Score, colours: Colours) -> go.Figure:
    """The score of one run after each epoch, without axes: a picture to recognise it by."""
    figure = make_progress([("", records)], score, "", colours)
    bare = {"visible": False}
    figure.layout.update(
        height=70, margin={"l": 0, "r": 0, "t": 4, "b": 4}, showlegend=False, xaxis=bare, yaxis=bare
    )
    return figure


def make_curves(runs: Sequence[tuple[str, Curve]], family: str, colours: Colours) -> go.Figure:
    """The measured curves of some runs: one colour per run, and one dash per line of it."""
    axis, y_title = CURVES[family]
    figure = go.Figure()
    for (name, curve), colour in zip(runs, _tints(colours), strict=False):
        for number, (line, values) in enumerate(curve.lines.items()):
            is_one_of_many = len(curve.lines) > 1
            figure.add_scatter(
                x=list(curve.x),
                y=list(values),
                name=f"{name}: {t(_title(line))}" if is_one_of_many else name,
                mode="lines+markers",
                line={"color": colour, "dash": DASHES[number % len(DASHES)]},
                hovertemplate="%{y:.1%}",
            )
    x = {"title": t(axis.title), "tickformat": axis.tick_format}
    x |= {"type": "log"} if axis.is_logarithmic else {}
    finish(figure, colours, x, {"title": t(y_title), "range": [0, 1.02], "tickformat": ".0%"})
    return figure


def _title(line: str) -> str:
    """What a line of a measured curve is called: a method of few labels has a title."""
    return LOOKS[line].short if line in LOOKS else line


def make_cost(
    spots: Sequence[Spot], title: str, score: Score, colours: Colours, *, best: str
) -> go.Figure:
    """The score of runs against what they cost, and through the best of them a line: no other run
    is both cheaper and better.

    Args:
        title: What the cost is.
        best: What the line is called.
    """
    figure = go.Figure()
    edge = frontier(spots, is_accuracy=score.is_accuracy)
    figure.add_scatter(
        x=[spot.cost for spot in edge],
        y=[spot.score for spot in edge],
        name=best,
        mode="lines",
        line={"color": colours.limit, "dash": "dash", "shape": "hv"},
        hoverinfo="skip",
    )
    for name, is_present, symbol in ((t("your runs"), False, "circle"), (t("now"), True, "star")):
        some = [spot for spot in spots if spot.is_present == is_present]
        figure.add_scatter(
            x=[spot.cost for spot in some],
            y=[spot.score for spot in some],
            text=[spot.words for spot in some],
            name=name,
            mode="markers",
            marker={
                "color": colours.reconstruction,
                "size": 15 if is_present else 9,
                "symbol": symbol,
            },
            hovertemplate="%{x:.4g}: %{y:.1%}<br>%{text}<extra></extra>"
            if score.is_accuracy
            else "%{x:.4g}: %{y:.5f}<br>%{text}<extra></extra>",
        )
    x = {"title": title, "type": "log"}
    finish(figure, colours, x, _axis_of(score), hovermode="closest")
    return figure


def frontier(spots: Sequence[Spot], *, is_accuracy: bool) -> list[Spot]:
    """Those than which no other is both cheaper and better, by their cost."""
    sign = -1 if is_accuracy else 1
    edge: list[Spot] = []
    for spot in sorted(spots, key=lambda each: (each.cost, sign * each.score)):
        if not edge or sign * spot.score < sign * edge[-1].score:
            edge.append(spot)
    return edge


def _tints(colours: Colours) -> tuple[str, ...]:
    return (colours.reconstruction, colours.corrupted, *colours.classes)


def _axis_of(score: Score) -> dict[str, object]:
    if score.is_accuracy:
        return {"title": t(score.label), "tickformat": ".0%", "minallowed": 0, "maxallowed": 1}
    return {"title": t(score.label), "type": "log", "tickvals": LOG_TICKS}
