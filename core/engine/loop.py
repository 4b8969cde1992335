"""The engine: one architecture, compiled once, that runs whole stretches of training as one loop
over updates.
"""

import functools
from collections.abc import Iterable, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.configs import AutoencoderConfig
from core.engine.state import State
from core.models import FAMILIES
from core.models.autoencoder import Autoencoder

NUM_SLICES = 2
OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "nadam": keras.optimizers.Nadam,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}


class Holder:
    """Variables and an optimizer into which any `State` can be loaded, one at a time."""

    def __init__(self, variables: Iterable[Any], optimizer: keras.Optimizer) -> None:
        self.variables, self.optimizer = tuple(variables), optimizer
        self.loaded: State | None = None

    def load(self, state: State) -> None:
        """Puts a state in, unless it is the one that was taken out last.

        One that was sent without the optimizer's part is there to be looked at, not to be trained.
        """
        if state is self.loaded:
            return
        variables = (*self.variables, *(self.optimizer.variables if state.optimizer else ()))
        for variable, array in zip(variables, (*state.weights, *state.optimizer), strict=True):
            variable.assign(array)
        self.loaded = state

    def begin(self, state: State) -> None:
        """Loads a state that is about to change."""
        self.load(state)
        self.loaded = None

    def state(self, seed: int, update: int, sums: tuple[np.float32, ...]) -> State:
        """Takes the state out."""
        weights = tuple(variable.numpy() for variable in self.variables)
        optimizer = tuple(variable.numpy() for variable in self.optimizer.variables)
        self.loaded = State(weights, optimizer, seed, update, sums)
        return self.loaded


class Engine(Holder):
    """One architecture, compiled once."""

    def __init__(self, config: AutoencoderConfig, input_dim: int) -> None:
        self.config = config
        self.family = FAMILIES[config.family]
        self.model: Autoencoder = self.family.build(config, input_dim, seed=0)
        optimizer = build_optimizer(config, self.model.trainable_variables)
        super().__init__(self.model.variables, optimizer)
        self.parts = tuple(
            self.family.losses(
                self.model,
                tf.zeros((1, input_dim)),
                as_tensors(config.coefficients()),
                as_seed(0, 0),
            )
        )
        self.run = tf.function(self._run, jit_compile=True, autograph=False)
        self.evaluate = tf.function(self._evaluate, jit_compile=True, autograph=False)

    def _run(
        self,
        x_train: Any,
        order: Any,
        bounds: Mapping[str, Any],
        coefficients: Mapping[str, Any],
        sums: list[Any],
    ) -> list[Any]:
        """Updates `first` to `last` of an epoch whose rows come in `order`.

        The loop counts from a tensor within the epoch: an argument that feeds `tf.slice` by itself
        would be compiled in.
        """
        batch_size = min(self.config.batch_size, x_train.shape[0])

        def body(index: Any, sums: list[Any]) -> tuple[Any, list[Any]]:
            rows = tf.slice(order, [index * batch_size], [batch_size])
            batch = [
                _to_float(tf.gather(x_train, part))
                for part in tf.split(rows, self._num_slices(batch_size))
            ]
            update = bounds["epoch_start"] + index
            values = self._update(batch, update, bounds["seed"], coefficients)
            return index + 1, [total + value for total, value in zip(sums, values, strict=True)]

        return tf.while_loop(
            lambda index, _: index < bounds["last"], body, (bounds["first"], sums)
        )[1]

    def _update(
        self, batch: list[Any], update: Any, seed: Any, coefficients: Mapping[str, Any]
    ) -> list[Any]:
        """One update by the mean gradient of a batch that comes in equal slices.

        XLA works on two slices side by side, one a core, which is quicker than sharing every matrix
        product.
        """
        slices = [
            self._gradient(x, tf.stack([seed, update * len(batch) + i]), coefficients)
            for i, x in enumerate(batch)
        ]
        gradients, values = zip(*slices, strict=True)
        self.optimizer.learning_rate.assign(learning_rate(self.config, update, coefficients))
        self.optimizer.apply(_means(gradients), self.model.trainable_variables)
        return _means(values)

    def _gradient(
        self, x: Any, seed: Any, coefficients: Mapping[str, Any]
    ) -> tuple[list[Any], list[Any]]:
        with tf.GradientTape() as tape:
            parts = self.family.losses(self.model, x, coefficients, seed)
            total = tf.add_n(list(parts.values()))
        gradient = tape.gradient(total, self.model.trainable_variables)
        return gradient, [parts[name] for name in self.parts]

    def _num_slices(self, batch_size: int) -> int:
        can_slice = self.config.loss_is_mean_over_rows and batch_size % NUM_SLICES == 0
        return NUM_SLICES if can_slice else 1

    def _evaluate(
        self, x_test: Any, coefficients: Mapping[str, Any], seed: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        x = _to_float(x_test)
        parts = self.family.losses(self.model, x, coefficients, seed)
        return parts, self.family.readings(self.model, x, coefficients, seed)


@functools.lru_cache(maxsize=8)
def engine_for(architecture: AutoencoderConfig, input_dim: int) -> Engine:
    """The compiled engine of an architecture (see `AutoencoderConfig.compiled`); the last few
    are kept.
    """
    return Engine(architecture, input_dim)


def build_optimizer(config: AutoencoderConfig, variables: list[Any]) -> keras.Optimizer:
    """The optimizer of a config with fresh moments for `variables`."""
    optimizer = OPTIMIZERS[config.optimizer](
        learning_rate=config.learning_rate, weight_decay=config.weight_decay or None
    )
    optimizer.build(variables)
    return optimizer


def learning_rate(config: Any, update: Any, coefficients: Mapping[str, Any]) -> Any:
    """The knob's value, times ½ (1 + cos(π · update / planned updates)) on a cosine (Loshchilov &
    Hutter 2017).
    """
    rate = coefficients["learning_rate"]
    if config.learning_rate_decay == "constant":
        return rate
    share = tf.minimum(tf.cast(update, tf.float32) / coefficients["planned_updates"], 1.0)
    return rate * 0.5 * (1.0 + tf.cos(np.pi * share))


def as_tensors(values: Mapping[str, float]) -> dict[str, tf.Tensor]:
    """Scalars as tensors: what a slider moves is an argument and never compiled in."""
    return {name: tf.constant(value, tf.float32) for name, value in values.items()}


def as_seed(seed: int, update: int) -> tf.Tensor:
    return tf.constant([seed, update], tf.int32)


def _means(lists: Iterable[list[Any]]) -> list[Any]:
    """The mean of the first elements, of the second ones, and so on."""
    return [tf.add_n(values) / len(values) for values in zip(*lists, strict=True)]


def _to_float(x: Any) -> Any:
    return tf.cast(x, tf.float32) / 255.0 if x.dtype == tf.uint8 else x
