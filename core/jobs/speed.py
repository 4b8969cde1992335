"""Estimates of training time: a formula, scaled by the measured time of each chunk."""

from core.experiments import Experiment

UPDATE_SECONDS = 1.5e-4
FLOPS_PER_SECOND = 1.3e11
FLOPS_PER_PARAMETER = 6
LEARNING_SHARE = 0.2
SURPRISE = 6.0

_factor = 1.0


def seconds_per_update(experiment: Experiment) -> float:
    """Seconds per update: a constant and six operations per parameter and row, times the scale."""
    operations = FLOPS_PER_PARAMETER * experiment.products_a_row
    return _factor * (UPDATE_SECONDS + operations * batch_rows(experiment) / FLOPS_PER_SECOND)


def learn(experiment: Experiment, seconds: float) -> float:
    """Adapts the scale to measured seconds per update; returns them, limited to six estimates.

    The limit is for chunks whose time includes a compilation.
    """
    global _factor
    expected = seconds_per_update(experiment)
    seconds = min(seconds, SURPRISE * expected)
    _factor *= 1 + LEARNING_SHARE * (seconds / expected - 1)
    return seconds


def predicted_seconds(experiment: Experiment) -> float:
    """Seconds for all epochs of an experiment."""
    return experiment.num_updates * seconds_per_update(experiment)


def batch_rows(experiment: Experiment) -> int:
    """Rows in one update: the batch size, or the number of training rows if that is less."""
    return min(experiment.config.batch_size, experiment.num_train)
