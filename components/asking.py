"""Questions to the model of a job, asked again only when the model has changed."""

import functools
from typing import Any

from core.jobs import Job
from core.progress import Snapshot


class _Unanswered(Exception):
    """No worker had time: ask again."""


def ask(job: Job, snapshot: Snapshot, question: str, *arguments: Any) -> dict[str, Any] | None:
    """The answer of a job's model: after each epoch while it trains, then once more.

    None while there is none: before the first chunk, or when no worker has time.
    """
    stamp = len(snapshot.records) if snapshot.is_running else -snapshot.update
    return _ask(job, stamp, question, arguments)


def ask_once(job: Job, question: str, *arguments: Any) -> dict[str, Any] | None:
    """The same for a question whose answer hangs on the data alone."""
    return _ask(job, 0, question, arguments)


def _ask(job: Job, stamp: int, question: str, arguments: Any) -> dict[str, Any] | None:
    try:
        return _asked(job, stamp, question, arguments)
    except _Unanswered:
        return None


@functools.lru_cache(maxsize=256)
def _asked(job: Job, _: int, question: str, arguments: tuple[Any, ...]) -> dict[str, Any]:
    answer = job.ask(question, *arguments)
    if answer is None:
        raise _Unanswered
    return answer
