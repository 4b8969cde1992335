"""Any moment of a run, for one visitor: neither the training nor another visitor notices.

The nearest kept state is trained on to the moment by a worker, ahead of the chunks that wait, and
answers there; nothing is left of it but the answers. A visitor has one seek under way and at most
one that waits, the last one: of a bar that is dragged only the last position counts. Imports no
TensorFlow.
"""

import logging
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from distributed import Client

from core.datasets import DatasetUnavailable
from core.engine.state import Record, TrainingDiverged
from core.experiments import Experiment
from core.jobs import worker
from core.jobs.answers import ANSWERS, EVERYBODY, Place
from core.jobs.chunks import Model, carried_of, result_of, sendable
from core.jobs.cluster import CLUSTER, ClusterUnavailable
from core.jobs.priorities import AHEAD
from core.message import Message, message_of
from core.question import Question, Views
from core.store.checkpoints import Checkpoints, StateGone

MOST_SECONDS = 4.0
"""A moment that is farther from every kept state, in seconds of training, is not trained to: the
nearest that can be had is shown.
"""
WAIT_SECONDS = 60.0
"""How long a worker may take."""


class Sought(NamedTuple):
    """A moment of a run.

    Attributes:
        epoch: That which is shown: the wanted one, or the nearest that can be. Where nothing but a
            state within an epoch is there, the epoch before.
        record: What was recorded at its end; None of epoch 0.
        answers: What the model said there, by question.
        problem: Why it is not the wanted one, a sentence; "" if it is.
    """

    epoch: int
    record: Record | None
    answers: dict[Question[Any], Any]
    problem: str = ""


class Run(NamedTuple):
    """What is known of a run whose moments are sought.

    Attributes:
        records: One an epoch, up to where it has come.
        store: Where its states are kept, or None.
        carried: The model as it stands, after `update` updates.
        owner: Who alone may know its answers; see `core.jobs.answers`.
        is_ours: Whether this version trained it, and can train it to the same numbers.
        seconds_each: What an update takes, about.
        near: The address of the worker that has compiled it, or None.
    """

    experiment: Experiment
    records: list[Record]
    store: Checkpoints | None
    update: int
    carried: Model
    owner: int
    is_ours: bool
    seconds_each: float
    near: str | None


