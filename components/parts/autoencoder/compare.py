"""This run beside an earlier one of the same visit."""

import contextlib
from collections.abc import Sequence

import streamlit as st

from components.figures import charts, theme
from components.figures.drawing import show_figure
from components.runs import run_restore, stage
from components.streamlit_adapter import session
from components.words.errors import say
from components.words.escaping import plain
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.knobs import params, to_text
from core.queries.questions import Reconstructions
from core.store.library import LIBRARY, KeptRun, LibraryProblem


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """This run beside an earlier one: both curves, both strips, what differs."""
    others = [
        (job.experiment, seen)
        for job in reversed(session.other_jobs(key))
        if (seen := job.snapshot()).records and job.experiment.dataset == experiment.dataset
    ]
    _show_kept(experiment, key)
    if not others:
        stage.show_waiting(
            t(
                "Change a knob and start again: the run before will stand here beside "
                "the new one. Or bring in a run from the library."
            )
        )
        return
    number = st.selectbox(
        t("Compare with"),
        range(len(others)),
        format_func=lambda i: difference(experiment, others[i][0]),
        key=f"{key}_other",
        help=t("What was different in the earlier run."),
    )
    other, seen = others[min(number or 0, len(others) - 1)]
    both = (t("this run"), snapshot, "reconstruction"), (t("earlier run"), seen, "limit")
    rows = [
        (name, view.x_hat, colour)
        for name, each, colour in both
        if (view := each.view(Reconstructions()))
    ]
    st.markdown(t("What changed: {plain}.", plain=plain(difference(experiment, other))))
    stage.show_rows(rows, experiment)
    runs = [(name, each.records) for name, each, _ in both]
    show_figure(
        charts.make_comparison(runs, theme.colours()),
        key=f"{key}_comparison",
        alt=t("Loss of this run and of the earlier one, by epoch."),
    )


def _show_kept(experiment: Experiment, key: str) -> None:
    """A menu of the library's runs on the same data; what is chosen joins the runs of the visit."""
    try:
        runs = [run for run in LIBRARY.runs() if run.experiment.dataset == experiment.dataset]
    except LibraryProblem as problem:
        st.warning(say(problem), icon=":material/block:")
        return
    if runs:
        st.selectbox(
            t("Bring in a kept run"),
            [run.id for run in runs],
            index=None,
            format_func={run.id: run.name for run in runs}.__getitem__,
            key=f"{key}_kept",
            placeholder=t("from the library"),
            on_change=_bring_in,
            args=(runs, key),
            help=t("A run that somebody kept on this server, to stand beside yours."),
        )


def _bring_in(runs: Sequence[KeptRun], key: str) -> None:
    chosen = session.widget_value(f"{key}_kept", None)
    for run in runs:
        if run.id == chosen:
            with contextlib.suppress(LibraryProblem):
                session.add_jobs(key, [run_restore.job_of(run, (Reconstructions(),))])


def difference(ours: Experiment, other: Experiment) -> str:
    """The knobs in which two runs differ, in one line."""
    pairs = ((other, ours), (other.config, ours.config))
    changes = [
        f"{t(declared.label)} {to_text(getattr(a, name))} → {to_text(getattr(b, name))}"
        for a, b in pairs
        for name, declared in params(b).items()
        if getattr(a, name) != getattr(b, name)
    ]
    return (
        t("only {change}", change=changes[0])
        if len(changes) == 1
        else ", ".join(changes) or t("the same knobs")
    )
