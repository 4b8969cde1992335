"""Data -> plotly figures. Knows nothing of Streamlit."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.experiments import Experiment, Move
from core.params import params, to_text
from core.progress import Record

PART_LABELS = {
    "reconstruction": "reconstruction",
    "l1_penalty": "L1 penalty",
    "sparsity_penalty": "KL penalty",
    "latent_penalty": "latent penalty",
    "total": "total",
}
SHORTEST_AXIS = 10
LOG_TICKS = [digit * 10.0**power for power in range(-7, 4) for digit in (1, 2, 5)]


def make_loss_curve(
    records: Sequence[Record],
    experiment: Experiment,
    part_colours: dict[str, str],
    mark_colour: str,
    grid_colour: str,
) -> go.Figure:
    """Every part of the loss against epochs, training solid and test dashed, with a mark where a
    knob was moved.

    Args:
        part_colours: Colour by name of a part; a part without one is drawn in the colour of
            `total`.
    """
    figure = go.Figure()
    epochs = [record.epoch for record in records]
    for name in _parts(records):
        colour, label = part_colours.get(name, part_colours["total"]), PART_LABELS[name]
        for split, dash, values in (
            ("train", "solid", [record.parts[name] for record in records]),
            ("test", "dash", [record.validation[name] for record in records]),
        ):
            figure.add_scatter(
                x=epochs,
                y=values,
                name=f"{label}, {split}",
                mode="lines",
                line={"color": colour, "dash": dash},
                hovertemplate="%{y:.5f}",
            )
    for move in experiment.moves:
        _mark(figure, move, experiment, mark_colour)
    _style(figure, grid_colour)
    words = params(experiment.config)["reconstruction_loss"].words
    figure.update_yaxes(
        title=f"loss: {words[experiment.config.reconstruction_loss]}",
        type="log",
        tickvals=LOG_TICKS,
    )
    figure.update_xaxes(
        title="epoch", range=[0, max(SHORTEST_AXIS, *epochs, 0) if epochs else SHORTEST_AXIS]
    )
    return figure


def _parts(records: Sequence[Record]) -> list[str]:
    """The parts to draw; a total that equals its only part is not drawn twice."""
    names = [name for name in (records[-1].parts if records else ()) if name != "total"]
    return names if len(names) == 1 else [*names, "total"] if names else []


def _mark(figure: go.Figure, move: Move, experiment: Experiment, colour: str) -> None:
    label = params(experiment.config)[move.name].label
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


def _style(figure: go.Figure, grid_colour: str) -> None:
    figure.update_layout(
        height=400,
        margin={"l": 60, "r": 10, "t": 30, "b": 45},
        hovermode="x unified",
        uirevision="kept",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(gridcolor=grid_colour, zeroline=False)
    figure.update_yaxes(gridcolor=grid_colour, zeroline=False)
