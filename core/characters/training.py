"""Training as a pure function of updates, as in `core.training`:
`state = init_state(...)`, then `state, records = advance(..., state, ...)`.

An epoch is one pass over the training texts, or over an equal share of them when they are more than
60,000, so that the curve of a large task has its points every few seconds. K classes.
"""

import functools
import weakref
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from core.characters.engine import ROWS_AT_ONCE, SUMS, CharacterEngine, engine_for
from core.characters.models import Network
from core.characters.sizes import Sizes, check_size
from core.configs import check_seed
from core.configs.characters import CharacterConfig
from core.engine.advance import Readings, zeros
from core.engine.advance import advance as advance_loop
from core.engine.advance import epochs as epochs_of
from core.engine.compiled import EngineLoop
from core.engine.loop import build_optimizer
from core.engine.state import Record, State
from core.text.encoding import Batchable, EncodedTask, EpochKey, encoded
from core.text.tasks import TextTask

MIN_EPOCHS = 10
MIN_UPDATES = 300


def init_state(config: CharacterConfig, task: TextTask, seed: int) -> State:
    """The state before the first update; all its randomness follows from `seed`.

    Raises:
        ValueError: A task without labels, an update larger than this server allows, or a seed that
            is not from 0 to 2,000,000.
    """
    seed = check_seed(seed)
    sizes = sizes_of(config, task)
    check_size(config, sizes)
    network = Network(config, sizes, seed)
    optimizer = build_optimizer(config, network.variables)
    weights = tuple(variable.numpy() for variable in network.variables)
    moments = tuple(variable.numpy() for variable in optimizer.variables)
    return State(weights, moments, seed, 0, zeros(SUMS))


class CharacterLoop(EngineLoop):
    """The training loop of a character model."""

    sums = SUMS
    engine: CharacterEngine

    def __init__(self, config: CharacterConfig, task: TextTask) -> None:
        self.inputs = config.inputs
        self.data = encoded(task)
        super().__init__(engine_of(config, task), updates_per_epoch(config, task))

    def batches(
        self, seed: int, base: int, updates: range, coefficients: Mapping[str, float]
    ) -> Any:
        key = EpochKey(seed, base // self.updates_a_record)
        rate = float(coefficients["typo_rate"])
        return _epoch(self.data, self.inputs, self.engine.batch_size, key, rate)

    def evaluate(
        self, coefficients: Mapping[str, Any], means: dict[str, float]
    ) -> tuple[dict[str, float], dict[str, float], Readings]:
        loss, hits, rows = _validate(self.engine, self.data)
        readings: Readings = {
            "accuracy": float(hits.sum() / rows.sum()),
            "training_accuracy": means["accuracy"],
            "class_accuracies": tuple((hits / np.maximum(rows, 1)).tolist()),
        }
        return {"cross_entropy": means["cross_entropy"]}, {"cross_entropy": loss}, readings


def advance(
    config: CharacterConfig,
    task: TextTask,
    state: State,
    coefficients: Mapping[str, float],
    *,
    num_updates: int,
) -> tuple[State, list[Record]]:
    """Trains for `num_updates` updates and returns the new state and a record for every epoch
    completed on the way.

    The same updates in one call or in many give the same weights, bit for bit, and the same
    records.

    Args:
        coefficients: Live knobs by name: `config.coefficients(planned_updates)`, changed or not.

    Raises:
        TrainingDiverged: The loss is no longer finite. `state` is untouched.
    """
    loop = CharacterLoop(config, task)
    return advance_loop(loop, state, coefficients, num_updates=num_updates)


def train(
    config: CharacterConfig, task: TextTask, *, seed: int = 0, num_epochs: int | None = None
) -> Iterator[Record]:
    """Trains from scratch and yields a record an epoch; without `num_epochs` 10 of them, or more
    on a small task, until there were 300 updates.
    """
    for _, record in epochs(config, task, seed=seed, num_epochs=num_epochs):
        yield record


def epochs(
    config: CharacterConfig, task: TextTask, *, seed: int, num_epochs: int | None
) -> Iterator[tuple[State, Record]]:
    """Trains from scratch and yields the state and the record after each epoch."""
    state = init_state(config, task, seed)
    loop = CharacterLoop(config, task)
    if num_epochs is None:
        num_epochs = max(MIN_EPOCHS, -(-MIN_UPDATES // loop.updates_a_record))
    coefficients = config.coefficients(num_epochs * loop.updates_a_record)
    return epochs_of(loop, state, coefficients, num_epochs=num_epochs)


def updates_per_epoch(config: CharacterConfig, task: TextTask) -> int:
    """Updates in one epoch of a task."""
    return encoded(task).updates(config.batch_size)


def sizes_of(config: CharacterConfig, task: TextTask) -> Sizes:
    """The sizes of a network for a task; 1 for what it does not read."""
    reader = encoded(task).reader
    has_characters = config.inputs != "word"
    has_words = config.inputs != "character"
    return Sizes(
        num_characters=reader.alphabet.num_ids if has_characters else 1,
        length=reader.length if has_characters else 1,
        num_words=reader.vocabulary.num_ids if has_words else 1,
        num_slots=reader.num_slots if has_words else 1,
        num_classes=task.num_classes,
    )


def engine_of(config: CharacterConfig, task: TextTask) -> CharacterEngine:
    """The compiled engine of a config on a task. A batch has no more rows than an epoch."""
    return engine_for(
        config.compiled(), sizes_of(config, task), encoded(task).batch_size(config.batch_size)
    )


def load_network(config: CharacterConfig, task: TextTask, state: State) -> Network:
    """A new network with the weights of `state`."""
    network = Network(config, sizes_of(config, task), state.seed)
    for variable, array in zip(network.variables, state.weights, strict=True):
        variable.assign(array)
    return network


@functools.lru_cache(maxsize=2)
def _epoch(
    data: EncodedTask, inputs: str, batch_size: int, key: EpochKey, rate: float
) -> tuple[Any, ...]:
    """The rows of an epoch as tensors; the last two epochs are kept."""
    return tuple(tf.constant(x) for x in data.epoch(inputs, batch_size, key, rate))


_validation: "weakref.WeakKeyDictionary[EncodedTask, dict[str, tuple[Any, ...]]]" = (
    weakref.WeakKeyDictionary()
)


def _validate(engine: CharacterEngine, data: EncodedTask) -> tuple[float, np.ndarray, np.ndarray]:
    """On the validation split: mean cross-entropy, and of each class the hits and the rows, [K]."""
    inputs = engine.config.inputs
    tensors = _validation.setdefault(data, {})
    if inputs not in tensors:
        tensors[inputs] = tuple(tf.constant(x) for x in _whole_batches(data.validation(inputs)))
    loss, hits = engine.evaluate(tensors[inputs])
    labels = tensors[inputs][2].numpy()
    rows = np.bincount(labels[labels >= 0], minlength=engine.sizes.num_classes)
    return float(loss) / rows.sum(), hits.numpy(), rows


def _whole_batches(data: Batchable) -> Batchable:
    """The data, padded to whole batches with rows of the label -1."""
    size = min(ROWS_AT_ONCE, len(data.labels))
    missing = -len(data.labels) % size
    characters, words = (np.pad(x, [(0, missing), (0, 0)]) for x in data[:2])
    return Batchable(characters, words, np.pad(data.labels, (0, missing), constant_values=-1))
