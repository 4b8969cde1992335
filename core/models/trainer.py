"""The trainer of all autoencoders: initial state, compiled updates, evaluation."""

import weakref
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import tensorflow as tf
from zict import LRU

from core.configs import (
    MAX_PARAMETERS,
    AutoencoderConfig,
    check_seed,
    check_size,
    check_update,
    num_parameters,
)
from core.datasets import Dataset
from core.engine.advance import Readings, zeros
from core.engine.advance import advance as advance_loop
from core.engine.advance import epochs as epochs_of
from core.engine.compiled import Engine, EngineLoop
from core.engine.loop import as_seed, as_tensors, build_optimizer
from core.engine.state import Record, State, rows_of_epoch, updates_per_epoch
from core.message import Message
from core.models import FAMILIES
from core.models.autoencoder import Autoencoder
from core.queries import codings, denoising, latent_space

NUM_SLICES = 2
VALIDATION_SEED = 2**31 - 2
ANSWERS = denoising.ANSWERS | latent_space.ANSWERS | codings.ANSWERS
PROGRAM_PARAMETERS = 2_500_000
"""As many parameters take about as much memory as a compiled program."""
CACHED_PARAMETERS = MAX_PARAMETERS + 9 * PROGRAM_PARAMETERS
"""One of the largest networks and seven of the default size, programs included."""


