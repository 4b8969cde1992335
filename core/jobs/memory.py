"""How much memory a run takes, told before it is sent; and the budgets of a visit and a server.

Imports no TensorFlow.
"""

import psutil

from core.configs import CONFIGS, layer_sizes, num_parameters
from core.experiments import Experiment
from core.jobs.speed import batch_rows

VISIT_BYTES = 100_000_000
"""What the own data of a visit may take of the server, as files and as read from them; and as much
for those of its states that no disk has taken.
"""
SERVER_BYTES = min(1_500_000_000, round(0.3 * psutil.virtual_memory().total))
"""The same for all visits together."""
BYTES_A_NUMBER = 4
COPIES = 6
"""Weights, gradients, two moments of the optimizer, and a state that is carried with one moment."""
COPIES_OF_A_BATCH = 4
"""Of every activation in an update: itself, before its function, and the gradients of both."""
OTHER_BYTES = 100_000_000
"""Of a network that reads words, and of a map, with their data; at most, about."""
WORKER_SHARE = 0.8
"""Of a worker's memory, for one run: TensorFlow itself takes the rest."""


def predicted_bytes(experiment: Experiment) -> int:
    """Bytes that a run takes on a worker, about: parameters, a batch, and its data. Networks that
    read words, and maps, are small.
    """
    if experiment.family not in CONFIGS:
        return OTHER_BYTES
    numbers = COPIES * num_parameters(experiment.config, experiment.input_dim)
    width = sum(layer_sizes(experiment.config, experiment.input_dim))
    numbers += COPIES_OF_A_BATCH * batch_rows(experiment) * width
    numbers += experiment.num_train * experiment.input_dim
    return BYTES_A_NUMBER * numbers


def check(experiment: Experiment, worker_bytes: int) -> None:
    """Checks that a run fits on a worker, before it is sent.

    Args:
        worker_bytes: Memory of the worker; 0 for unknown.

    Raises:
        ValueError: It does not; a sentence with the way out.
    """
    needed = predicted_bytes(experiment)
    if worker_bytes and needed > WORKER_SHARE * worker_bytes:
        raise ValueError(
            f"This network takes about {needed / 1e9:,.1f} GB of memory, and a worker has "
            f"{worker_bytes / 1e9:,.1f} GB. Choose narrower layers, or a smaller batch size."
        )
