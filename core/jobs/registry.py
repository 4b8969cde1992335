"""The jobs of this server, and the line of those that wait for a worker."""

import threading
import weakref
from typing import Any

from core.jobs.cluster import CLUSTER

JOBS: weakref.WeakSet[Any] = weakref.WeakSet()
_LOCK = threading.Lock()


def enter(job: Any) -> None:
    """Every job does, when it is made."""
    with _LOCK:
        JOBS.add(job)


def _all() -> list[Any]:
    """A set must not grow while it is read."""
    with _LOCK:
        return list(JOBS)


def num_training() -> int:
    """How many jobs are training now."""
    return sum(job.is_at_work for job in _all())


def place(job: Any) -> tuple[int, int]:
    """Where a job stands in the line, from 1 on, and how long the line is.

    The workers take chunks in the order in which they came: whoever has waited longest is served
    now, the others follow.
    """
    silences = sorted((each.silent_seconds for each in _all()), reverse=True)
    waiting = [silent for silent in silences[CLUSTER.status().ready :] if silent]
    before = sum(silent > job.silent_seconds for silent in waiting)
    return before + 1, max(before + 1, len(waiting))