class AutoencoderEngine(Engine):
    """The compiled network of an architecture; holds the weights of the state loaded last."""

    def __init__(self, config: AutoencoderConfig, input_dim: int) -> None:
        self.family = FAMILIES[config.family]
        self.model: Autoencoder = self.family.build(config, input_dim, seed=0)
        super().__init__(config, self.model.variables, self.model.trainable_variables, xla=True)
        x = tf.zeros((1, input_dim))
        coefficients = as_tensors(config.coefficients())
        self.parts = tuple(self.family.losses(self.model, x, coefficients, as_seed(0, 0)))
        self.evaluate = tf.function(self._evaluate, jit_compile=True, autograph=False)

    def batch(self, data: Any, index: Any) -> list[Any]:
        """The rows of batch number `index`, float32 [B, D]; as two slices [B / 2, D] where every
        part of the loss is a mean over the rows and B is even.

        Args:
            data: x_train [N, D], and the order of the rows in this epoch, int32.
        """
        x_train, order = data
        size = min(self.config.batch_size, x_train.shape[0])
        rows = tf.slice(order, [index * size], [size])  # [B]
        can_slice = self.config.loss_is_mean_over_rows and size % NUM_SLICES == 0
        return [
            _to_float(tf.gather(x_train, part))
            for part in tf.split(rows, NUM_SLICES if can_slice else 1)
        ]

    def loss(self, part: Any, key: Any, coefficients: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        parts = self.family.losses(self.model, part, coefficients, key)
        return tf.add_n(list(parts.values())), [parts[name] for name in self.parts]

    def _evaluate(
        self, x_test: Any, coefficients: Mapping[str, Any], key: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        x = _to_float(x_test)
        parts = self.family.losses(self.model, x, coefficients, key)
        return parts, self.family.readings(self.model, x, coefficients, key)


def engine_for(architecture: AutoencoderConfig, input_dim: int) -> AutoencoderEngine:
    """The compiled engine of an architecture; see `LiveKnobs.compiled`. As many are cached
    as fit into `CACHED_PARAMETERS`.
    """
    key = architecture, input_dim
    engine = _engines.get(key)
    if engine is None:
        engine = AutoencoderEngine(architecture, input_dim)
        _engines[key] = engine
    return engine


def _weight(key: tuple[AutoencoderConfig, int], _: AutoencoderEngine) -> int:
    return PROGRAM_PARAMETERS + num_parameters(*key)


_engines: "LRU[tuple[AutoencoderConfig, int], AutoencoderEngine]" = LRU(
    CACHED_PARAMETERS, {}, weight=_weight
)


class AutoencoderLoop(EngineLoop):
    """Training of an autoencoder: an epoch is one pass over the training images in random order.

    Raises:
        ValueError: The data do not fit the loss.
    """

    engine: AutoencoderEngine

    def __init__(self, config: AutoencoderConfig, data: Dataset) -> None:
        self.num_rows = len(data.x_train)
        self.batch_size = config.batch_size
        self.x_train, self.x_test = _data_tensors(config, data)
        engine = engine_for(config.compiled(), data.input_dim)
        self.sums = engine.parts
        super().__init__(engine, updates_per_epoch(self.num_rows, self.batch_size))

    def batches(
        self, seed: int, base: int, updates: range, coefficients: Mapping[str, float]
    ) -> Any:
        epoch = base // self.updates_a_record
        order = rows_of_epoch(self.num_rows, self.batch_size, seed, epoch)
        return self.x_train, tf.constant(order)

    def evaluate(
        self, coefficients: Mapping[str, Any], means: dict[str, float]
    ) -> tuple[dict[str, float], dict[str, float], Readings]:
        parts, readings = self.engine.evaluate(
            self.x_test, coefficients, as_seed(VALIDATION_SEED, 0)
        )
        validation = {name: float(value) for name, value in parts.items()}
        plain_readings = {name: _plain(value.numpy()) for name, value in readings.items()}
        return means, validation, plain_readings


def init_state(config: AutoencoderConfig, input_dim: int, seed: int) -> State:
    """The state before the first update; all its randomness follows from `seed`.

    Raises:
        ValueError: More than `MAX_PARAMETERS` parameters, or a seed that is not from 0 to
            2,000,000.
    """
    check_size(config, input_dim)
    seed = check_seed(seed)
    model = FAMILIES[config.family].build(config, input_dim, seed)
    engine = engine_for(config.compiled(), input_dim)
    optimizer = build_optimizer(config, engine.model.trainable_variables)
    weights = tuple(variable.numpy() for variable in model.variables)
    moments = tuple(variable.numpy() for variable in optimizer.variables)
    return State(weights, moments, seed, 0, zeros(engine.parts))


def begin(config: AutoencoderConfig, data: Dataset, seed: int) -> State:
    """The state before the first update, for these data.

    Raises:
        ValueError: See `init_state`; or an update that would take too long.
    """
    check_update(config, data.input_dim, len(data.x_train))
    return init_state(config, data.input_dim, seed)


def advance(
    config: AutoencoderConfig,
    data: Dataset,
    state: State,
    coefficients: Mapping[str, float],
    *,
    num_updates: int,
) -> tuple[State, list[Record]]:
    """Trains for `num_updates` updates; returns the new state and a record of each epoch completed.

    The same updates in one call or in many give the same weights and records, bit for bit.

    Args:
        coefficients: Live knobs by name: `config.coefficients(planned_updates)`, changed or not.

    Raises:
        TrainingDiverged: The loss is no longer finite. `state` is untouched.
        ValueError: The data do not fit the loss.
    """
    loop = AutoencoderLoop(config, data)
    return advance_loop(loop, state, coefficients, num_updates=num_updates)


def epochs(
    config: AutoencoderConfig, dataset: Dataset, num_epochs: int, seed: int
) -> Iterator[tuple[State, Record]]:
    """Trains from scratch and yields the state and the record after each epoch."""
    state = init_state(config, dataset.input_dim, seed)
    loop = AutoencoderLoop(config, dataset)
    coefficients = config.coefficients(num_epochs * loop.updates_a_record)
    return epochs_of(loop, state, coefficients, num_epochs=num_epochs)


def load_model(config: AutoencoderConfig, input_dim: int, state: State) -> Autoencoder:
    """A new model with the weights of `state`."""
    model = FAMILIES[config.family].build(config, input_dim, state.seed)
    for variable, array in zip(model.variables, state.weights, strict=True):
        variable.assign(array)
    return model


def shared_model(config: AutoencoderConfig, data: Dataset, state: State) -> Autoencoder:
    """The engine's own model with the weights of `state`, valid until its engine loads another
    state. Right after the `advance` that returned `state` nothing has to be loaded.
    """
    engine = engine_for(config.compiled(), data.input_dim)
    engine.load(state)
    return engine.model


def check_data(config: AutoencoderConfig, data: Dataset) -> None:
    """Checks that the loss is defined on the data.

    Raises:
        ValueError: Binary cross-entropy with values outside [0, 1].
    """
    low, high = _value_range(data)
    if config.reconstruction_loss == "bce" and not 0 <= low <= high <= 1:
        raise ValueError(
            Message(
                "Binary cross-entropy needs data between 0 and 1; received values from "
                "{low:g} to {high:g}. Choose the loss mse.",
                low=low,
                high=high,
            )
        )


_tensor_cache: "weakref.WeakKeyDictionary[Dataset, tuple[tf.Tensor, tf.Tensor]]" = (
    weakref.WeakKeyDictionary()
)
_range_cache: "weakref.WeakKeyDictionary[Dataset, tuple[float, float]]" = (
    weakref.WeakKeyDictionary()
)


def _data_tensors(config: AutoencoderConfig, data: Dataset) -> tuple[tf.Tensor, tf.Tensor]:
    """x_train and x_test as tensors, cached by data set; see `pack`."""
    check_data(config, data)
    if data not in _tensor_cache:
        _tensor_cache[data] = (pack(data.x_train), pack(data.x_test))
    return _tensor_cache[data]


def _value_range(data: Dataset) -> tuple[float, float]:
    """The lowest and the highest value, cached by data set."""
    if data not in _range_cache:
        arrays = (data.x_train, data.x_test)
        _range_cache[data] = (
            float(min(x.min() for x in arrays)),
            float(max(x.max() for x in arrays)),
        )
    return _range_cache[data]


def pack(x: np.ndarray) -> tf.Tensor:
    """x [N, D] as uint8 where all values are grey levels k/255, a quarter of the memory; else as it
    is, float32.
    """
    levels = np.clip(np.rint(x * 255), 0, 255).astype(np.uint8)
    return tf.constant(levels if np.array_equal(levels / np.float32(255), x) else x)


def _plain(value: np.ndarray) -> float | tuple[float, ...]:
    return float(value) if value.ndim == 0 else tuple(value.tolist())


def _to_float(x: Any) -> Any:
    """float32 in [0, 1] of what `pack` has packed."""
    return tf.cast(x, tf.float32) / 255.0 if x.dtype == tf.uint8 else x
