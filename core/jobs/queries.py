"""Questions to the model of a job, which workers answer between two chunks.

Answers of states that this server holds are cached. The caller waits for an answer, the shorter the
more jobs are at work; a question that is not answered in time stays pending, and is answered when
it is asked again.
"""

import contextlib
import dataclasses
import hashlib
import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

from distributed import Client, Future

from core.experiments import Experiment
from core.jobs import worker
from core.jobs.answer_cache import ANSWERS
from core.jobs.chunks import AHEAD, result_of
from core.question import Question

PATIENT_SECONDS = 3.0
LEAST_SECONDS = 1.0
FEW_AT_WORK = 4
MOST_PENDING = 8
while_waiting: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
"""A context manager round the wait for an answer, in which the caller can release a lock."""


class Asked(NamedTuple):
    """A question, and the model that it goes to; `is_other` if another version trained that."""

    experiment: Experiment
    carried: Any
    question: Question[Any]
    is_other: bool = False

    @property
    def memory(self) -> bytes:
        """The key of its answer in `ANSWERS`; b"" for none: while the state is on a worker, for own
        data, and for a model of another version.
        """
        is_here = isinstance(self.carried, worker.Carried)
        if self.is_other or not is_here or self.experiment.own():
            return b""
        update = self.carried.state.update
        asked = (self.experiment.key_before(update), update, self.question.key)
        return hashlib.sha256(pickle.dumps(asked)).digest()


class Questions:
    """The questions of one job that were asked and not answered yet."""

    def __init__(self) -> None:
        self._pending: dict[bytes, tuple[int | None, Future]] = {}

    def ask(self, client: Client, asked: Asked, stamp: int | None, num_at_work: int) -> Any:
        """The answer to a question.

        Args:
            stamp: The update of the state that must have answered; None for any, while it trains.
            num_at_work: How many jobs share the workers.

        Raises:
            TimeoutError: There is no answer yet.
        """
        key = asked.question.key
        memory = asked.memory
        known = ANSWERS.get(memory)
        if known is not None:
            return known
        at, future = self._pending.pop(key, (None, None))
        if future is None or stamp is not None and at != stamp:
            at = stamp
            future = _submit(client, asked, num_at_work)
        try:
            with while_waiting():
                answer = result_of(future, _patience(asked.question, num_at_work))
        except TimeoutError:
            latest = [*self._pending.items(), (key, (at, future))]
            self._pending = dict(latest[-MOST_PENDING:])
            raise
        if memory:
            ANSWERS[memory] = answer
        return answer


def _patience(question: Question[Any], num_at_work: int) -> float:
    seconds = PATIENT_SECONDS / max(1, num_at_work)
    return max(LEAST_SECONDS, seconds) if question.by_hand else seconds


def _submit(client: Client, asked: Asked, num_at_work: int) -> Future:
    """Submits a question: before all queued chunks, unless more than four jobs are at work."""
    carried = asked.carried
    if isinstance(carried, worker.Carried):  # of 30,000 words, two thirds are the optimizer's
        carried = worker.Carried(dataclasses.replace(carried.state, optimizer=()), carried.patience)
    is_first = num_at_work <= FEW_AT_WORK or asked.question.by_hand
    own = asked.experiment.own()
    priority = AHEAD if is_first else 0
    return client.submit(
        worker.answer, asked.experiment, carried, asked.question, own, pure=False, priority=priority
    )
