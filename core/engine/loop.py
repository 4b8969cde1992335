"""The compiled loop of all training, and what the updates in it share."""

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "nadam": keras.optimizers.Nadam,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}


def repeat(step: Callable[[Any, Any], Any], first: Any, last: Any, carried: Any) -> Any:
    """`carried = step(index, carried)` for every index from `first` to the one before `last`.

    Both are tensors, and counted from the beginning of the batches at hand: a plain number, and an
    argument that feeds `tf.slice` by itself, would be compiled in.
    """
    return tf.while_loop(
        lambda index, _: index < last,
        lambda index, carried: (index + 1, step(index, carried)),
        (first, carried),
    )[1]


def add(sums: list[Any], values: list[Any]) -> list[Any]:
    """The sums with the values of one more update."""
    return [total + value for total, value in zip(sums, values, strict=True)]


def build_optimizer(config: Any, variables: list[Any]) -> keras.Optimizer:
    """The optimizer of a config with fresh moments for `variables`."""
    weight_decay = getattr(config, "weight_decay", None) or None
    optimizer = OPTIMIZERS[config.optimizer](
        learning_rate=config.learning_rate, weight_decay=weight_decay
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
    """Scalars as tensors: what a live knob sets is an argument and never compiled in."""
    return {name: tf.constant(value, tf.float32) for name, value in values.items()}


def as_seed(seed: int, update: int) -> tf.Tensor:
    return tf.constant([seed, update], tf.int32)
