"""What the runs of a visit have cost, and what came of it."""

import streamlit as st

from components.figures import run_figures, theme
from components.figures.drawing import show_figure
from components.figures.run_figures import Spot
from components.runs import compare, measures
from components.runs import stage as common
from components.streamlit_adapter import session
from components.words.language import t
from core.configs import CONFIGS
from core.jobs.runner import Job
from core.results import SCORES, kind

COSTS = {"seconds": "seconds of training on one worker", "parameters": "trained parameters"}


def show(key: str) -> None:
    """All runs of the visit on these data: the score against seconds or parameters."""
    job = session.job(key)
    if job is None:
        common.show_waiting(t("Every run of this page becomes a point here."))
        return
    jobs = [job, *(other for other in session.other_jobs(key) if _is_like(job, other))]
    measures.num_parameters(job)
    has_sizes = job.experiment.family in (*CONFIGS, *measures.COUNTED)
    costs = list(COSTS) if has_sizes else ["seconds"]
    chosen = st.segmented_control(
        t("Cost"),
        costs,
        default=costs[0],
        format_func=lambda name: t(COSTS[name]),
        key=f"{key}_cost",
        label_visibility="collapsed",
    )
    cost = chosen or costs[0]
    score = SCORES[job.experiment.family]
    spots = [spot for each in jobs if (spot := _spot(each, job, cost))]
    best = t("frontier: no run is cheaper and better")
    show_figure(
        run_figures.make_cost(spots, t(COSTS[cost]), score, theme.colours(), best=best),
        key=f"{key}_cost_plot",
        alt=t("{score} of every run of this visit against what it cost.", score=t(score.label)),
    )
    st.caption(
        t(
            "Each point is one run of this visit on the same data. The seconds count its updates "
            "on one worker, without waiting."
        )
    )


def _is_like(job: Job, other: Job) -> bool:
    return _kind(job) == _kind(other)


def _kind(job: Job) -> tuple[str, ...]:
    experiment = job.experiment
    return experiment.family, *kind(experiment.family, experiment.config, experiment.dataset)


def _spot(job: Job, present: Job, cost: str) -> Spot | None:
    records = job.snapshot().records
    is_time = cost == "seconds"
    number = job.seconds_for(job.update) if is_time else measures.known_parameters(job)
    if not records or not number:
        return None
    score = SCORES[job.experiment.family].of(records[-1])
    words = compare.name_of(present.experiment, job.experiment) if job is not present else ""
    return Spot(number, score, words, job is present)
