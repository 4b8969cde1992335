"""Every run of this visit against every kind of noise."""

import numpy as np
import streamlit as st

from components.figures import heat_maps, theme
from components.figures.drawing import show_figure
from components.parts.denoising import testing
from components.runs import moments, series, stage
from components.streamlit_adapter import session
from components.words.language import t
from core.comparisons import CORRUPTIONS, corruption_of, with_corruption, without_corruption
from core.configs import Corruption
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.jobs.seen import Seen
from core.queries.questions import Scores


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """PSNR of each run (rows) on each kind of noise (columns)."""
    jobs = _jobs(experiment, key)
    own = moments.shown(key)
    training = [job for job in jobs if job is not own and job.snapshot().is_running]
    now = testing.current(experiment, snapshot.update, key)
    columns = CORRUPTIONS if now in CORRUPTIONS else (*CORRUPTIONS, now)
    rows: dict[str, np.ndarray] = {}
    for job in (each for each in jobs if each not in training):
        answer = job.ask(Scores(columns))
        if answer is not None:
            rows[_name(job, rows)] = answer
    if not rows:
        stage.show_waiting(
            t(
                "A table will appear here: one row per run of this visit, one column "
                "per kind of noise."
            )
        )
        return
    names = [testing.words_of(each) for each in columns]
    show_figure(
        heat_maps.make_matrix(np.array(list(rows.values())), list(rows), names, theme.colours()),
        key=f"{key}_matrix",
        alt=t("PSNR in decibels of every run, by the noise of its training and of the test."),
    )
    wanted = (with_corruption(experiment, each) for each in CORRUPTIONS)
    missing = series.missing(wanted, snapshot.update, key)
    if training:
        st.caption(
            t(
                ":material/hourglass_top: {count} of {count2} networks still train.",
                count=len(training),
                count2=len(jobs),
            )
        )
    elif missing and not snapshot.is_running and snapshot.records:
        _show_button(missing, snapshot.update, key)
    series.show_stop(key, but=without_corruption(experiment))


def _show_button(missing: list[Experiment], num_updates: int, key: str) -> None:
    st.button(
        t("Train the missing rows"),
        key=f"{key}_series",
        icon=":material/grid_on:",
        on_click=_train,
        args=(missing, num_updates, key),
        help=t(
            "{count} networks like this one, as long as this one, each on another kind of noise.",
            count=len(missing),
        ),
    )


def _train(missing: list[Experiment], num_updates: int, key: str) -> None:
    series.train(missing, key, num_updates=num_updates)


def _jobs(experiment: Experiment, key: str) -> list[Seen]:
    """The runs of this visit on the same data, the present one first, the others by their noise."""
    own = moments.shown(key)
    others = sorted(session.other_jobs(key), key=_trained)
    jobs = [*([own] if own else []), *others]
    return [job for job in jobs if job.experiment.dataset == experiment.dataset]


def _trained(job: Seen) -> Corruption:
    return corruption_of(job.experiment, job.snapshot().update)


def _name(job: Seen, others: dict[str, np.ndarray]) -> str:
    """The noise of its training, with a number where several runs share it."""
    words = testing.words_of(_trained(job))
    count = 1
    name = words
    while name in others:
        count += 1
        name = t("{words}, run {count}", words=words, count=count)
    return name
