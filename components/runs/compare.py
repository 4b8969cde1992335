"""The run of a page beside earlier ones of the visit, and kept ones."""

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from components.figures import run_figures, theme
from components.figures.drawing import show_figure, show_html
from components.knobs import values
from components.runs import measures, run_restore, stage
from components.streamlit_adapter import session
from components.words.errors import say
from components.words.escaping import join, markup, plain
from components.words.language import t
from core.configs import CONFIGS
from core.engine.state import Record, Snapshot
from core.experiments import Experiment
from core.jobs.runner import Job
from core.knobs import params
from core.queries.questions import Reconstructions
from core.results import SCORES, Results, kind
from core.store.library import LIBRARY, KeptRun, LibraryProblem

MOST = 4
KEPT = "kept:"
LIBRARY_SECONDS = 5
COLOURS = ("reconstruction", "limit")
TABLE = """<div class="table" tabindex="0"><table class="numbers">
<tr>{head}</tr>{rows}</table></div>"""
UNITS = {"map": "frame of 25 iterations", "labels": "record"}


class Run(NamedTuple):
    """A run that can stand beside the one of the page.

    Attributes:
        words: What a menu calls it.
        results: None while they are not known.
        snapshot: None for a kept run, of which only the numbers are here.
    """

    words: str
    experiment: Experiment
    records: Sequence[Record]
    results: Results | None
    snapshot: Snapshot | None = None


def show(key: str) -> None:
    """The menu of runs; then curves together, pictures, the difference in words, and numbers."""
    job = session.job(key)
    others = _others(job, key) if job else {}
    if job is None or not others:
        stage.show_waiting(
            t(
                "Change a knob and press **Start again**. The earlier run then appears here beside "
                "the new one. Kept runs of this page can be compared, too."
            )
        )
        return
    chosen = st.multiselect(
        t("Compare with"),
        list(others),
        default=_first(others, key),
        format_func=lambda name: _words(job.experiment, others[name]),
        max_selections=MOST,
        key=f"{key}_beside",
        placeholder=t("earlier and kept runs"),
        on_change=_bring_in,
        args=(key,),
        help=t("Choose up to four runs. Each is named by the knobs in which it differs."),
    )
    ours = _run(t("this run"), job, key)
    beside = [_beside(ours, others[name], key) for name in chosen if name in others]
    if len(beside) == 1:
        changed = difference(job.experiment, beside[0].experiment)
        st.markdown(t("What changed: {plain}.", plain=plain(changed)))
    if not beside:
        st.caption(t("Choose a run to see it beside this one."))
    elif ours.records:
        show_runs([ours, *beside], key)


def _first(others: Mapping[str, Job | KeptRun], key: str) -> list[str]:
    """The earlier run that is chosen before anybody has chosen."""
    earlier = [name for name in others if not name.startswith(KEPT)]
    chosen = session.widget_value(f"{key}_beside", earlier[:1])
    return [name for name in chosen if name in others]


def _others(job: Job, key: str) -> dict[str, Job | KeptRun]:
    """The runs that can stand beside that of the page, earlier ones first: by their number among
    those of the visit, which stays while they train on; and kept ones by their id.
    """
    ours = job.experiment
    found: dict[str, Job] = {}
    known: set[tuple[Experiment, int]] = set()
    for number, other in reversed(list(enumerate(session.other_jobs(key)))):
        theirs, records = other.experiment, other.snapshot().records
        if not records or not _is_like(ours, theirs.family, theirs.dataset):
            continue
        if (theirs, records[-1].epoch) not in known:
            known.add((theirs, records[-1].epoch))
            found[str(number)] = other
    try:
        kept = [run for run in _library(key) if _is_like(ours, run.family, run.dataset)]
    except LibraryProblem as problem:
        st.warning(say(problem), icon=":material/block:")
        kept = []
    new = [run for run in kept if (run.experiment, run.epoch) not in known]
    return found | {f"{KEPT}{run.id}": run for run in new}


def _is_like(ours: Experiment, family: str, dataset: str) -> bool:
    return family == ours.family and dataset == ours.dataset


def _library(key: str) -> list[KeptRun]:
    """The kept runs, read every few seconds. Raises LibraryProblem."""
    now = time.monotonic() // LIBRARY_SECONDS
    runs: list[KeptRun] = session.latest(f"{key}_library", now, 0, LIBRARY.runs)
    return runs


def _words(ours: Experiment, other: Job | KeptRun) -> str:
    if isinstance(other, KeptRun):
        return t("kept: {name}", name=other.name)
    return name_of(ours, other.experiment)


def _run(words: str, job: Job, key: str) -> Run:
    snapshot = job.snapshot()
    results = measures.results_of(job, key)
    return Run(words, job.experiment, snapshot.records, results, snapshot)


def _beside(ours: Run, other: Job | KeptRun, key: str) -> Run:
    words = _words(ours.experiment, other)
    if not isinstance(other, KeptRun):
        return _run(words, other, key)
    return Run(words, other.experiment, _records(other), other.results)


def _records(run: KeptRun) -> list[Record]:
    try:
        return LIBRARY.records(run.id)
    except LibraryProblem:
        return [run.record] if run.record else []


