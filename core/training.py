"""Training is a pure function of updates: `state = init_state(...)`, `state, records = advance(...,
state, ...)`.
Pause is not calling it, a live knob is the next call's `coefficients`, a fork is calling it from a
kept state.
"""

import dataclasses
import weakref
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.configs import AutoencoderConfig, check_seed, check_size
from core.datasets import Dataset
from core.engine.loop import as_seed, as_tensors, build_optimizer, engine_for
from core.engine.state import Record, State, TrainingDiverged, rows_of_epoch, updates_per_epoch
from core.export import keras_archive
from core.models import FAMILIES
from core.models.autoencoder import Autoencoder
from core.pretraining import encoders
from core.queries import codings, denoising, latent_space

VALIDATION_SEED = 2**31 - 2
ANSWERS = denoising.ANSWERS | latent_space.ANSWERS | codings.ANSWERS | {"encoder": encoders.encoder}


def init_state(config: AutoencoderConfig, input_dim: int, seed: int) -> State:
    """The state before the first update; all its randomness follows from `seed`.

    Raises:
        ValueError: A network larger than this server allows, or a seed that is not from 0 to
        2,000,000.
    """
    check_size(config, input_dim)
    seed = check_seed(seed)
    model = FAMILIES[config.family].build(config, input_dim, seed)
    engine = engine_for(config.compiled(), input_dim)
    weights = tuple(variable.numpy() for variable in model.variables)
    fresh = build_optimizer(config, engine.model.trainable_variables)
    optimizer = tuple(variable.numpy() for variable in fresh.variables)
    return State(weights, optimizer, seed, 0, _zeros(engine.parts))


def begin(config: AutoencoderConfig, data: Dataset, seed: int) -> State:
    """The state before the first update, for these data."""
    return init_state(config, data.input_dim, seed)