class Wanted(NamedTuple):
    """A seek: where to, and what is asked there."""

    run: Run
    update: int
    questions: Views

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for two that want the same."""
        return tuple(_places(self.run, self.update, self.questions).values())


class Begin(NamedTuple):
    """A state from which a moment can be trained on to."""

    update: int
    carried: Model


class Seeks:
    """What one visitor seeks: one under way, one that waits, and what was found last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: tuple[Any, ...] | None = None
        self._waits: Wanted | None = None
        self._found: tuple[tuple[Any, ...], Sought] | None = None
        self._is_over = False

    def seek(self, run: Run, epoch: int, questions: Views) -> Sought | None:
        """A moment of a run, or None while it is on its way; never waits. A seek that has not begun
        gives way to the next one.

        Raises:
            ValueError: An epoch that is no whole number.
        """
        if not isinstance(epoch, int) or isinstance(epoch, bool):
            raise ValueError(
                Message("An epoch is a whole number; received {epoch!r}. Choose one.", epoch=epoch)
            )
        nearest = min(max(epoch, 0), len(run.records))
        beyond = _beyond(run, epoch) if nearest != epoch else ""
        wanted = Wanted(run, nearest * run.experiment.updates_per_epoch, questions)
        found = _known(run, wanted.update, questions) or self._last(wanted)
        if found is None:
            self._want(wanted)
            return None
        return found._replace(problem=found.problem or beyond)

    def forget(self) -> None:
        """Forgets what was wanted and found."""
        with self._lock:
            self._waits = self._found = None

    def end(self) -> None:
        """The visit is over: nothing of what is on its way is kept, either."""
        self._is_over = True
        self.forget()

    def _last(self, wanted: Wanted) -> Sought | None:
        """What was found last, if that is what is wanted; a failure is told once."""
        with self._lock:
            if self._found is None or self._found[0] != wanted.key:
                return None
            found = self._found[1]
            if not found.answers and wanted.questions:
                self._found = None
            return found

    def _want(self, wanted: Wanted) -> None:
        with self._lock:
            if self._under_way == wanted.key:
                self._waits = None
                return
            self._waits = wanted
            if self._under_way is None:
                self._under_way = wanted.key
                threading.Thread(target=self._work, name="seek", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                wanted, self._waits = self._waits, None
                self._under_way = wanted.key if wanted else None
            if wanted is None:
                return
            found = _find(wanted)
            with self._lock:
                self._found = None if self._is_over else (wanted.key, found)
                if self._is_over and wanted.run.owner != EVERYBODY:
                    ANSWERS.forget(wanted.run.owner)


def _beyond(run: Run, epoch: int) -> str:
    return Message(
        "The run has the epochs 0 to {most:,} so far; received {epoch:,}. The "
        "nearest one is shown.",
        most=len(run.records),
        epoch=epoch,
    )


def _places(run: Run, update: int, questions: Views) -> dict[Question[Any], Place]:
    history = run.experiment.key_before(update)
    return {each: Place(history, update, each.key, run.owner) for each in questions}


def _known(run: Run, update: int, questions: Views, problem: str = "") -> Sought | None:
    """A moment, if all that is asked there is known."""
    answers = {
        question: ANSWERS.get(place) for question, place in _places(run, update, questions).items()
    }
    if any(answer is None for answer in answers.values()):
        return None
    return _sought(run, update, answers, problem)


def _sought(run: Run, update: int, answers: dict[Question[Any], Any], problem: str) -> Sought:
    epoch = min(update // run.experiment.updates_per_epoch, len(run.records))
    return Sought(epoch, run.records[epoch - 1] if epoch else None, answers, problem)


def _find(wanted: Wanted) -> Sought:
    """The moment, trained on to from the nearest kept state; or the nearest that can be had."""
    run, goal = wanted.run, wanted.update
    gone: set[int] = set()
    try:
        client = CLUSTER.client()
        while begins := _begins(run, goal, gone):
            begin, end = _way_to(run, goal, begins)
            try:
                return _at(client, wanted, begin, end)
            except StateGone:  # others may be there
                gone.add(begin.update)
        problem = Message(
            "The state of this epoch is no longer kept on this server. Train the run again."
        )
    except (ClusterUnavailable, TrainingDiverged, DatasetUnavailable) as error:
        problem = message_of(error)
    except Exception as error:
        logging.getLogger(__name__).warning("A seek failed: %r", error)
        problem = Message(
            "This epoch cannot be shown now ({name}). Try it again.", name=type(error).__name__
        )
    return _sought(run, goal, {}, problem)


def _at(client: Client, wanted: Wanted, begin: Begin, end: int) -> Sought:
    """The moment `end`, which is the wanted one or the nearest. Raises StateGone."""
    run, goal = wanted.run, wanted.update
    problem = ""
    if end != goal:
        per_epoch = run.experiment.updates_per_epoch
        problem = Message(
            "The states near epoch {epoch:,} are no longer kept on this server. The "
            "nearest one is shown: epoch {nearest:,}.",
            epoch=goal // per_epoch,
            nearest=end // per_epoch,
        )
    known = _known(run, end, wanted.questions, problem)
    if known:
        return known
    answers = _ask(client, wanted, begin, end)
    for question, place in _places(run, end, wanted.questions).items():
        ANSWERS.keep(place, answers[question])
    return _sought(run, end, answers, problem)


def _begins(run: Run, goal: int, gone: Collection[int]) -> list[Begin]:
    """The states from which a moment can be trained on to: kept ones, that of the run, and the
    untrained network.
    """
    begins = [*_kept(run, goal)]
    if run.update:
        begins.append(Begin(run.update, run.carried))
    if run.is_ours or not begins:
        begins.append(Begin(0, None))
    return [each for each in begins if each.update not in gone]


def _way_to(run: Run, goal: int, begins: Sequence[Begin]) -> tuple[Begin, int]:
    """The state from which a moment is trained on to, and the moment: the wanted one, unless that
    is too far from all that is kept.
    """
    before = [each for each in begins if each.update <= goal]
    if before:
        last = max(before, key=lambda each: each.update)
        if last.update == goal or _is_near(run, last, goal):
            return last, goal
    nearest = min(begins, key=lambda each: abs(each.update - goal))
    per_epoch = run.experiment.updates_per_epoch
    end = -(-nearest.update // per_epoch) * per_epoch
    is_reached = end <= len(run.records) * per_epoch
    return nearest, end if is_reached and _is_near(run, nearest, end) else nearest.update


def _is_near(run: Run, begin: Begin, end: int) -> bool:
    return run.is_ours and _seconds(run, begin, end) <= MOST_SECONDS


def _seconds(run: Run, begin: Begin, goal: int) -> float:
    return (goal - begin.update) * run.seconds_each


def _kept(run: Run, goal: int) -> Iterator[Begin]:
    """The kept states before and after a moment; reads the disk."""
    if run.store is None:
        return
    experiment = replace(run.experiment, early_stopping=False)
    for kept in (
        run.store.next(experiment, 0, goal, last=True),
        run.store.next(experiment, goal, len(run.records) * experiment.updates_per_epoch),
    ):
        if kept is not None:
            yield Begin(kept.state.update, carried_of(kept))


def _ask(client: Client, wanted: Wanted, begin: Begin, end: int) -> dict[Question[Any], Any]:
    run, own = wanted.run, wanted.run.experiment.own()
    options: Any = {"workers": [run.near], "allow_other_workers": True} if run.near else {}
    begins = [(sendable(begin.carried), [end])]
    arguments = (run.experiment, begins, wanted.questions, own)
    future = client.submit(worker.along, *arguments, pure=False, priority=AHEAD, **options)
    answers: dict[Question[Any], Any] = result_of(future, WAIT_SECONDS)[end]
    return answers
