"""Runs beside the page's own: the earlier ones of the visit, series over a knob, and models to
compare with.
"""

from collections.abc import Iterable, Sequence

import streamlit as st

from components.streamlit_adapter import session
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.jobs.runner import Job
from core.maps.experiment import MapExperiment
from core.queries.questions import MapPositions
from core.question import Views


def runs(snapshot: Snapshot, experiment: Experiment, key: str) -> list[tuple[Experiment, Snapshot]]:
    """All runs of this visit on the same data that have something to tell, the page's own last."""
    others = [(job.experiment, job.snapshot()) for job in session.other_jobs(key)]
    return [
        (other, seen)
        for other, seen in [*others, (experiment, snapshot)]
        if other.dataset == experiment.dataset and seen.record
    ]


def find(wanted: Experiment, key: str) -> Job | None:
    """The job of an experiment beside that of the page, or None."""
    for job in session.other_jobs(key):
        if job.experiment == wanted and not job.kept_by:
            return job
    return None


def begin_all(wanted: Iterable[Experiment], key: str) -> None:
    """Trains experiments beside the page's own, from the start or from where a reset left them."""
    for experiment in wanted:
        job = find(experiment, key)
        if job is None:
            job = beside(experiment)
            session.add_jobs(key, [job])
            job.play()
        elif job.snapshot().phase == "paused":
            job.play()


def views_of(experiment: Experiment) -> Views:
    """What is looked at of a run beside: of a map its points."""
    return (MapPositions(),) if isinstance(experiment, MapExperiment) else ()


def beside(wanted: Experiment, views: Views | None = None) -> Job:
    """A job whose first picture waits for that of the page."""
    job = session.make_job(wanted, views_of(wanted) if views is None else views)
    job.is_beside = True
    return job


def missing(wanted: Iterable[Experiment], num_updates: int, key: str) -> list[Experiment]:
    """Those that nobody has started, or that were left on the way, as a reset or a stop leaves
    them.
    """
    own = session.job(key)
    known = {job.experiment: job for job in [*session.other_jobs(key), *([own] if own else [])]}
    return [each for each in wanted if each not in known or _is_behind(known[each], num_updates)]


def _is_behind(job: Job, num_updates: int) -> bool:
    snapshot = job.snapshot()
    return snapshot.phase == "paused" and snapshot.update < num_updates


def train(
    wanted: Iterable[Experiment],
    key: str,
    views: Views = (),
    *,
    num_updates: int | None = None,
    skip: bool = True,
) -> None:
    """Trains experiments beside the page's own, all at once; only from a callback.

    Args:
        num_updates: How far; to the end of each without it.
        skip: Shows of what was trained before only the end.
    """
    own = session.job(key)
    started = {job.experiment: job for job in session.other_jobs(key) if not job.kept_by}
    wanted = [each for each in wanted if own is None or each != own.experiment]
    new = {each: beside(each, views) for each in wanted if each not in started}
    session.add_jobs(key, list(new.values()))
    for each in wanted:
        job = (started | new)[each]
        if skip:
            job.skip()
        job.train_to(each.num_updates if num_updates is None else num_updates)


def show_stop(key: str, then: str = "", *, but: Experiment | None = None) -> None:
    """A button that stops the runs beside, while there are any.

    Args:
        then: How to go on, a sentence.
        but: One that the page needs all the time.
    """
    jobs = [job for job in session.other_jobs(key) if job.experiment != but]
    running = [job for job in jobs if job.snapshot().is_running]
    if running:
        st.button(
            t("Stop the {count} other runs", count=len(running))
            if len(running) > 1
            else t("Stop the other run"),
            key=f"{key}_stop_series",
            icon=":material/stop:",
            on_click=_stop,
            args=(running,),
            help=" ".join(filter(None, (t("What they have learned stays."), then))),
        )


def _stop(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job.pause()
