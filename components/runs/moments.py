"""The past of a run: what a page shows while its visitor looks at an earlier moment."""

import contextlib
from collections.abc import Iterator
from typing import Any

import streamlit as st

from components.figures import drawing, theme
from components.knobs import controls
from components.runs import series
from components.streamlit_adapter import session
from components.words.errors import say
from components.words.language import t
from core.engine.state import Snapshot, numbers_of
from core.experiments import MAX_UPDATES, Experiment
from core.jobs.cluster import CLUSTER
from core.jobs.reel import Reel
from core.jobs.runner import Job
from core.jobs.seeks import Sought
from core.jobs.seen import Seen
from core.question import A, Question, Views

MOST_FILLED = 32
"""Kept states from which a late curve is filled."""
MOST_ASKED = 64
"""Questions that are remembered at one moment: each typed word is one."""


class RunThen:
    """A run as it stood after an epoch, for those who draw it: what they ask is asked of the state
    of then. What is not known yet is fetched by `fetch`, beside the training.
    """

    is_at_work = False
    is_at_rest = True

    def __init__(self, job: Job, epoch: int) -> None:
        self.job = job
        self.kept_by = job.kept_by
        self.epoch = epoch
        self.problem = ""
        self._answers: dict[Question[Any], Any] = {}
        self._asked: dict[Question[Any], None] = {}
        self._is_over = False

    @property
    def experiment(self) -> Experiment:
        """That of the whole run."""
        return self.job.experiment

    @property
    def update(self) -> int:
        """Updates made then."""
        return self.epoch * self.experiment.updates_per_epoch

    @property
    def owes(self) -> bool:
        """Whether answers are on their way."""
        return not self._is_over and any(each not in self._answers for each in self._asked)

    def ask(self, question: Question[A]) -> A | None:
        """What the model said then; None while it is on its way."""
        if question.of_data:
            return self.job.ask(question)
        if question not in self._asked:
            self._asked[question] = None
            if len(self._asked) > MOST_ASKED:
                oldest = next(iter(self._asked))
                del self._asked[oldest]
                self._answers.pop(oldest, None)
        answer: A | None = self._answers.get(question)
        return answer

    def snapshot(self) -> Snapshot:
        """How things stood."""
        now = self.job.snapshot()
        return now._replace(
            phase="failed" if now.phase == "failed" else "paused",
            update=self.update,
            views=dict(self._answers),
            recovering=False,
            replaying=False,
            epoch=self.epoch,
        )

    def fetch(self) -> None:
        """Goes on to bring what has been asked."""
        missing = tuple(each for each in self._asked if each not in self._answers)
        if not missing or self._is_over:
            return
        found = session.seek(self.job, self.epoch, missing)
        if found is not None:
            self._take(found)

    def _take(self, found: Sought) -> None:
        if found.epoch != self.epoch:  # the nearest that can be had: all is asked again there
            self.epoch = found.epoch
            self._answers = {}
        self._answers |= found.answers
        self.problem = found.problem or self.problem
        self._is_over = not found.answers


def of(job: Job, key: str) -> Seen:
    """A run of a page as it is looked at: now, or at the moment that is chosen."""
    state = session.page(key)
    if state.moment is None or _is_to_come(state.moment, job):
        return job
    then = state.then.get(id(job))
    if then is None or then.job is not job:
        then = state.then[id(job)] = RunThen(job, state.moment)
    return then


def _is_to_come(moment: int, job: Job) -> bool:
    """Whether a run is on its way to a moment that a link names."""
    snapshot = job.snapshot()
    return snapshot.is_running and len(snapshot.records) < moment


def shown(key: str) -> Seen | None:
    """The run of a page as it is looked at; None where there is none."""
    job = session.job(key)
    return of(job, key) if job else None


def found(wanted: Experiment, key: str) -> Seen | None:
    """The run of an experiment beside that of the page, as it is looked at; None before it has
    begun.
    """
    job = series.find(wanted, key)
    return of(job, key) if job else None


def of_own(key: str) -> RunThen | None:
    """The run of a page at the moment that is chosen, or None for now."""
    seen = shown(key)
    return seen if isinstance(seen, RunThen) else None


def fetch(key: str, views: Views = ()) -> None:
    """Goes on to bring what is asked of the past; before and after a drawing.

    Args:
        views: What the drawing shows of the run beside what it asks.
    """
    own = of_own(key)
    if own is None:
        return
    for view in views:
        own.ask(view)
    for then in list(session.page(key).then.values()):
        then.fetch()


@contextlib.contextmanager
def looking(key: str) -> Iterator[None]:
    """Round a drawing: its curves get a cursor at the moment that is looked at, and what it asks of
    the past is fetched.
    """
    own = of_own(key)
    token = drawing.CURSOR.set(
        drawing.Cursor(own.epoch, own.update, theme.colours().ink) if own else None
    )
    try:
        yield
    finally:
        drawing.CURSOR.reset(token)
        fetch(key)


def fill_curves(job: Job, views: Views, kept: list[int], key: str) -> None:
    """A part that is opened late gets its curve from the kept states of a run that rests."""
    if not job.is_at_rest or CLUSTER.connected() is None or not _lacks(job, views, kept):
        return
    reels = session.page(key).reels
    name = " ".join([*map(repr, views), str(job.update)])
    if name not in reels:
        step = -(-len(kept) // MOST_FILLED)
        reels[name] = Reel(
            job.run(), kept[::step], views,
            keep=lambda answers: list(numbers_of(answers)), is_wanted=session.is_alive(),
        )  # fmt: skip
    for update, numbers in list(reels[name].found.items()):
        job.fill(update, numbers)


def _lacks(job: Job, views: Views, kept: list[int]) -> bool:
    """Whether a number of these views is known at fewer moments than it could be."""
    snapshot = job.snapshot()
    shown = {view: snapshot.view(view) for view in views}
    could = min(len(kept), MOST_FILLED) / 2
    return any(len(snapshot.traces.get(name, [])) < could for name, _ in numbers_of(shown))


def go_to(epoch: int | None, key: str) -> None:
    """Looks at a moment, None for now; the live knobs will stand as they stood there."""
    for each in (key, session.right_of(key)):
        session.page(each).moment = epoch
        session.page(each).then = {}
    session.page(key).must_fill = True
    session.keep_problem(f"{key}_fork", "")


def settle(key: str) -> None:
    """Before the knobs are drawn: turns the live ones to where they stand at the moment that has
    been chosen.
    """
    state = session.page(key)
    job = session.job(key)
    if not state.must_fill or job is None:
        return
    state.must_fill = False
    per_epoch = job.experiment.updates_per_epoch
    at = MAX_UPDATES if state.moment is None else state.moment * per_epoch
    controls.fill_live(job.experiment, at, key)


def say_which(key: str, unit: str = "epoch") -> None:
    """Says over a stage which moment it shows, and why it is not the wanted one.

    Args:
        unit: What is counted: "epoch", or updates that are called so.
    """
    own = of_own(key)
    if own is None:
        return
    st.markdown(
        ":material/history: " + name_of(own.epoch, own.job, unit),
        help=t("The run as it stood then. The training goes on meanwhile. *Now* brings you back."),
    )
    if own.problem:
        st.caption(say(own.problem))


def name_of(epoch: int, job: Job, unit: str) -> str:
    """A moment among those of a run, such as "**epoch 6** of 63"."""
    count = len(job.snapshot().records)
    each = 1 if unit == "epoch" else job.experiment.updates_per_epoch
    return t(
        "**{unit} {epoch:,}** of {count:,}", unit=t(unit), epoch=epoch * each, count=count * each
    )
