"""Error against sparsity, a point a run: the frontier grows from the visitor's own runs."""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from components.figures import theme, unit_figures
from components.figures.drawing import show_figure
from components.parts.sparsity import penalty
from components.runs import series
from components.words.language import t
from core.analysis.readings import mse
from core.comparisons import PENALTIES, penalty_of, with_penalties
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.knobs import params, to_text
from core.queries.questions import Activations, Reconstructions

VIEWS = (Activations(), Reconstructions())


class Axes(NamedTuple):
    """A word for the switch, and what stands on the two axes (names of `NUMBERS`)."""

    title: str
    x: str
    y: str


NUMBERS = {
    "error": "test error (mse)",
    "l0": "active units an image",
    "hoyer": "selectivity (Hoyer)",
    "mean": "mean activation",
}
AXES = {
    "l0": Axes("Error by active units", "l0", "error"),
    "hoyer": Axes("Error by selectivity", "hoyer", "error"),
    "mean": Axes("Selectivity by mean activation", "mean", "hoyer"),
}


LABELS = {"l1": "λ", "sparsity_target": "target", "sparsity_weight": "KL weight"}


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """All runs of the visit on these data, and buttons for five more at once."""
    chosen = st.segmented_control(
        t("Axes"), list(AXES), default="l0", format_func=lambda name: t(AXES[name].title),
        key=f"{key}_axes", label_visibility="collapsed",
    )  # fmt: skip
    axes = AXES[chosen or "l0"]
    runs = series.runs(snapshot, experiment, key)
    show_figure(
        unit_figures.make_frontier(
            [_spot(axes, other, seen, is_present=seen is snapshot) for other, seen in runs],
            t(NUMBERS[axes.x]),
            t(NUMBERS[axes.y]),
            theme.colours(),
        ),
        key=f"{key}_frontier_{axes.x}",
        alt=t(
            "{title}: one point per run of this visit, the present one as a star.",
            title=t(axes.title),
        ),
        empty=_why_empty(snapshot),
    )
    with st.container(horizontal=True, gap="small"):
        for knob in LABELS:
            _show_button(knob, experiment, key)
        series.show_stop(key)


def _why_empty(snapshot: Snapshot) -> str:
    """Selectivity is no number where no unit is active; "" while one may still come."""
    is_over = snapshot.phase in ("stopped", "finished")
    measured = is_over and "hoyer" in snapshot.traces
    return t("This run has no value that is a number.") if measured else ""


def _show_button(knob: str, experiment: Experiment, key: str) -> None:
    values = ", ".join(to_text(value) for value in PENALTIES[knob].values)
    needs_sigmoid = knob != "l1" and experiment.config.latent_activation != "sigmoid"
    st.button(
        t("Five runs over {label}", label=t(LABELS[knob])),
        key=f"{key}_series_{knob}",
        icon=":material/stacked_line_chart:",
        on_click=_train,
        args=(knob, experiment, key),
        disabled=needs_sigmoid,
        help=t("The KL penalty needs sigmoid codes.")
        if needs_sigmoid
        else t(
            "Trains this network with {label} at {values}, all else equal: a point "
            "arrives for each as it learns.",
            label=t(params(experiment.config)[knob].label),
            values=values,
        ),
    )


def _train(knob: str, experiment: Experiment, key: str) -> None:
    series.train(with_penalties(experiment, knob), key, VIEWS)


def _spot(
    axes: Axes, experiment: Experiment, snapshot: Snapshot, *, is_present: bool
) -> unit_figures.Spot:
    record = snapshot.record
    assert record is not None, "series.runs leaves out what has none"
    numbers: dict[str, Any] = {
        "error": mse(record),
        "l0": record.readings["l0"],
        "hoyer": snapshot.traced("hoyer"),
        "mean": float(np.mean(record.readings["mean_activations"])),
    }
    now = record.coefficients
    words = t("{words}, epoch {epoch}", words=penalty.words(now), epoch=record.epoch)
    if experiment.moves:
        words += t(", turned on the way")
    return unit_figures.Spot(penalty_of(now), numbers[axes.x], numbers[axes.y], words, is_present)
