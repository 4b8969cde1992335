"""How long training takes: a rule of thumb, corrected by every chunk that comes back."""

from core.experiments import Experiment

UPDATE_SECONDS = 1.5e-4
FLOPS_PER_SECOND = 1.3e11
FLOPS_PER_PARAMETER = 6
LEARNING_SHARE = 0.2
SURPRISE = 6.0

_factor = 1.0


def seconds_per_update(experiment: Experiment) -> float:
    """A constant, and six operations a parameter and image, times what was learned."""
    operations = FLOPS_PER_PARAMETER * experiment.products_a_row
    return _factor * (UPDATE_SECONDS + operations * batch_rows(experiment) / FLOPS_PER_SECOND)


def learn(experiment: Experiment, seconds: float) -> float:
    """Corrects the rule by a measured time an update, and returns that time.

    A chunk that also compiled looks far too slow; no surprise counts as more than sixfold.
    """
    global _factor
    expected = seconds_per_update(experiment)
    seconds = min(seconds, SURPRISE * expected)
    _factor *= 1 + LEARNING_SHARE * (seconds / expected - 1)
    return seconds


def predicted_seconds(experiment: Experiment) -> float:
    """How long the whole experiment will take, should nothing stop it."""
    return experiment.num_updates * seconds_per_update(experiment)


def batch_rows(experiment: Experiment) -> int:
    """Images in one update: the batch size, or all there are."""
    return min(experiment.config.batch_size, experiment.num_train)
