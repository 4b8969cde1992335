"""A visit's share of the workers: its jobs take turns among themselves, so that one visitor with
ten runs gets no more of the workers than another with one. Imports no TensorFlow.
"""

import threading
import weakref
from typing import Any

from core.jobs.cluster import CLUSTER

CHUNKS_A_WORKER = 2


class Visit:
    """What one visitor has at work. Its jobs together have no more chunks under way than two a
    worker, as many as a single job fills; of those that wait, the one that has waited longest goes
    first.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: weakref.WeakSet[Any] = weakref.WeakSet()

    def enter(self, job: Any) -> None:
        """Registers a job, until nobody holds it."""
        with self._lock:
            self._jobs.add(job)

    def may_send(self, job: Any) -> bool:
        """Whether it is a job's turn to have one more chunk under way."""
        with self._lock:
            jobs = list(self._jobs)
        room = CHUNKS_A_WORKER * max(1, CLUSTER.status().ready)
        if sum(each.num_under_way for each in jobs) >= room:
            return False
        waiting = [each for each in jobs if each.waits_since is not None]
        first = min(waiting, key=lambda each: each.waits_since or 0.0, default=job)
        return first is job
