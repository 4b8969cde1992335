"""Arms that learn from few labels -> plotly figures. Knows nothing of Streamlit."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from components.figures.charts import add_limit, finish
from components.figures.colours import PALETTE, Colours
from components.words.language import t
from core.engine.state import Record

BAND = 0.18
MOST_SYMBOLS = 8
LABEL_TICKS = [10, 20, 50, 100, 200, 500, 1_000, 4_000, 20_000, 60_000]


class Look(NamedTuple):
    """What an arm is called, and how it is drawn: no two share colour, dash and symbol."""

    title: str
    short: str
    colour: str
    dash: str
    symbol: str


LOOKS = {
    "pretrained_frozen": Look("pretrained, frozen", "frozen", PALETTE["blue"], "solid", "circle"),
    "pretrained_svm": Look(
        "pretrained, SVM on codes", "SVM on codes", PALETTE["pink"], "solid", "square"
    ),
    "pretrained_spreading": Look(
        "pretrained, labels spread", "spread on codes", PALETTE["sky"], "solid", "triangle-up"
    ),
    "pretrained_fine_tuned": Look(
        "pretrained, fine-tuned", "fine-tuned", PALETTE["green"], "solid", "diamond"
    ),
    "from_scratch": Look("from scratch", "from scratch", PALETTE["red"], "dash", "x"),
    "rbf_svm": Look("SVM on raw data", "SVM raw", PALETTE["grey"], "dash", "square-open"),
    "nearest_neighbour": Look("nearest neighbour", "1-NN", PALETTE["brown"], "dot", "circle-open"),
    "pca_logistic": Look(
        "PCA, logistic regression", "PCA", PALETTE["violet"], "dashdot", "diamond-open"
    ),
    "pca_spreading": Look(
        "PCA, labels spread", "spread on PCA", PALETTE["orange"], "dot", "triangle-up-open"
    ),
}
Curves = Mapping[str, Mapping[int, Mapping[int, float]]]


def make_learning(
    records: Sequence[Record], per_record: int, arms: Sequence[str], colours: Colours
) -> go.Figure:
    """Test accuracy while networks learn, by update; arms without updates as level lines.

    Args:
        arms: Those that learn by updates; every other reading is a level line.
    """
    figure = go.Figure()
    updates = [record.epoch * per_record for record in records]
    for arm, look in LOOKS.items():
        values = [record.readings[arm] for record in records]
        learns = arm in arms
        figure.add_scatter(
            x=updates,
            y=values,
            name=t(look.short),
            mode="lines+markers" if len(records) > 1 else "markers",
            line={"color": look.colour, "dash": look.dash, "width": 2.5 if learns else 1.2},
            marker={"symbol": look.symbol, "size": 8, "maxdisplayed": MOST_SYMBOLS},
            hovertemplate="%{y:.1%}",
        )
    x = {"title": t("updates of phase 2"), "rangemode": "tozero"}
    finish(figure, colours, x, {"title": t("right on test data"), "tickformat": ".0%"})
    return figure


def make_curves(
    curves: Curves, spots: Sequence[tuple[int, float, str]], colours: Colours
) -> go.Figure:
    """Accuracy against the number of labels: a line through the means over the seeds, a band from
    the worst seed to the best.

    Args:
        curves: Accuracy by arm, number of labels and seed.
        spots: (labels, accuracy, words) of runs on labels chosen by hand, as stars.
    """
    y = {"title": t("right on test data"), "tickformat": ".0%"}
    figure = _lines(curves, y, colours, hovertemplate="%{y:.1%}")
    figure.add_scatter(
        x=[spot[0] for spot in spots],
        y=[spot[1] for spot in spots],
        text=[spot[2] for spot in spots],
        name=t("labels you chose"),
        mode="markers",
        marker={"symbol": "star", "size": 15, "color": colours.ink},
        hovertemplate=t("%{x} labels: %{y:.1%}<br>%{text}"),
        showlegend=bool(spots),
    )
    return figure


def make_differences(curves: Curves, against: str, colours: Colours) -> go.Figure:
    """How many points of accuracy each arm is ahead of another one on the same labels with the same
    seed: mean, and band over the seeds.
    """
    base = curves.get(against, {})
    paired = {
        arm: {
            count: {
                seed: 100 * (value - base[count][seed])
                for seed, value in seeds.items()
                if seed in base.get(count, {})
            }
            for count, seeds in counts.items()
        }
        for arm, counts in curves.items()
        if arm != against
    }
    y = {"title": t("points ahead of {short}", short=t(LOOKS[against].short))}
    figure = _lines(paired, y, colours, hovertemplate=t("%{y:+.1f} points"))
    add_limit(figure, 0, "", colours)
    return figure


def _lines(
    curves: Curves, y: Mapping[str, str], colours: Colours, *, hovertemplate: str
) -> go.Figure:
    figure = go.Figure()
    for arm, look in LOOKS.items():
        found = {count: list(seeds.values()) for count, seeds in curves.get(arm, {}).items()}
        x = sorted(count for count, values in found.items() if values)
        if not x:
            continue
        low, high = ([pick(found[count]) for count in x] for pick in (min, max))
        figure.add_scatter(
            x=[*x, *reversed(x)],
            y=[*high, *reversed(low)],
            fill="toself",
            mode="none",
            fillcolor=look.colour,
            opacity=BAND,
            hoverinfo="skip",
            showlegend=False,
            legendgroup=arm,
        )
        figure.add_scatter(
            x=x,
            y=[float(np.mean(found[count])) for count in x],
            text=[t("{count} seeds", count=len(found[count])) for count in x],
            name=t(look.short),
            mode="lines+markers",
            line={"color": look.colour, "dash": look.dash},
            marker={"symbol": look.symbol, "size": 8},
            hovertemplate=hovertemplate,
            legendgroup=arm,
        )
    labels = {"title": t("labels"), "type": "log", "tickvals": LABEL_TICKS}
    finish(figure, colours, labels, y)
    return figure


def make_kinds(
    found: Mapping[str, Mapping[str, Mapping[int, float]]], num_labels: int, colours: Colours
) -> go.Figure:
    """Who pretrains best: for each encoder (by its name) the accuracy of the arms on its codes, a
    dot a seed, a line at each mean.

    Args:
        found: Accuracy by encoder, arm and seed.
    """
    figure = go.Figure()
    titles = list(found)
    arms = [arm for arm in LOOKS if any(arm in kinds for kinds in found.values())]
    for shift, arm in zip(np.linspace(-0.25, 0.25, max(len(arms), 1)), arms, strict=False):
        values = {
            at + shift: list(found[title].get(arm, {}).values()) for at, title in enumerate(titles)
        }
        _add_dots(figure, arm, values)
    x = {
        "title": t("pretrained by"),
        "tickvals": list(range(len(titles))),
        "ticktext": [t(title) for title in titles],
        "range": [-0.5, len(titles) - 0.5],
    }
    word = t("right on test data, {num_labels} labels", num_labels=num_labels)
    finish(figure, colours, x, {"title": word, "tickformat": ".0%"}, hovermode="closest")
    return figure


def _add_dots(figure: go.Figure, arm: str, values: Mapping[float, Sequence[float]]) -> None:
    """A dot a value, and a line at the mean of each place."""
    look = LOOKS[arm]
    shared = {"name": t(look.short), "mode": "markers", "legendgroup": arm,
              "hovertemplate": "%{y:.1%}"}  # fmt: skip
    figure.add_scatter(
        x=[x for x, found in values.items() for _ in found],
        y=[value for found in values.values() for value in found],
        marker={"color": look.colour, "size": 7, "symbol": look.symbol, "opacity": 0.6},
        **shared,
    )
    means = {x: float(np.mean(found)) for x, found in values.items() if found}
    line = {"width": 3, "color": look.colour}
    figure.add_scatter(
        x=list(means),
        y=list(means.values()),
        marker={"color": look.colour, "size": 26, "symbol": "line-ew-open", "line": line},
        showlegend=False,
        **shared,
    )


def make_confusion(
    confusion: np.ndarray, names: Sequence[str], arm: str, colours: Colours
) -> go.Figure:
    """How often each true class (rows) was taken for each other (columns)."""
    share = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    wrong = np.where(np.eye(len(names), dtype=bool), 0, share)
    figure = go.Figure(
        go.Heatmap(
            z=wrong,
            x=list(names),
            y=list(names),
            text=confusion,
            colorscale=[[0, "rgba(213,94,0,0)"], [1, "rgba(213,94,0,.8)"]],
            zmin=0,
            zmax=max(0.1, float(wrong.max())),
            showscale=False,
            xgap=1,
            ygap=1,
            texttemplate="%{text}",
            textfont={"color": colours.ink, "size": 11},
            hovertemplate=t("%{y} taken for %{x}: %{text}<extra></extra>"),
        )
    )
    plain = {"type": "category", "showgrid": False}
    x = {"title": t("answer of {short}", short=t(LOOKS[arm].short)), **plain}
    y = {"title": t("true class"), "autorange": "reversed", **plain}
    margin = {"l": 60, "r": 10, "t": 10, "b": 45}
    finish(figure, colours, x, y, hovermode="closest", height=360, margin=margin)
    return figure
