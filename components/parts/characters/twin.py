"""The word model that is trained beside a character model, on the same texts."""

from components.runs import series
from core.characters.experiment import with_words
from core.experiments import Experiment
from core.jobs.runner import Job


def beside(experiment: Experiment, _: str) -> list[Experiment]:
    """The word model beside an experiment."""
    return [with_words(experiment)]


def of(experiment: Experiment, key: str) -> Job | None:
    """Its job; None before it has begun."""
    return series.find(with_words(experiment), key)
