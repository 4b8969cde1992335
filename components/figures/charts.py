"""Data -> plotly figures. Knows nothing of Streamlit."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from components.figures.colours import Colours
from components.words.language import t
from core.engine.state import Record
from core.experiments import Experiment, Move
from core.knobs import params, to_text

SIZES = {"circle": 9, "star": 15}
CLEAR = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}
"""Figures stand on the paper of the page."""
PART_LABELS = {
    "reconstruction": "reconstruction",
    "l1_penalty": "L1 penalty",
    "sparsity_penalty": "KL penalty",
    "latent_penalty": "latent penalty",
    "total": "total",
}
SHORTEST_AXIS = 10
EPOCHS, UPDATES = "epochs", "updates"
LOWEST_ERROR = 1e-9
LOWEST_PCA = 1e-4
WIDEST_PCA = 256
MANY_POINTS = 30
SIZE_TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
LOG_TICKS = [digit * 10.0**power for power in range(-7, 4) for digit in (1, 2, 5)]


def part_label(name: str) -> str:
    """A part of the loss in words: orthogonality_penalty is an orthogonality penalty."""
    return PART_LABELS.get(name, name.replace("_", " "))


def make_loss_curve(
    records: Sequence[Record], experiment: Experiment, colours: Colours
) -> go.Figure:
    """Every part of the loss against epochs, training solid and test dashed, moved knobs marked."""
    figure = go.Figure()
    for name in _parts(records):
        _add_part(figure, records, name, colours)
    mark_moves(figure, experiment, colours)
    config = experiment.config
    last = records[-1].epoch if records else 0
    loss = params(config)["reconstruction_loss"].value_names[config.reconstruction_loss]
    x = {"title": t("epoch"), "range": [0, max(SHORTEST_AXIS, last)]}
    y = {"title": t("loss: {loss}", loss=t(loss)), "type": "log", "tickvals": LOG_TICKS}
    finish(figure, colours, x, y)
    return figure


def _add_part(figure: go.Figure, records: Sequence[Record], name: str, colours: Colours) -> None:
    """One part of the loss, twice; every penalty has the colour of the latents."""
    own = {"reconstruction": colours.reconstruction, "total": colours.ink}
    for split, dash in (("train", "solid"), ("test", "dash")):
        parts = [record.parts if split == "train" else record.validation for record in records]
        figure.add_scatter(
            x=[record.epoch for record in records],
            y=[part[name] for part in parts],
            name=f"{t(part_label(name))}, {t(split)}",
            mode="lines" if len(records) > 1 else "markers",
            line={"color": own.get(name, colours.latents), "dash": dash},
            hovertemplate="%{y:.5f}",
        )


def _parts(records: Sequence[Record]) -> list[str]:
    """The parts to draw; a total that equals its only part is not drawn twice."""
    names = [name for name in (records[-1].parts if records else ()) if name != "total"]
    return names if len(names) == 1 else [*names, "total"] if names else []


def mark_moves(figure: go.Figure, experiment: Experiment, colours: Colours) -> None:
    """A dotted line at every knob that moved, on an axis of epochs."""
    for move in experiment.moves:
        _mark(figure, move, experiment, colours.limit)


def _mark(figure: go.Figure, move: Move, experiment: Experiment, colour: str) -> None:
    label = t(params(experiment.config)[move.name].label)
    figure.add_vline(
        x=move.update / experiment.updates_per_epoch,
        line={"color": colour, "dash": "dot", "width": 1},
        annotation={
            "text": f"{label} → {to_text(move.value)}",
            "textangle": -90,
            "font": {"size": 11},
            "yanchor": "top",
        },
    )


def finish(
    figure: go.Figure, colours: Colours, x: Mapping[str, Any], y: Mapping[str, Any], **own: Any
) -> None:
    """The theme: what all figures share, with the axes and what else is this one's own.

    Each is set once: plotly's `update_` methods take ten times as long, on every look of a class,
    and a template of plotly half as long again (docs/decisions.md).
    """
    layout = {
        "height": 310,
        "margin": {"l": 60, "r": 10, "t": 30, "b": 45},
        "hovermode": "x unified",
        "uirevision": "kept",
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        **CLEAR,
        "xaxis": _axis(x, colours),
        "yaxis": _axis(y, colours),
    }
    over = {t("epoch"): EPOCHS, t("update"): UPDATES, t("updates of phase 2"): UPDATES}
    figure.layout.meta = over.get(x["title"])
    for name, value in (layout | own).items():
        figure.layout[name] = value


def _axis(own: Mapping[str, Any], colours: Colours) -> dict[str, Any]:
    font = {"color": colours.limit}
    shared = {"gridcolor": colours.grid, "zeroline": False, "tickfont": font}
    return shared | dict(own) | {"title": {"text": own["title"], "font": font}}


def add_origin(figure: go.Figure, records: Sequence[Record], colours: Colours) -> None:
    """The test loss of the run from which this one was forked, as a pale line."""
    if records:
        figure.add_scatter(
            x=[record.epoch for record in records],
            y=[record.validation["total"] for record in records],
            name=t("before the fork, test"),
            mode="lines",
            line={"color": colours.limit, "width": 1.5},
            opacity=0.5,
            hovertemplate="%{y:.5f}",
        )


def add_limit(figure: go.Figure, value: float, words: str, colours: Colours) -> None:
    """A thin dashed line across a finished figure, with words under its right end."""
    line = {"color": colours.limit, "dash": "dash", "width": 1}
    across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value}
    height = np.log10(value) if figure.layout.yaxis.type == "log" else value
    note = {"text": words, "xref": "paper", "x": 1, "y": height, "xanchor": "right",
            "yanchor": "top", "showarrow": False}  # fmt: skip
    figure.layout.shapes = (*figure.layout.shapes, across | {"line": line})
    figure.layout.annotations = (*figure.layout.annotations, note)


def make_size_curve(
    points: Sequence[tuple[int, float, str]],
    errors: Sequence[float] | np.ndarray | None,
    colours: Colours,
) -> go.Figure:
    """Test error against the size of the code, run by run, with PCA as a line.

    Args:
        points: (latent_dim, mean squared error, words for the hover) of every run, the present one
            last.
        errors: PCA's error with 0, 1, ... D components, or None while it is not known.
    """
    figure = go.Figure()
    if errors is not None:
        widest = max([WIDEST_PCA, *(point[0] for point in points)])
        sizes = [k for k in range(1, min(widest + 1, len(errors))) if errors[k] > LOWEST_PCA]
        figure.add_scatter(
            x=sizes,
            y=[float(errors[size]) for size in sizes],
            name=t("PCA"),
            mode="lines",
            line={"color": colours.limit, "dash": "dash"},
            hovertemplate=t("%{x} components: %{y:.5f}"),
        )
    rows = (t("your runs"), points[:-1], "circle"), (t("now"), points[-1:], "star")
    for name, some, symbol in rows:
        figure.add_scatter(
            x=[point[0] for point in some],
            y=[max(point[1], LOWEST_ERROR) for point in some],
            text=[point[2] for point in some],
            name=name,
            mode="markers",
            marker={"color": colours.reconstruction, "size": SIZES[symbol], "symbol": symbol},
            hovertemplate=t("%{x} codes: %{y:.5f}<br>%{text}"),
        )
    x = {"title": t("bottleneck size"), "type": "log", "tickvals": SIZE_TICKS}
    y = {"title": t("test error (mse)"), "type": "log", "tickvals": LOG_TICKS}
    finish(figure, colours, x, y, hovermode="closest")
    return figure


def make_comparison(runs: Sequence[tuple[str, Sequence[Record]]], colours: Colours) -> go.Figure:
    """The loss of two runs, training solid and test dashed: the present one first."""
    figure = go.Figure()
    for (name, records), colour in zip(runs, (colours.reconstruction, colours.limit), strict=True):
        for split, dash in (("train", "solid"), ("test", "dash")):
            parts = [record.parts if split == "train" else record.validation for record in records]
            figure.add_scatter(
                x=[record.epoch for record in records],
                y=[part["total"] for part in parts],
                name=f"{name}, {split}",
                mode="lines" if len(records) > 1 else "markers",
                line={"color": colour, "dash": dash},
                hovertemplate="%{y:.5f}",
            )
    y = {"title": t("loss"), "type": "log", "tickvals": LOG_TICKS}
    finish(figure, colours, {"title": t("epoch")}, y)
    return figure


def make_trace(
    trace: Sequence[tuple[float, float]],
    *,
    title: str,
    limit: tuple[float, str] | None,
    colours: Colours,
) -> go.Figure:
    """One number along the training. trace: (epoch, value); limit: a value and its name."""
    figure = go.Figure()
    figure.add_scatter(
        x=[epoch for epoch, _ in trace],
        y=[value for _, value in trace],
        mode="lines+markers" if len(trace) < MANY_POINTS else "lines",
        line={"color": colours.latents},
        hovertemplate=t("epoch %{x:.1f}: %{y:.3g}<extra></extra>"),
    )
    x = {"title": t("epoch"), "rangemode": "tozero"}
    finish(figure, colours, x, {"title": title}, hovermode="closest")
    if limit:
        add_limit(figure, *limit, colours)
    return figure


def make_bars(
    values: Sequence[float] | np.ndarray,
    *,
    x_title: str,
    y_title: str,
    highest: float,
    colours: Colours,
) -> go.Figure:
    """A bar a value, numbered from 1."""
    figure = go.Figure()
    figure.add_bar(
        x=list(range(1, len(values) + 1)),
        y=list(values),
        marker={"color": colours.latents},
        hovertemplate="%{x}: %{y:.2f}<extra></extra>",
    )
    x = {"title": x_title, "dtick": 1 if len(values) <= MANY_POINTS else None}
    finish(figure, colours, x, {"title": y_title, "range": [0, highest]}, hovermode="closest")
    return figure


def make_sequence(x: Iterable[float], x_hat: Iterable[float] | None, colours: Colours) -> go.Figure:
    """A row of numbers and its copy, place by place."""
    figure = go.Figure()
    rows = (("input", x, colours.ink, "solid"), ("copy", x_hat, colours.reconstruction, "dash"))
    for name, values, colour, dash in rows:
        if values is not None:
            figure.add_scatter(
                y=list(values),
                x0=1,
                name=name,
                mode="lines+markers",
                line={"color": colour, "dash": dash},
                hovertemplate="%{y:.1f}",
            )
    finish(figure, colours, {"title": t("position"), "dtick": 1}, {"title": t("number")})
    return figure


def make_accuracy(
    runs: Sequence[tuple[str, Sequence[Record]]], x_title: str, y_title: str, colours: Colours
) -> go.Figure:
    """Share of right answers of two models by epoch: the present one first."""
    figure = go.Figure()
    for (name, records), colour in zip(runs, _two(colours), strict=False):
        figure.add_scatter(
            x=[record.epoch for record in records],
            y=[record.readings["accuracy"] for record in records],
            name=name,
            mode="lines" if len(records) > 1 else "markers",
            line={"color": colour, "dash": "dash"},
            hovertemplate="%{y:.1%}",
        )
    last = max([len(records) for _, records in runs])
    x = {"title": x_title, "range": [0, max(SHORTEST_AXIS, last)]}
    y = {"title": y_title, "range": [0, 1.02], "tickformat": ".0%"}
    finish(figure, colours, x, y)
    figure.layout.meta = EPOCHS
    return figure


def make_robustness(
    curves: Mapping[str, np.ndarray], rates: Sequence[float], colours: Colours
) -> go.Figure:
    """Accuracy against the share of words with a typo. curves: [models, rates] by what they read;
    a band from the worst to the best model.
    """
    figure = go.Figure()
    tints = {"character": colours.reconstruction, "word": colours.corrupted,
             "hybrid": colours.latents}  # fmt: skip
    for name, values in curves.items():
        figure.add_scatter(
            x=[*rates, *reversed(rates)],
            y=[*values.max(axis=0), *reversed(values.min(axis=0))],
            fill="toself",
            mode="none",
            fillcolor=tints[name],
            opacity=0.25,
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_scatter(
            x=list(rates),
            y=values.mean(axis=0),
            name=t("{name}, seeds: {count}", name=t(name), count=len(values)),
            mode="lines+markers",
            line={"color": tints[name], "dash": "dash"},
            hovertemplate="%{y:.1%}",
        )
    x = {"title": t("words of four characters or more with a typo"), "tickformat": ".0%"}
    y = {"title": t("right on test texts"), "range": [0, 1.02], "tickformat": ".0%"}
    finish(figure, colours, x, y)
    return figure


def make_letter_map(
    characters: Sequence[str], positions: np.ndarray, groups: Sequence[str], colours: Colours
) -> go.Figure:
    """Every character at its place. positions: [V, 2]; groups: one name a character."""
    figure = go.Figure()
    for group, colour in zip(
        ("vowels", "consonants", "other signs"),
        (colours.corrupted, colours.reconstruction, colours.limit),
        strict=True,
    ):
        rows = [i for i, name in enumerate(groups) if name == group]
        figure.add_scatter(
            x=positions[rows, 0],
            y=positions[rows, 1],
            text=["␣" if characters[i] == " " else characters[i] for i in rows],
            name=t(group),
            mode="text",
            textfont={"color": colour, "size": 15},
            hovertemplate="%{text}<extra></extra>",
        )
    _finish_map(figure, colours)
    return figure


def make_form_map(
    stems: Sequence[Sequence[str]], positions: np.ndarray, colours: Colours
) -> go.Figure:
    """Forms of words at their places, a line from the first of each stem to the others.

    Args:
        positions: [F, 2], the forms of all stems in a row.
    """
    figure = go.Figure()
    at = 0
    for stem, colour in zip(stems, colours.classes, strict=False):
        x, y = positions[at : at + len(stem)].T
        at += len(stem)
        for i in range(1, len(stem)):
            figure.add_scatter(
                x=x[[0, i]],
                y=y[[0, i]],
                mode="lines",
                line={"color": colour, "width": 1},
                hoverinfo="skip",
                showlegend=False,
            )
        figure.add_scatter(
            x=x,
            y=y,
            text=list(stem),
            mode="markers+text",
            textposition="top center",
            name=stem[0],
            marker={"color": colour, "size": [12, *[8] * (len(stem) - 1)]},
            hovertemplate="%{text}<extra></extra>",
        )
    _finish_map(figure, colours)
    return figure


def make_growth(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]], colours: Colours
) -> go.Figure:
    """Different words (solid) and characters (dotted) against the length of a text, by language."""
    figure = go.Figure()
    tints = (colours.reconstruction, colours.corrupted, colours.ink)
    for (language, (lengths, words, characters)), colour in zip(curves.items(), tints, strict=True):
        for values, what, dash in ((words, "words", "solid"), (characters, "characters", "dot")):
            figure.add_scatter(
                x=lengths,
                y=values,
                name=f"{t(language)}, {t(what)}",
                mode="lines",
                line={"color": colour, "dash": dash},
                hovertemplate="%{y:,}",
            )
    x = {"title": t("length of the text (words)"), "type": "log"}
    finish(figure, colours, x, {"title": t("different ones so far"), "type": "log"})
    return figure


def _finish_map(figure: go.Figure, colours: Colours) -> None:
    """A plane whose numbers mean nothing, only what is near."""
    x = {"title": t("first main direction of the vectors"), "showticklabels": False}
    y = {"title": t("second main direction"), "showticklabels": False}
    finish(figure, colours, x, y, hovermode="closest", uirevision=None)


def _two(colours: Colours) -> tuple[str, str]:
    return colours.reconstruction, colours.corrupted
