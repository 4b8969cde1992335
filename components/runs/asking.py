"""Questions to the model of a job, asked again only when the model has changed."""

import pickle
from typing import Any
from weakref import WeakKeyDictionary

from core.engine.state import Snapshot
from core.jobs.runner import Job

MOST_KEPT = 24
_Answers = dict[tuple[int, str, bytes], dict[str, Any]]
_answers: WeakKeyDictionary[Job, _Answers] = WeakKeyDictionary()


def ask(job: Job, snapshot: Snapshot, question: str, *arguments: Any) -> dict[str, Any] | None:
    """The answer of a job's model: after each epoch while it trains, then once more.

    None while there is none: before the first chunk, or when no worker has time.
    """
    stamp = len(snapshot.records) if snapshot.is_running else -snapshot.update
    return _ask(job, stamp, question, arguments)


def ask_once(job: Job, question: str, *arguments: Any) -> dict[str, Any] | None:
    """The same for a question whose answer depends on the data alone."""
    return _ask(job, 0, question, arguments)


def _ask(job: Job, stamp: int, question: str, arguments: Any) -> dict[str, Any] | None:
    """Kept with the job, and gone with it; the oldest go first."""
    known = _answers.setdefault(job, {})
    place = (stamp, question, pickle.dumps(arguments))
    if place not in known:
        answer = job.ask(question, *arguments)
        if answer is None:
            return None
        known[place] = answer
        for oldest in list(known)[:-MOST_KEPT]:
            del known[oldest]
    return known[place]
