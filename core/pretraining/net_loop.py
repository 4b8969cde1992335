"""Training of one net on its labelled rows.

B batch, N training rows, K classes, U updates at once.
"""

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from core.engine.advance import Readings
from core.engine.arrays import ArraysLoop, compile_updates
from core.engine.state import TrainingDiverged, rows_of_epoch
from core.message import Message
from core.pretraining import labelled
from core.pretraining.labelled import BATCH_SIZE, UPDATES_AT_ONCE
from core.pretraining.nets import Activations, Net, logits


class NetLoop(ArraysLoop):
    """The training of one net on its labelled rows. It tests nothing: `LabelLoop` does.

    Args:
        net: Before the first update.
        x, labels: All training rows, [N, ...] and int [N].
        rows: Those of them that are labelled, int.
        rate_factor: By which the learning rate is multiplied.
    """

    sums = ("cross_entropy",)
    told = ("learning_rate",)
    updates_at_once = UPDATES_AT_ONCE

    def __init__(
        self,
        net: Net,
        x: np.ndarray,
        labels: np.ndarray,
        rows: np.ndarray,
        rate_factor: float = 1.0,
    ) -> None:
        super().__init__(_updates(net.activations))
        self.net = net
        self.x = x
        self.labels = labels
        self.rows = rows
        self.rate_factor = rate_factor
        self.updates_a_record = labelled.updates_a_record(len(rows))
        self.scale = tuple(map(tf.constant, net.scale))

    def trained(self) -> Net:
        """The net as it stands."""
        return self.net._replace(weights=tuple(array.numpy() for array in self.carried[0]))

    def batches(
        self, seed: int, base: int, updates: range, coefficients: Mapping[str, float]
    ) -> Any:
        """x [U, B, ...], labels [U, B], the scale of the codes, and the learning rate."""
        rows = self.rows[_batches(len(self.rows), seed, base)]  # [U, B]
        rate = self.rate_factor * coefficients["learning_rate"]
        return (
            tf.constant(self.x[rows]),
            tf.constant(self.labels[rows]),
            self.scale,
            tf.constant(rate, tf.float32),
        )

    def evaluate(
        self, coefficients: Mapping[str, Any], means: dict[str, float]
    ) -> tuple[dict[str, float], dict[str, float], Readings]:
        return means, {}, {}

    def diverged(self, epoch: int, rate: float) -> TrainingDiverged:
        return TrainingDiverged(
            Message(
                "The loss left the finite numbers, at a learning rate of {rate:g}. Choose a "
                "smaller one.",
                rate=rate,
            )
        )


def _batches(num_rows: int, seed: int, start: int) -> np.ndarray:
    """The batches of 25 updates from `start` on, int [U, B]: epoch after epoch, each with the
    numbers below `num_rows` in random order.
    """
    count = UPDATES_AT_ONCE * BATCH_SIZE
    first = start * BATCH_SIZE
    epochs = range(first // num_rows, (first + count - 1) // num_rows + 1)
    rows = np.concatenate([rows_of_epoch(num_rows, 1, seed, epoch) for epoch in epochs])
    begin = first - epochs[0] * num_rows
    return rows[begin : begin + count].reshape(UPDATES_AT_ONCE, BATCH_SIZE)


@functools.lru_cache(maxsize=8)
def _updates(activations: Activations) -> Any:
    """The compiled updates of nets with the same activations."""

    def loss(weights: list[Any], batches: Any, i: Any) -> Any:
        x, labels, scale, _ = batches  # [U, B, ...], [U, B]
        z = logits(activations, scale, weights, x[i])  # [B, K]
        entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels[i], z)
        return tf.reduce_mean(entropy)

    return compile_updates(loss, lambda batches, *_: batches[-1])
