"""The one cache of what models have said, by history, update and question.

What is known needs no worker. Of one's own images and texts, and of a model that another version
has trained, an answer is known to its owner alone, and forgotten with the owner. Imports no
TensorFlow.
"""

import itertools
import threading
from collections import deque
from typing import Any, NamedTuple

from dask.sizeof import sizeof
from zict import LRU

MAX_BYTES = 100_000_000
EVERYBODY = 0
_owners = itertools.count(EVERYBODY + 1)


class Place(NamedTuple):
    """Where an answer is kept.

    Attributes:
        history: What leads to the model: `Experiment.key_before`.
        update: Updates made by then.
        question: `Question.key`.
        owner: Who alone may know it; `EVERYBODY` for all.
    """

    history: str
    update: int
    question: bytes
    owner: int = EVERYBODY


class Answers:
    """Answers up to so many bytes together; the least recently used go first."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._lock = threading.Lock()
        self._ended: deque[int] = deque()
        self._known: LRU[Place, Any] = LRU(
            max_bytes, {}, weight=lambda _, answer: max(1, sizeof(answer))
        )

    def get(self, place: Place) -> Any:
        """The answer, or None."""
        with self._lock:
            self._forget_ended()
            return self._known.get(place)

    def keep(self, place: Place, answer: Any) -> None:
        """Remembers an answer."""
        with self._lock:
            self._forget_ended()
            self._known[place] = answer

    def forget(self, owner: int) -> None:
        """Forgets what one owner alone knows, when the cache is used next. It takes no lock: Python
        calls it while it collects garbage, maybe in a thread that is using the cache.
        """
        self._ended.append(owner)

    def tidy(self) -> None:
        """Forgets now what the owners alone knew for whom `forget` was called."""
        with self._lock:
            self._forget_ended()

    def _forget_ended(self) -> None:
        ended = set()
        while self._ended:
            ended.add(self._ended.popleft())
        if ended:
            for place in [each for each in self._known if each.owner in ended]:
                del self._known[place]

    def clear(self) -> None:
        """Forgets all."""
        with self._lock:
            self._known.clear()

    def __len__(self) -> int:
        with self._lock:
            self._forget_ended()
            return len(self._known)


def new_owner() -> int:
    """A number that nobody else has."""
    return next(_owners)


ANSWERS = Answers()
