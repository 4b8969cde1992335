"""The word model that is trained beside a character model, on the same texts."""

from components.runs import moments
from core.characters.experiment import with_words
from core.experiments import Experiment
from core.jobs.seen import Seen


def beside(experiment: Experiment, _: str) -> list[Experiment]:
    """The word model beside an experiment."""
    return [with_words(experiment)]


def of(experiment: Experiment, key: str) -> Seen | None:
    """Its job as it is looked at; None before it has begun."""
    return moments.found(with_words(experiment), key)
