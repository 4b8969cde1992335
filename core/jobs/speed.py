"""Estimates of training time: what such a network took on this server, or a formula, scaled by what
others took.
"""

import threading
from collections import OrderedDict
from typing import Any

from core.experiments import Experiment

UPDATE_SECONDS = 1.5e-4
FLOPS_PER_SECOND = 1.3e11
FLOPS_PER_PARAMETER = 6
LEARNING_SHARE = 0.2
SURPRISE = 6.0
MOST_RATES = 500

_factor = 1.0
_rates: "OrderedDict[Any, float]" = OrderedDict()
_LOCK = threading.Lock()


def seconds_per_update(experiment: Experiment) -> float:
    """Seconds per update: as measured, or a constant and six operations per parameter and row,
    times the scale.
    """
    with _LOCK:
        return _rates.get(experiment.program) or _by_formula(experiment)


def _by_formula(experiment: Experiment) -> float:
    operations = FLOPS_PER_PARAMETER * experiment.products_a_row
    return _factor * (UPDATE_SECONDS + operations * batch_rows(experiment) / FLOPS_PER_SECOND)


def learn(experiment: Experiment, seconds: float) -> float:
    """Takes in the seconds per update of a chunk that compiled nothing; returns those to expect.
    A measurement moves the scale for other networks as if it were six times another one at most.
    """
    global _factor
    with _LOCK:
        expected = _by_formula(experiment)
        ratio = min(SURPRISE, max(1 / SURPRISE, seconds / expected))
        _factor *= 1 + LEARNING_SHARE * (ratio - 1)
        known = _rates.pop(experiment.program, seconds)
        rate = _rates[experiment.program] = known + LEARNING_SHARE * (seconds - known)
        while len(_rates) > MOST_RATES:
            _rates.popitem(last=False)
        return rate


def predicted_seconds(experiment: Experiment) -> float:
    """Seconds for all epochs of an experiment."""
    return experiment.num_updates * seconds_per_update(experiment)


def batch_rows(experiment: Experiment) -> int:
    """Rows in one update: the batch size, or the number of training rows if that is less."""
    return min(experiment.config.batch_size, experiment.num_train)
