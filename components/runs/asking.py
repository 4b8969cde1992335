"""Questions to the model of a job, asked again only when the model has changed."""

from typing import Any
from weakref import WeakKeyDictionary

from core.jobs.runner import Job
from core.question import A, Question

MOST_KEPT = 24
_answers: WeakKeyDictionary[Job, dict[tuple[int, bytes], Any]] = WeakKeyDictionary()


def ask(job: Job, question: Question[A]) -> A | None:
    """The answer of a job's model: after each epoch while it trains, then once more; of the data
    alone, once.

    None while there is none: before the first chunk, or when no worker has time. Answers are kept
    with the job, and gone with it; the oldest go first.
    """
    known = _answers.setdefault(job, {})
    place = (0 if question.of_data else job.moment, question.key)
    if place not in known:
        answer = job.ask(question)
        if answer is None:
            return None
        known[place] = answer
        for oldest in list(known)[:-MOST_KEPT]:
            del known[oldest]
    found: A = known[place]
    return found
