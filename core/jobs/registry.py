"""The registry of all jobs of this server, and the queue of those that wait for a worker."""

import threading
import weakref
from typing import Any

from core.jobs.cluster import CLUSTER

JOBS: weakref.WeakSet[Any] = weakref.WeakSet()
_LOCK = threading.Lock()


def enter(job: Any) -> None:
    """Registers a job; weakly, until nobody holds it."""
    with _LOCK:
        JOBS.add(job)


def _all() -> list[Any]:
    """A copy of the registry, made under the lock."""
    with _LOCK:
        return list(JOBS)


def jobs_at_work() -> list[Any]:
    """Those that are training now."""
    return [job for job in _all() if job.is_at_work]


def num_training() -> int:
    """How many jobs are training now."""
    return len(jobs_at_work())


def num_awaiting_first() -> int:
    """How many jobs that may begin have a first picture to bring that some visitor waits for."""
    return sum(job.awaits_first and not job.is_held_back for job in jobs_at_work())


def place(job: Any) -> tuple[int, int]:
    """The position of a job in the queue, from 1 on, and the length of the queue.

    About: the jobs that have waited longest count as served, as many as there are workers; the
    others queue, and behind them those that may not begin yet. What nobody has seen yet may be
    served before its place says (`core.jobs.priorities`).
    """
    line = sorted((_rank(each) for each in _all() if each.silent_seconds), reverse=True)
    waiting = line[CLUSTER.status().ready :]
    before = sum(rank > _rank(job) for rank in waiting)
    return before + 1, max(before + 1, len(waiting))


def _rank(job: Any) -> tuple[bool, float]:
    """The higher, the sooner it is served."""
    return not job.is_held_back, job.silent_seconds