def advance(
    config: AutoencoderConfig,
    data: Dataset,
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
        ValueError: The data do not fit the loss.
    """
    engine = engine_for(config.compiled(), data.input_dim)
    engine.begin(state)
    (x_train, x_test), values = _data_tensors(config, data), as_tensors(coefficients)
    per_epoch = updates_per_epoch(len(data.x_train), config.batch_size)
    update, last, sums, records = state.update, state.update + num_updates, list(state.sums), []
    while update < last:
        epoch, order = update // per_epoch, _order(config, state, update // per_epoch, data)
        stop = min(last, (epoch + 1) * per_epoch)
        bounds = _bounds(update, stop, per_epoch, state.seed)
        sums = engine.run(x_train, order, bounds, values, sums)
        _check_finite(sums, epoch, coefficients)
        update = stop
        if update % per_epoch == 0:
            parts, readings = engine.evaluate(x_test, values, as_seed(VALIDATION_SEED, 0))
            _check_finite(parts.values(), epoch, coefficients)
            means = {name: float(s) / per_epoch for name, s in zip(engine.parts, sums, strict=True)}
            records.append(_record(epoch + 1, means, parts, readings, coefficients))
            sums = list(_zeros(engine.parts))
    return engine.state(state.seed, update, tuple(np.float32(value) for value in sums)), records


def train(
    config: AutoencoderConfig, dataset: Dataset, *, num_epochs: int, seed: int = 0
) -> Iterator[Record]:
    """Trains from scratch and yields a record an epoch."""
    for _, record in _epochs(config, dataset, num_epochs, seed):
        yield record


def fit(config: AutoencoderConfig, dataset: Dataset, *, num_epochs: int, seed: int = 0) -> "Run":
    """Trains from scratch for `num_epochs` epochs and returns the finished run."""
    state, history = init_state(config, dataset.input_dim, seed), []
    for state, record in _epochs(config, dataset, num_epochs, seed):  # noqa: B007
        history.append(record)
    return Run(config, dataset.input_dim, state, history)


def _epochs(
    config: AutoencoderConfig, dataset: Dataset, num_epochs: int, seed: int
) -> Iterator[tuple[State, Record]]:
    state = init_state(config, dataset.input_dim, seed)
    num_updates = updates_per_epoch(len(dataset.x_train), config.batch_size)
    coefficients = config.coefficients(num_epochs * num_updates)
    for _ in range(num_epochs):
        state, (record,) = advance(config, dataset, state, coefficients, num_updates=num_updates)
        yield state, record


class Run:
    """A trained model: its records and what it does to data. Arrays are float32; x: [N, D], z: [N,
    Z].
    """

    def __init__(
        self, config: AutoencoderConfig, input_dim: int, state: State, history: list[Record]
    ) -> None:
        self.config, self.state, self.history = config, state, history
        self.model = load_model(config, input_dim, state)

    def encode(self, x: np.ndarray) -> np.ndarray:
        """The codings z of x (of a variational autoencoder: their means)."""
        return _in_batches(self.model.encoder, x)

    def decode(self, z: np.ndarray) -> np.ndarray:
        """What the decoder paints for the codings z."""
        return _in_batches(self.model.decoder, z)

    def reconstruct(self, x: np.ndarray) -> np.ndarray:
        """x_hat = decode(encode(x)); nothing is corrupted or sampled."""
        return self.decode(self.encode(x))

    def save(self, path: str | Path) -> None:
        """Writes a `.keras` file of stock layers, encoder and decoder joined, weights untied. Keras
        3.8 and later open it.
        """
        plain = dataclasses.replace(self.config, tied_weights=False)
        model = FAMILIES[plain.family].build(plain, self.model.encoder.input_shape[1], 0)
        model.encoder.set_weights(self.model.encoder.get_weights())
        layers = zip(model.decoder.layers[1:], self.model.decoder.layers[1:], strict=True)
        for stock, layer in layers:
            tied = self.config.tied_weights
            stock.set_weights(layer.dense_weights() if tied else layer.get_weights())
        x = model.encoder.inputs[0]
        joined = keras.Model(x, model.decoder(model.encoder(x)), name=plain.family)
        keras_archive.save(joined, path)


def load_model(config: AutoencoderConfig, input_dim: int, state: State) -> Autoencoder:
    """A model of its own with the weights of `state`."""
    model = FAMILIES[config.family].build(config, input_dim, state.seed)
    for variable, array in zip(model.variables, state.weights, strict=True):
        variable.assign(array)
    return model


def shared_model(config: AutoencoderConfig, data: Dataset, state: State) -> Autoencoder:
    """The engine's own model with the weights of `state`: free right after `advance`, but only good
    until the next.
    """
    engine = engine_for(config.compiled(), data.input_dim)
    engine.load(state)
    return engine.model


def check_data(config: AutoencoderConfig, data: Dataset) -> None:
    """Refuses data on which the loss means nothing.

    Raises:
        ValueError: Binary cross-entropy with values outside [0, 1].
    """
    low, high = _value_range(data)
    if config.reconstruction_loss == "bce" and not 0 <= low <= high <= 1:
        raise ValueError(
            f"Binary cross-entropy needs data between 0 and 1; received values from {low:g} to "
            f"{high:g}. "
            "Choose the loss mse."
        )


_tensor_cache: "weakref.WeakKeyDictionary[Dataset, tuple[tf.Tensor, tf.Tensor]]" = (
    weakref.WeakKeyDictionary()
)
_range_cache: "weakref.WeakKeyDictionary[Dataset, tuple[float, float]]" = (
    weakref.WeakKeyDictionary()
)


def _data_tensors(config: AutoencoderConfig, data: Dataset) -> tuple[tf.Tensor, tf.Tensor]:
    check_data(config, data)
    if data not in _tensor_cache:
        _tensor_cache[data] = (_pack(data.x_train), _pack(data.x_test))
    return _tensor_cache[data]


def _value_range(data: Dataset) -> tuple[float, float]:
    if data not in _range_cache:
        arrays = (data.x_train, data.x_test)
        _range_cache[data] = (
            float(min(x.min() for x in arrays)),
            float(max(x.max() for x in arrays)),
        )
    return _range_cache[data]


def _pack(x: np.ndarray) -> tf.Tensor:
    """Grey levels k/255 as one byte each, a quarter of the memory; anything else as it is."""
    levels = np.clip(np.rint(x * 255), 0, 255).astype(np.uint8)
    return tf.constant(levels if np.array_equal(levels / np.float32(255), x) else x)


def _order(config: AutoencoderConfig, state: State, epoch: int, data: Dataset) -> tf.Tensor:
    rows = rows_of_epoch(len(data.x_train), config.batch_size, state.seed, epoch)
    return tf.constant(rows)


def _bounds(update: int, stop: int, per_epoch: int, seed: int) -> dict[str, tf.Tensor]:
    """Where a stretch lies in its epoch, as tensors: plain numbers would be compiled in."""
    start = update // per_epoch * per_epoch
    values = {"first": update - start, "last": stop - start, "epoch_start": start, "seed": seed}
    return {name: tf.constant(value) for name, value in values.items()}


def _record(
    epoch: int,
    parts: dict[str, float],
    validation: Mapping[str, Any],
    readings: Mapping[str, Any],
    coefficients: Mapping[str, float],
) -> Record:
    tested = {name: float(value) for name, value in validation.items()}
    return Record(
        epoch=epoch,
        parts=parts | {"total": sum(parts.values())},
        readings={name: _plain(value.numpy()) for name, value in readings.items()},
        validation=tested | {"total": sum(tested.values())},
        coefficients=dict(coefficients),
    )


def _check_finite(values: Iterable[Any], epoch: int, coefficients: Mapping[str, float]) -> None:
    if not all(np.isfinite(value) for value in values):
        raise TrainingDiverged(
            f"The loss left the finite numbers in epoch {epoch + 1}, at a learning rate of "
            f"{coefficients['learning_rate']:g}. The last good state is kept; try a smaller "
            f"learning rate."
        )


def _plain(value: np.ndarray) -> float | tuple[float, ...]:
    return float(value) if value.ndim == 0 else tuple(value.tolist())


def _zeros(names: tuple[str, ...]) -> tuple[np.float32, ...]:
    return (np.float32(0),) * len(names)


def _in_batches(function: Any, x: np.ndarray, size: int = 4096) -> np.ndarray:
    x = np.asarray(x, dtype=np.float32)
    return np.concatenate(
        [np.asarray(function(x[i : i + size])) for i in range(0, max(len(x), 1), size)]
    )
