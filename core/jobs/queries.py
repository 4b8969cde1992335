"""Questions to the model of a job, which workers answer between two chunks.

The caller waits for an answer, the shorter the more jobs are at work; a question that is not
answered in time stays pending, and is answered when it is asked again.
"""

import contextlib
import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

from distributed import Client, Future

from core.engine.state import State
from core.experiments import Experiment
from core.jobs import worker
from core.jobs.answers import ANSWERS, Place
from core.jobs.chunks import result_of, sendable
from core.jobs.priorities import AHEAD, QUESTION, due_in
from core.question import Question

PATIENT_SECONDS = 3.0
LEAST_SECONDS = 1.0
FEW_AT_WORK = 4
MOST_PENDING = 8
MOST_SAID = 24
while_waiting: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
"""A context manager round the wait for an answer, in which the caller can release a lock."""


class Asked(NamedTuple):
    """A question, and the model that it goes to.

    Attributes:
        moment: `Job.moment`: an answer that was given at another one is stale.
        place: Where its answer is kept.
        carried: The model: a state with its patience, its future, or None for the untrained one.
        is_at_rest: Whether the model stays as it is.
    """

    experiment: Experiment
    carried: Any
    question: Question[Any]
    moment: int
    place: Place
    is_at_rest: bool


class Questions:
    """What one job was asked: what it has said at the present moment, and what it still owes."""

    def __init__(self) -> None:
        self._said: dict[bytes, tuple[int, Place]] = {}
        self._pending: dict[bytes, tuple[Place, Future]] = {}

    def known(self, asked: Asked) -> Any:
        """The answer if it is known: this job gave it at this moment, or some job of the same run
        gave it at this update; else None.
        """
        moment, place = self._said.get(asked.question.key, (None, asked.place))
        return ANSWERS.get(place if moment == asked.moment else asked.place)

    def ask(self, client: Client, asked: Asked, num_at_work: int) -> Any:
        """The answer to a question.

        Args:
            num_at_work: How many jobs share the workers.

        Raises:
            TimeoutError: There is no answer yet.
            core.store.checkpoints.StateGone: The model lay in a file that is not there any more.
        """
        key = asked.question.key
        place, future = self._pending.pop(key, (asked.place, None))
        if future is None or asked.is_at_rest and place != asked.place:
            place = asked.place
            future = _submit(client, asked, num_at_work)
        try:
            with while_waiting():
                answer = result_of(future, _patience(asked.question, num_at_work))
        except TimeoutError:
            latest = [*self._pending.items(), (key, (place, future))]
            self._pending = dict(latest[-MOST_PENDING:])
            raise
        ANSWERS.keep(place, answer)
        self._said.pop(key, None)
        latest_said = [*self._said.items(), (key, (asked.moment, place))]
        self._said = dict(latest_said[-MOST_SAID:])
        return answer


def _patience(question: Question[Any], num_at_work: int) -> float:
    seconds = PATIENT_SECONDS / max(1, num_at_work)
    return max(LEAST_SECONDS, seconds) if question.by_hand else seconds


def _submit(client: Client, asked: Asked, num_at_work: int) -> Future:
    """Submits a question: before all queued chunks, unless more than four jobs are at work."""
    carried = sendable(asked.carried)
    if isinstance(carried, worker.Carried) and isinstance(carried.state, State):
        # of 30,000 words, two thirds are the optimizer's
        carried = worker.Carried(dataclasses.replace(carried.state, optimizer=()), carried.patience)
    is_first = num_at_work <= FEW_AT_WORK or asked.question.by_hand
    own = asked.experiment.own()
    priority = AHEAD if is_first else due_in(QUESTION)
    return client.submit(
        worker.answer, asked.experiment, carried, asked.question, own, pure=False, priority=priority
    )
