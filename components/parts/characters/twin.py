"""The word model that is trained beside a character model, on the same texts."""

from components.runs import series
from core.characters.experiment import with_words
from core.experiments import Experiment
from core.jobs.runner import Job


def of(experiment: Experiment, key: str) -> Job:
    """The job of the word model beside an experiment."""
    return series.job_of(with_words(experiment), key)
