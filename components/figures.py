"""Data -> plotly figures. Knows nothing of Streamlit."""

from collections.abc import Sequence

import plotly.graph_objects as go

from components.colours import Colours
from core.experiments import Experiment, Move
from core.params import params, to_text
from core.progress import Record

PART_LABELS = {"l1_penalty": "L1 penalty", "sparsity_penalty": "KL penalty"}
SHORTEST_AXIS = 10
LOG_TICKS = [digit * 10.0**power for power in range(-7, 4) for digit in (1, 2, 5)]


def make_loss_curve(
    records: Sequence[Record], experiment: Experiment, colours: Colours
) -> go.Figure:
    """Every part of the loss against epochs, training solid and test dashed, moved knobs marked."""
    figure = go.Figure()
    for name in _parts(records):
        _add_part(figure, records, name, colours)
    for move in experiment.moves:
        _mark(figure, move, experiment, colours.limit)
    _style(figure, colours.grid)
    config, last = experiment.config, records[-1].epoch if records else 0
    loss = params(config)["reconstruction_loss"].words[config.reconstruction_loss]
    figure.update_yaxes(title=f"loss: {loss}", type="log", tickvals=LOG_TICKS)
    figure.update_xaxes(title="epoch", range=[0, max(SHORTEST_AXIS, last)])
    return figure


def _add_part(figure: go.Figure, records: Sequence[Record], name: str, colours: Colours) -> None:
    """One part of the loss, twice; every penalty has the colour of the latents."""
    own = {"reconstruction": colours.reconstruction, "total": colours.ink}
    for split, dash in (("train", "solid"), ("test", "dash")):
        parts = [record.parts if split == "train" else record.validation for record in records]
        figure.add_scatter(
            x=[record.epoch for record in records],
            y=[part[name] for part in parts],
            name=f"{PART_LABELS.get(name, name.replace('_', ' '))}, {split}",
            mode="lines" if len(records) > 1 else "markers",
            line={"color": own.get(name, colours.latents), "dash": dash},
            hovertemplate="%{y:.5f}",
        )


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
