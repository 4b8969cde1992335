"""A visit's share of the workers: its jobs take turns among themselves, so that one visitor with
ten runs does not keep another with one from training. Imports no TensorFlow.
"""

import threading
import weakref
from typing import Any

from core.jobs.cluster import CLUSTER

CHUNKS_IN_FLIGHT = 2
"""How many chunks of a job are under way at a time."""
_VISITS: "weakref.WeakSet[Visit]" = weakref.WeakSet()
_LOCK = threading.Lock()


class Visit:
    """What one visitor has at work.

    Beside others at work, its jobs together have no more chunks under way than a single job has,
    two; alone, two a worker. Of those that wait, the one that has waited longest goes first.
    """

    def __init__(self) -> None:
        self._jobs: weakref.WeakSet[Any] = weakref.WeakSet()
        with _LOCK:
            _VISITS.add(self)

    def enter(self, job: Any) -> None:
        """Registers a job, until nobody holds it."""
        with _LOCK:
            self._jobs.add(job)

    @property
    def is_at_work(self) -> bool:
        """Whether any of its jobs has a chunk under way, or waits for its turn."""
        return any(each.num_under_way or each.waits_since is not None for each in self._all())

    def may_send(self, job: Any) -> bool:
        """Whether it is a job's turn to have one more chunk under way."""
        jobs = self._all()
        with _LOCK:
            others = [each for each in _VISITS if each is not self]
        is_alone = not any(each.is_at_work for each in others)
        room = CHUNKS_IN_FLIGHT * (max(1, CLUSTER.status().ready) if is_alone else 1)
        if sum(each.num_under_way for each in jobs) >= room:
            return False
        waiting = [(each.waits_since, each) for each in jobs if each.waits_since is not None]
        return not waiting or min(waiting, key=lambda each: each[0])[1] is job

    def _all(self) -> list[Any]:
        with _LOCK:
            return list(self._jobs)
