"""Training on from an earlier moment with a knob turned: the same experiment with one move more."""

from collections.abc import Callable
from typing import Any, Protocol

import streamlit as st

from components.knobs import values
from components.runs import moments, series
from components.streamlit_adapter import session
from components.words.errors import say
from components.words.escaping import plain
from components.words.language import t
from core import knobs
from core.engine.state import Record
from core.experiments import MAX_MOVES, Experiment
from core.jobs.runner import Job
from core.message import Message
from core.question import Views

TOO_MANY = Message(
    "A run holds at most {most} moves, and this one has them all. *Start again* trains a new run "
    "from its beginning, with the knobs as they stand.",
    most=MAX_MOVES,
)


class Forks(Protocol):
    """What a page says of its run; see `components.runs.run_panel.Panel`."""

    unit: str
    is_alone: bool

    def views(self, experiment: Any) -> Views:
        """What the stage shows of it."""


def show(
    job: Job,
    wanted: Experiment | None,
    panel: Forks,
    key: str,
) -> None:
    """Draws, while a moment of the past is looked at, the button that trains on from there.

    Args:
        wanted: What the knobs say.
        panel: What the page says of its run.
    """
    then = moments.of_own(key)
    if then is None:
        return
    changes = changed_knobs(job.experiment, wanted, then.update) if wanted else []
    with st.container(key=f"{key}_fork", horizontal=True, gap="small"):
        st.button(
            t("Train on from here"),
            key=f"{key}_fork_button",
            icon=":material/alt_route:",
            type="primary" if changes else "secondary",
            disabled=not changes,
            on_click=begin,
            args=(job, wanted, then.epoch, panel.views, key),
            help=t(
                "The same run up to this moment, then with the knobs as you have turned them. The "
                "old curve stays as a pale line."
            ),
        )
        if panel.is_alone:
            st.button(
                t("Compare from here"),
                key=f"{key}_fork_compare",
                icon=":material/compare:",
                disabled=not changes,
                on_click=compare,
                args=(job, wanted, then.epoch, key),
                help=t(
                    "Doubles the stage: on the left this run as it is, on the right the same run "
                    "that goes on from this moment with the knobs as you have turned them."
                ),
            )
            show_compare_from_start(wanted, bool(changes), key)
    problem = session.problem(f"{key}_fork")
    if problem:
        st.warning(say(problem), icon=":material/block:")
    if changes:
        where = moments.name_of(then.epoch, job, panel.unit)
        st.caption(t("{changes}, at {where}", changes=", ".join(changes), where=where))
    else:
        st.caption(t("Turn a knob that acts on a running network, such as the learning rate."))


def show_compare_from_start(wanted: Experiment | None, changed: bool, key: str) -> None:
    """Draws the button that trains the knobs as they stand from the first epoch on, beside the run
    of the page.
    """
    st.button(
        t("Compare from the start"),
        key=f"{key}_fork_start",
        icon=":material/compare_arrows:",
        disabled=not changed or wanted is None,
        on_click=put_beside,
        args=(wanted, key),
        help=t(
            "Doubles the stage: on the right a run with the knobs as they stand, from its first "
            "epoch on, with the same seed."
        ),
    )


def changed_knobs(ours: Experiment, wanted: Experiment, update: int) -> list[str]:
    """The live knobs that stand elsewhere than they stood after an update, as "λ 1e-4 → 1e-3"."""
    before = ours.coefficients_at(update)
    declared = knobs.params(ours.config)
    return [
        f"{t(declared[name].label)} {_word(declared[name], before[name])} → "
        f"{_word(declared[name], value)}"
        for name, value in wanted.config.coefficients().items()
        if before[name] != value
    ]


def _word(declared: knobs.Param, value: object) -> str:
    return plain(values.in_words(declared, value))


def begin(
    job: Job,
    wanted: Experiment,
    epoch: int,
    views: Callable[[Experiment], Views],
    key: str,
) -> None:
    """Trains on from a moment; only from a callback. The run from which it comes is remembered."""
    experiment = _forked(job, wanted, epoch, key)
    if experiment is None:
        return
    fork = session.make_job(experiment, views(experiment))
    session.keep_job(key, fork)
    session.page(key).forked = job
    fork.skip()
    fork.play()


def compare(job: Job, wanted: Experiment, epoch: int, key: str) -> None:
    """Puts the fork beside the run instead; only from a callback."""
    experiment = _forked(job, wanted, epoch, key)
    if experiment is not None:
        put_beside(experiment, key)


def _forked(job: Job, wanted: Experiment, epoch: int, key: str) -> Experiment | None:
    """The run with the live knobs moved at the end of an epoch; None, and a sentence, where it
    holds no more moves.
    """
    update = epoch * job.experiment.updates_per_epoch
    try:
        return job.experiment.steered(update, wanted.config.coefficients())
    except ValueError:
        session.keep_problem(f"{key}_fork", TOO_MANY)
        return None


def put_beside(experiment: Experiment, key: str) -> None:
    """Trains a run on the right of that of the page; only from a callback."""
    job = series.beside(experiment)
    session.keep_job(session.right_of(key), job)
    moments.go_to(None, key)
    job.skip()
    job.play()


def came_from(key: str) -> list[Record]:
    """The records of the run from which that of a page was forked; [] where there is none."""
    old = session.page(key).forked
    return old.snapshot().records if old is not None else []