def _bring_in(key: str) -> None:
    """Makes a kept autoencoder that was chosen a run of the visit: its pictures stand here too."""
    brought = []
    for name in session.widget_value(f"{key}_beside", []):
        run = _kept(name, key) if name.startswith(KEPT) else None
        if run is not None and run.family in CONFIGS:
            with contextlib.suppress(LibraryProblem):  # then its numbers stand here
                session.add_jobs(key, [run_restore.job_of(run, (Reconstructions(),))])
                name = str(len(session.other_jobs(key)) - 1)
        brought.append(name)
    session.set_widget(f"{key}_beside", brought)


def _kept(name: str, key: str) -> KeptRun | None:
    try:
        return next((run for run in _library(key) if f"{KEPT}{run.id}" == name), None)
    except LibraryProblem:
        return None


def show_runs(runs: Sequence[Run], key: str) -> None:
    """Runs of one page together: their pictures, curves and numbers; the first one in the colour of
    the present one.
    """
    family = runs[0].experiment.family
    if family in CONFIGS:
        _show_pictures(runs)
    like = [run for run in runs if _kind(run) == _kind(runs[0])]
    if len(like) < len(runs):
        st.caption(
            t(
                "Runs with other data or another loss cannot be compared by their score. Only "
                "those like the first run are drawn."
            )
        )
    figure = run_figures.make_progress(
        [(run.words, run.records) for run in like],
        SCORES[family],
        t(UNITS.get(family, "epoch")),
        theme.colours(),
    )
    alt = t("{score} of each run, by epoch.", score=t(SCORES[family].label))
    if family not in run_figures.CURVES:
        show_figure(figure, key=f"{key}_comparison", alt=alt)
    else:
        left, right = st.columns(2, gap="medium")
        show_figure(figure, key=f"{key}_comparison", alt=alt, place=left)
        _show_measured(runs, family, f"{key}_measured", right)
    show_numbers(runs)


def _kind(run: Run) -> tuple[str, ...]:
    """Maps of the same points with another perplexity are what one compares."""
    experiment = run.experiment
    return kind(experiment.family, experiment.config, experiment.dataset)[:3]


def _show_measured(runs: Sequence[Run], family: str, key: str, place: Any) -> None:
    measured = [(run.words, run.results.curve) for run in runs if run.results and run.results.curve]
    show_figure(
        run_figures.make_curves(measured, family, theme.colours()),
        key=key,
        alt=t("The measured curve of each run."),
        empty=t("This is measured when the run is paused or done."),
        place=place,
    )


def _show_pictures(runs: Sequence[Run]) -> None:
    rows = [
        (run.words if number else t("this run"), view.x_hat, COLOURS[min(number, 1)])
        for number, run in enumerate(runs)
        if run.snapshot and (view := run.snapshot.view(Reconstructions()))
    ]
    if rows:
        stage.show_rows(rows, runs[0].experiment)


def show_numbers(runs: Sequence[Run]) -> None:
    """A table with one row per run: its score, its cost, and the marks that its page gives."""
    score = SCORES[runs[0].experiment.family]
    names = list(dict.fromkeys(name for run in runs if run.results for name in run.results.marks))
    columns: list[tuple[str, Callable[[Run], str]]] = [
        (t("run"), lambda run: run.words),
        (t(score.label), lambda run: _number(score.of(run.records[-1]), score.is_accuracy)),
        (t("epochs"), lambda run: f"{run.records[-1].epoch:,}"),
        (t("seconds of training"), lambda run: _of(run, "seconds", "{:,.1f}")),
        (t("parameters"), lambda run: _of(run, "parameters", "{:,}")),
    ]
    for name in names:
        columns.append((t(name), lambda run, name=name: _mark(run, name)))  # type: ignore[misc]
    head = join(markup("<th scope='col'>{title}</th>", title=title) for title, _ in columns)
    rows = join(
        markup("<tr>{cells}</tr>", cells=join(markup("<td>{text}</td>", text=tell(run))
                                              for _, tell in columns))
        for run in runs if run.records
    )  # fmt: skip
    show_html(markup(TABLE, head=head, rows=rows))


def _number(value: float, is_accuracy: bool) -> str:
    return f"{value:.1%}" if is_accuracy else f"{value:.5f}"


def _of(run: Run, name: str, form: str) -> str:
    value = getattr(run.results, name, None)
    return "–" if value is None else form.format(value)


def _mark(run: Run, name: str) -> str:
    value = run.results.marks.get(name) if run.results else None
    return "–" if value is None else f"{value:.3f}"


def difference(ours: Experiment, other: Experiment) -> str:
    """What changed from another run to ours, in one line."""
    changes = [f"{label} {theirs} → {own}" for label, theirs, own in _changes(ours, other)]
    if len(changes) == 1:
        return t("only {change}", change=changes[0])
    return ", ".join(changes) or t("the same knobs")


def name_of(ours: Experiment, other: Experiment) -> str:
    """What another run is called beside ours: its knobs, as far as they differ."""
    named = [f"{label} {theirs}" for label, theirs, _ in _changes(ours, other)]
    return ", ".join(named) or t("the same knobs")


def _changes(ours: Experiment, other: Experiment) -> list[tuple[str, str, str]]:
    """The knobs in which two runs differ: label, the other's value, ours."""
    return [
        (
            t(declared.label),
            values.in_words(declared, getattr(b, name)),
            values.in_words(declared, getattr(a, name)),
        )
        for a, b in ((ours, other), (ours.config, other.config))
        for name, declared in params(a).items()
        if getattr(a, name) != getattr(b, name)
    ]
