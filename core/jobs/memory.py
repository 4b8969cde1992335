"""How much memory a run takes, told before it is sent; and the budgets of a visit and a server.

Imports no TensorFlow.
"""

import psutil

from core.characters.sizes import MAX_NUMBERS, Sizes, text_width
from core.characters.sizes import num_parameters as character_parameters
from core.configs import CONFIGS, CharacterConfig, layer_sizes, num_parameters
from core.experiments import Experiment
from core.jobs.speed import batch_rows
from core.message import Message
from core.text.alphabet import MAX_CHARACTERS, MAX_WORDS
from core.text.csv_table import MAX_CLASSES
from core.text.encoding import MAX_LENGTH, MAX_SLOTS

VISIT_BYTES = 100_000_000
"""What the own data of a visit may take of the server, as files and as read from them; and as much
for those of its states that no disk has taken.
"""
SERVER_BYTES = min(1_500_000_000, round(0.3 * psutil.virtual_memory().total))
"""The same for all visits together."""
BYTES_A_NUMBER = 4
BYTES_A_NEIGHBOUR = 24
"""A row number and an affinity, and both once more while they are made symmetric."""
COPIES = 6
"""Weights, gradients, two moments of the optimizer, and a state that is carried with one moment."""
COPIES_OF_A_BATCH = 4
"""Of every activation in an update: itself, before its function, and the gradients of both."""
OTHER_BYTES = 100_000_000
"""Of the data and programs of a network that reads words, of a map, or of few labels; about."""
WORKER_SHARE = 0.8
"""Of a worker's memory, for one run: TensorFlow itself takes the rest."""


def predicted_bytes(experiment: Experiment) -> int:
    """Bytes that a run takes on a worker, about: parameters, a batch, and its data."""
    if experiment.family == "map":
        return OTHER_BYTES + _neighbour_bytes(experiment)
    if experiment.family == "character":
        return OTHER_BYTES + _reader_bytes(experiment.config)
    if experiment.family not in CONFIGS:
        return OTHER_BYTES
    numbers = COPIES * num_parameters(experiment.config, experiment.input_dim)
    width = sum(layer_sizes(experiment.config, experiment.input_dim))
    numbers += COPIES_OF_A_BATCH * batch_rows(experiment) * width
    numbers += experiment.num_train * experiment.input_dim
    return BYTES_A_NUMBER * numbers


def _neighbour_bytes(experiment: Experiment) -> int:
    """Of the affinities of a map: three times its perplexity neighbours per point, both
    ways.
    """
    config = experiment.config
    return round(config.num_points * 3 * config.perplexity * 2 * BYTES_A_NEIGHBOUR)


def _reader_bytes(config: CharacterConfig) -> int:
    """Of a network that reads characters, at the longest texts and the most words; it refuses a
    batch of more than `MAX_NUMBERS` itself.
    """
    sizes = Sizes(MAX_CHARACTERS, MAX_LENGTH, MAX_WORDS, MAX_SLOTS, MAX_CLASSES)
    numbers = COPIES * sum(character_parameters(config, sizes).values())
    activations = config.batch_size * MAX_LENGTH * text_width(config)
    return BYTES_A_NUMBER * (numbers + COPIES_OF_A_BATCH * min(activations, MAX_NUMBERS))


def check(experiment: Experiment, worker_bytes: int) -> None:
    """Checks that a run fits on a worker, before it is sent.

    Args:
        worker_bytes: Memory of the worker; 0 for unknown.

    Raises:
        ValueError: It does not; a sentence with the way out.
    """
    needed = predicted_bytes(experiment)
    if not worker_bytes or needed <= WORKER_SHARE * worker_bytes:
        return
    if experiment.family == "map":
        raise ValueError(
            Message(
                "This map takes about {needed:,.1f} GB of memory, and a worker has "
                "{most:,.1f} GB. Choose fewer points, or a lower perplexity.",
                needed=needed / 1e9,
                most=worker_bytes / 1e9,
            )
        )
    raise ValueError(
        Message(
            "This network takes about {needed:,.1f} GB of memory, and a worker has "
            "{most:,.1f} GB. Choose narrower layers, or a smaller batch size.",
            needed=needed / 1e9,
            most=worker_bytes / 1e9,
        )
    )
