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
    kind = chosen or costs[0]
    score = SCORES[job.experiment.family]
    spots = [spot for each in jobs if (spot := _spot(each, job, kind))]
    show_figure(
        run_figures.make_cost(
            spots, t(COSTS[kind]), score, theme.colours(), best=t("none is both cheaper and better")
        ),
        key=f"{key}_cost_plot",
        alt=t("{score} of every run of this visit against what it cost.", score=t(score.label)),
    )
    st.caption(
        t(
            "A point is a run of this visit on the same data. Seconds are those of its updates on "
            "one worker of this server, without waiting."
        )
    )


def _is_like(job: Job, other: Job) -> bool:
    ours, theirs = (
        (each.experiment.family, kind(each.experiment.family, each.experiment.config,
                                      each.experiment.dataset))
        for each in (job, other)
    )  # fmt: skip
    return ours == theirs


def _spot(job: Job, present: Job, kind: str) -> Spot | None:
    records = job.snapshot().records
    seconds = job.seconds_for(job.update)
    cost = seconds if kind == "seconds" else measures.known_parameters(job)
    if not records or not cost:
        return None
    score = SCORES[job.experiment.family].of(records[-1])
    words = compare.difference(present.experiment, job.experiment) if job is not present else ""
    return Spot(cost, score, words, job is present)
