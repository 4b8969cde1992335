"""The word model that is trained beside a character model, on the same texts."""

from dataclasses import replace

from components.runs import series
from core.configs import CharacterConfig
from core.experiments import Experiment
from core.jobs.runner import Job


def of(experiment: Experiment, key: str) -> Job:
    """The job of the word model beside an experiment."""
    return series.job_of(experiment_beside(experiment), key)


def experiment_beside(experiment: Experiment) -> Experiment:
    """A word model with the data, the seed and the length of an experiment."""
    config = experiment.config
    words = CharacterConfig(inputs="word", batch_size=config.batch_size, typo_rate=config.typo_rate)
    return replace(experiment, config=words, moves=())
