"""Two runs in step: the stage twice, on the left the run of the page, on the right the same network
with a knob turned. One bar travels along both.
"""

import dataclasses
import functools
from collections.abc import Callable

import streamlit as st

from components.figures import run_figures, theme
from components.figures.drawing import show_figure
from components.knobs import link, values
from components.knobs.switch import Stage
from components.runs import compare, moments, own_run, series
from components.runs.own_run import Draw
from components.streamlit_adapter import session
from components.streamlit_adapter.polling import repeat
from components.streamlit_adapter.session import right_of
from components.words.escaping import plain
from components.words.language import t
from core.configs import seed_after
from core.engine.state import Record
from core.experiments import Experiment
from core.jobs import registry
from core.jobs.cluster import CLUSTER
from core.jobs.runner import Job
from core.knobs import params
from core.results import SCORES

NUM_SEEDS = 3


def show(stage: Stage, summary: Draw, key: str, begin: Callable[[], None]) -> None:
    """Draws both stages and the row of differences.

    Args:
        summary: What stands over the switch.
        begin: Begins what the page needs, before every drawing.
    """
    begin_both = functools.partial(_begin_both, stage, key, begin)
    _show_head(key)
    repeat(_show_both, stage, summary, key, key=key, begin=begin_both)
    repeat(_show_difference, key, key=key, begin=begin_both)


def _begin_both(stage: Stage, key: str, begin: Callable[[], None]) -> None:
    begin()
    _keep_in_step(key)
    own_run.begin_beside(stage, right_of(key))


def _show_both(stage: Stage, summary: Draw, key: str) -> None:
    """All of it together: what is typed on the left is read on the right too."""
    sides = key, right_of(key)
    for side, column in zip(sides, st.columns(2, gap="medium"), strict=True):
        with column:
            own_run.draw(side, summary)
    stage.choose(key)
    left = session.job(key)
    if left is not None:
        link.write(left.experiment, key)
    for side, column in zip(sides, st.columns(2, gap="medium"), strict=True):
        with column:
            own_run.draw(side, stage.show)


def is_on(key: str) -> bool:
    """Whether a page shows two runs."""
    return session.job(right_of(key)) is not None


def _keep_in_step(key: str) -> None:
    """Where the workers are too few for both, the run on the right waits for that on the left."""
    left = session.job(key)
    right = session.job(right_of(key))
    if left is None or right is None:
        return
    _begin_seeds(left, right, key)
    state = session.page(right_of(key))
    is_crowded = registry.num_training() > CLUSTER.status().ready
    if left.snapshot().is_running and right.snapshot().is_running and is_crowded:
        right.pause()
        state.waits = True
    elif state.waits and not left.snapshot().is_running:
        right.play()
        state.waits = False


def _show_head(key: str) -> None:
    left = session.job(key)
    right = session.job(right_of(key))
    if left is None or right is None:
        return
    words = ", ".join(
        filter(None, [*_moves(left.experiment, right.experiment), _others(left, right)])
    )
    place = st.container(
        horizontal=True, gap="small", vertical_alignment="center", key=f"{key}_pair_head"
    )
    with place:
        st.markdown(t("**Side by side.** On the right {change}.", change=plain(words)))
        st.button(
            t("Three seeds"),
            key=f"{key}_pair_seeds",
            icon=":material/stacked_line_chart:",
            disabled=session.page(right_of(key)).wants_seeds,
            on_click=_want_seeds,
            args=(key,),
            help=t(
                "Trains both with two more seeds each, once both are done: is the difference "
                "larger than that between seeds? The curves get a band."
            ),
        )
        st.button(
            t("Close"),
            key=f"{key}_pair_close",
            icon=":material/close:",
            on_click=session.end_pair,
            args=(key,),
            help=t("Shows one run again. The other one stays in *Compare*."),
        )


def _moves(left: Experiment, right: Experiment) -> list[str]:
    """The knobs that are turned on the way on the right only."""
    declared = params(right.config)
    per_epoch = right.updates_per_epoch
    return [
        t(
            "{knob} → {value} at epoch {epoch:.1f}",
            knob=t(declared[move.name].label),
            value=values.in_words(declared[move.name], move.value),
            epoch=move.update / per_epoch,
        )
        for move in right.moves
        if move not in left.moves
    ]


def _others(left: Job, right: Job) -> str:
    """The knobs that differ from the beginning."""
    if left.experiment.config == right.experiment.config:
        return ""
    return compare.difference(right.experiment, left.experiment)


def _seeds(experiment: Experiment) -> list[Experiment]:
    return [
        dataclasses.replace(experiment, seed=seed_after(experiment.seed, step))
        for step in range(1, NUM_SEEDS)
    ]


def _want_seeds(key: str) -> None:
    session.page(right_of(key)).wants_seeds = True


def _begin_seeds(left: Job, right: Job, key: str) -> None:
    """Once both runs are done: the same with other seeds."""
    is_done = not (left.snapshot().is_running or right.snapshot().is_running)
    if session.page(right_of(key)).wants_seeds and is_done:
        series.begin_all([*_seeds(left.experiment), *_seeds(right.experiment)], key)


def _show_difference(key: str) -> None:
    left = session.job(key)
    right = session.job(right_of(key))
    if left is None or right is None:
        return
    if session.page(right_of(key)).waits:
        st.caption(
            t(
                ":material/hourglass_top: The workers are busy: the run on the right trains after "
                "the one on the left."
            )
        )
    epoch = _common(left, right, key)
    with moments.looking(key):
        _show_curves(left, right, key)
    if epoch:
        _show_numbers(left, right, epoch)


def _common(left: Job, right: Job, key: str) -> int:
    """The epoch at which both are compared: the moment that is looked at, or the last of both."""
    last = min(len(left.snapshot().records), len(right.snapshot().records))
    moment = session.page(key).moment
    return last if moment is None else min(moment, last)


def _show_curves(left: Job, right: Job, key: str) -> None:
    runs = [(t("left"), _records(left, key)), (t("right"), _records(right, key))]
    score = SCORES[left.experiment.family]
    show_figure(
        run_figures.make_bands(runs, score, t("epoch"), theme.colours()),
        key=f"{key}_pair_curve",
        alt=t("{score} of both runs, by epoch.", score=t(score.label)),
    )


def _records(job: Job, key: str) -> list[list[Record]]:
    """Those of a run, and of the same run with other seeds as far as there are any."""
    others = [series.find(each, key) for each in _seeds(job.experiment)]
    return [job.snapshot().records, *(each.snapshot().records for each in others if each)]


def _show_numbers(left: Job, right: Job, epoch: int) -> None:
    """The difference in numbers, at the same epoch of both."""
    score = SCORES[left.experiment.family]
    pair = [job.snapshot().records[epoch - 1] for job in (left, right)]
    values = {t(score.short): [score.of(record) for record in pair]}
    values[t("Training loss")] = [record.parts.get("total", float("nan")) for record in pair]
    for name, title in READINGS.items():
        if all(isinstance(record.readings.get(name), float) for record in pair):
            values[t(title)] = [float(record.readings[name]) for record in pair]  # type: ignore[arg-type]
    with st.container(horizontal=True, gap="medium"):
        st.metric(t("Epoch"), epoch, help=t("The same one of both runs."))
        for title, (ours, theirs) in values.items():
            st.metric(
                title,
                f"{ours:.4g} | {theirs:.4g}",
                f"{theirs - ours:+.3g}",
                delta_color="off",
                help=t("Left, right, and right minus left."),
            )


READINGS = {
    "l0": "Active units",
    "dead_latents": "Dead codes",
    "variance_explained": "Variance explained",
}
