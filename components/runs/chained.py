"""A page whose run learns from what another one has made: a network first, then a map of its
codes, or a classifier on its encoder.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from components.knobs import lesson
from components.runs import moments, own_run, series
from components.streamlit_adapter import session
from components.words.language import t
from core import knobs
from core.configs import seed_after
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.jobs.runner import Job
from core.message import Message
from core.question import Views


def begin_first(wanted: Experiment, key: str, views: Views = (), *, playing: bool = True) -> Job:
    """The job that comes first on a page, begun if it never has been; once paused it stays so."""
    job = series.find(wanted, key)
    if job is None:
        job = session.make_job(wanted, views)
        session.add_jobs(key, [job])
        if playing:
            job.play()
        else:
            job.prepare()
    job.slow = session.widget_value(f"{key}_slow", False)
    return job


def begin_second(wanted: Experiment, key: str, views: Views = ()) -> None:
    """The job of a page: begun anew when a knob says another run, steered when a live knob has
    moved.
    """
    job = second(wanted, key)
    session.keep_problem(f"{key}_moves", "")
    if job is None:
        job = session.make_job(wanted, views)
        session.keep_job(key, job)
        job.play()
    elif moments.of_own(key) is None:
        own_run.steer(job, wanted, key)
    moments.fetch(key, views)
    job.slow = session.widget_value(f"{key}_slow", False)
    job.extend(num_epochs=wanted.num_epochs, early_stopping=False)


def second(wanted: Experiment, key: str) -> Job | None:
    """The job of a page, if it is the one that the knobs say."""
    job = session.job(key)
    return job if job and _structure(job.experiment) == _structure(wanted) else None


def _structure(experiment: Experiment) -> Experiment:
    """What cannot act on a run that is under way."""
    config = experiment.config.compiled()
    return dataclasses.replace(experiment, config=config, num_epochs=1, moves=())


class Words(NamedTuple):
    """What a panel says of what comes second.

    Attributes:
        unit: What is counted, such as "iteration".
        seed: What the button *Another seed* means here.
        building: What is said while it is made ready.
        status: The line under the bar.
    """

    unit: str
    seed: str
    building: str
    status: Callable[[Snapshot], str]


class Panel:
    """Of a page whose run learns from that of another network.

    Args:
        first: The job that the one of the page learns from, as long as it is to be trained here.
        words: What is said of what comes second.
        views: What it shows after every chunk.
    """

    is_alone = False
    reset_help: str = Message("Back to the start, with the same seed: the same run again.")

    def __init__(
        self, first: Callable[[Any, str], Job | None], words: Words, views: Views = ()
    ) -> None:
        self._first = first
        self._words = words
        self._views = views
        self.unit = words.unit

    def views(self, experiment: Experiment) -> Views:
        """What is shown of what comes second."""
        return self._views

    def leading(self, wanted: Experiment, key: str) -> Job | None:
        """The first as long as it trains or there is no second."""
        first = self._first(wanted, key)
        own = session.job(key)
        is_over = first is None or first.snapshot().phase in ("finished", "stopped")
        return own if own and is_over else first

    def changes(self, job: Job | None, wanted: Experiment) -> list[str]:
        """None: a knob that cannot act on a run begins another one at once."""
        return []

    def restart(self, wanted: Experiment, key: str, changed: bool) -> None:
        """What comes second, again."""
        job = session.job(key)
        if job is not None:
            fresh = session.make_job(dataclasses.replace(job.experiment, moves=()), self._views)
            session.keep_job(key, fresh)
            fresh.play()

    def show_step(self, job: Job | None, wanted: Experiment, key: str) -> None:
        """*Another seed*."""
        st.button(
            t("Another seed"),
            key=f"{key}_reseed",
            icon=":material/casino:",
            disabled=lesson.of(key).holds("seed"),
            on_click=_reseed,
            args=(wanted.seed, key),
            help=t(self._words.seed),
        )

    def progress(self, snapshot: Snapshot, job: Job, key: str) -> str:
        """Epochs of the network, or what is counted in what follows."""
        if job is not session.job(key):
            return t(
                "first the network: epoch **{epoch}** of {num_epochs}",
                epoch=snapshot.update // job.experiment.updates_per_epoch,
                num_epochs=job.experiment.num_epochs,
            )
        loss = snapshot.records[-1].parts if snapshot.records else {}
        kl = f" · KL {loss['tsne_kl']:.3f}" if "tsne_kl" in loss else ""
        done = t(
            "{unit} **{done:,}** of {total:,}",
            unit=t(self._words.unit),
            done=snapshot.update,
            total=job.experiment.num_updates,
        )
        return done + kl

    def status(self, snapshot: Snapshot, job: Job, key: str) -> str:
        """Of the network only whether it is there and whether it rests."""
        is_second = job is session.job(key)
        if snapshot.phase == "starting":
            return t(self._words.building if is_second else own_run.BUILDING)
        if is_second:
            return self._words.status(snapshot)
        return "" if snapshot.is_running else t(":material/pause: Paused.")

    def show_more(self, job: Job, wanted: Experiment, key: str) -> None:
        """What was turned last; beside the network, with what the run after it begins."""
        if job is session.job(key):
            own_run.show_last_move(job.experiment)
        else:
            _show_next(wanted.config, key)


def _reseed(seed: int, key: str) -> None:
    session.set_widget(f"{key}_seed", seed_after(seed, 1))


def _show_next(config: knobs.LiveKnobs, key: str) -> None:
    """Where the live knobs of what follows stand: turning them changes nothing else by now. What a
    lesson hides is not told.
    """
    declared = knobs.params(config)
    held = lesson.of(key)
    words = ", ".join(
        f"{t(declared[name].label)} {own_run.word_of(declared[name], value)}"
        for name, value in config.coefficients().items()
        if not held.hides(name)
    )
    if words:
        st.caption(t("What follows begins with **{words}**.", words=words))
