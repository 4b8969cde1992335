"""The networks of phase 2: a softmax on an encoder, trained on a few labels.

A net is its weights: those of the encoder, then kernel [Z, K] and bias [K] of the softmax. Its
input x is images [B, D], words [B, T], or codes [B, Z] for a softmax on a frozen encoder.
B batch, N rows, D pixels, T letters, Z codes, K classes, U updates at once.
"""

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from core.engine import adam
from core.engine.loop import add, repeat
from core.engine.state import rows_of_epoch
from core.pretraining.encoders import Encoder
from core.pretraining.labelled import BATCH_SIZE, UPDATES_AT_ONCE
from core.spelling import network

ROWS_AT_ONCE = 2_048
LEARNING_RATE = 1e-3
Activations = tuple[str, ...] | None
"""Of the dense layers below the softmax: () without any, None for the encoder of words."""
NO_LAYERS: Activations = ()


class Net(NamedTuple):
    """A net in a state of its training.

    Attributes:
        activations: See `Activations`.
        scale: (mean [Z], standard deviation [Z]) by which codes are standardised before the
            softmax.
        weights: Float32 arrays, layer by layer.
        means, squares: Adam's running means of the gradients and of their squares, as `weights`.
        total: The sum of the cross-entropies of the batches since the last record, in nats.
    """

    activations: Activations
    scale: tuple[np.ndarray, np.ndarray]
    weights: tuple[np.ndarray, ...]
    means: tuple[np.ndarray, ...]
    squares: tuple[np.ndarray, ...]
    total: np.float32 = np.float32(0)


def fine_tuned(encoder: Encoder, scale: Any, num_classes: int, seed: int) -> Net:
    """A softmax on a copy of the pretrained encoder."""
    return _net(encoder.activations, scale, encoder.weights, num_classes, seed)


def from_scratch(encoder: Encoder, num_classes: int, seed: int) -> Net:
    """The same net with fresh weights, by Keras' initializers."""
    below = _fresh_weights(encoder, seed)
    return _net(encoder.activations, _no_scale(encoder.width), below, num_classes, seed)


def frozen(width: int, num_classes: int, seed: int) -> Net:
    """A softmax alone, on codes that are scaled already."""
    return _net(NO_LAYERS, _no_scale(width), (), num_classes, seed)


def _net(
    activations: Activations,
    scale: Any,
    below: Sequence[np.ndarray],
    num_classes: int,
    seed: int,
) -> Net:
    """A fresh softmax on the weights of the layers below it, which are copied."""
    width = len(scale[0])
    kernel = keras.initializers.GlorotUniform(seed=seed)((width, num_classes))  # [Z, K]
    head = (np.asarray(kernel), np.zeros(num_classes, np.float32))
    weights = (*(array.copy() for array in below), *head)
    zeros = tuple(np.zeros_like(array) for array in weights)
    return Net(activations, scale, weights, zeros, zeros)


def _no_scale(width: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(width, np.float32), np.ones(width, np.float32)


def _fresh_weights(encoder: Encoder, seed: int) -> list[np.ndarray]:
    """Weights of the shapes of an encoder's."""
    if encoder.activations is None:
        return list(network.fresh_weights(len(encoder.weights[0]), seed))
    weights = []
    for i, activation in enumerate(encoder.activations):
        kernel, bias = encoder.weights[2 * i : 2 * i + 2]
        initializers = keras.initializers
        is_selu = activation == "selu"
        initializer = initializers.LecunNormal if is_selu else initializers.GlorotUniform
        weights.append(np.asarray(initializer(seed=1000 * seed + i)(kernel.shape)))
        weights.append(np.zeros_like(bias))
    return weights


class UpdateRange(NamedTuple):
    """Consecutive updates.

    Attributes:
        seed: Of the order of the rows.
        first: Number of the first update.
        num_updates: How many.
    """

    seed: int
    first: int
    num_updates: int


def train(
    net: Net,
    x: np.ndarray,
    labels: np.ndarray,
    updates: UpdateRange,
    learning_rate: float = LEARNING_RATE,
) -> Net:
    """Trains on all rows of x [N, ...] with their labels, int [N].

    The same updates in one call or in many give the same weights, bit for bit.
    """
    carried = [list(map(tf.constant, part)) for part in (net.weights, net.means, net.squares)]
    scale = tuple(map(tf.constant, net.scale))
    sums = [tf.constant(net.total)]
    rate = tf.constant(learning_rate, tf.float32)
    run = _loop(net.activations)
    last = updates.first + updates.num_updates
    for start in range(updates.first, last, UPDATES_AT_ONCE):
        rows = _rows(len(x), updates.seed, start)  # [U, B]
        count = min(UPDATES_AT_ONCE, last - start)
        bounds = {"base": tf.constant(start), "last": tf.constant(count)}
        batches = tf.constant(x[rows]), tf.constant(labels[rows])  # [U, B, ...], [U, B]
        carried, sums = run(batches, scale, rate, bounds, (carried, sums))
    weights, means, squares = (tuple(array.numpy() for array in part) for part in carried)
    return Net(net.activations, net.scale, weights, means, squares, sums[0].numpy())


def _rows(num_rows: int, seed: int, start: int) -> np.ndarray:
    """The rows of the batches of 25 updates from `start` on, int [U, B]: epoch after epoch, each in
    random order.
    """
    count = UPDATES_AT_ONCE * BATCH_SIZE
    first = start * BATCH_SIZE
    epochs = range(first // num_rows, (first + count - 1) // num_rows + 1)
    rows = np.concatenate([rows_of_epoch(num_rows, 1, seed, epoch) for epoch in epochs])
    begin = first - epochs[0] * num_rows
    return rows[begin : begin + count].reshape(UPDATES_AT_ONCE, BATCH_SIZE)


@functools.lru_cache(maxsize=8)
def _loop(activations: Activations) -> Any:
    """At most 25 updates as one compiled loop, for nets of the same activations."""

    @tf.function(jit_compile=True, autograph=False)
    def run(batches: Any, scale: Any, rate: Any, bounds: Any, start: Any) -> Any:
        x, labels = batches  # [U, B, ...], [U, B]

        def step(i: Any, state: Any) -> Any:
            carried, sums = state

            def loss(weights: list[Any]) -> Any:
                logits = _logits(activations, scale, weights, x[i])  # [B, K]
                entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels[i], logits)
                return tf.reduce_mean(entropy)

            update = tf.cast(bounds["base"] + i, tf.float32)
            carried, value = adam.minimize(loss, carried, update, rate)
            return list(carried), add(sums, [value])

        return repeat(step, tf.constant(0), bounds["last"], start)

    return run


def features(activations: Activations, weights: Sequence[Any], x: Any) -> Any:
    """The codes [B, Z] of x by the weights of the layers below a softmax."""
    if activations is None:
        return network.encode(tuple(weights), x)
    for i, activation in enumerate(activations):
        x = keras.activations.get(activation)(x @ weights[2 * i] + weights[2 * i + 1])
    return x


def _logits(activations: Activations, scale: Any, weights: Sequence[Any], x: Any) -> Any:
    """The logits [B, K] of x by all weights of a net."""
    mean, stddev = scale
    *below, kernel, bias = weights
    z = (features(activations, below, x) - mean) / stddev  # [B, Z]
    return z @ kernel + bias


def probabilities(net: Net, x: np.ndarray) -> np.ndarray:
    """The class probabilities of all rows, float32 [N, K]; every row sums to 1."""
    weights = [*map(tf.constant, net.weights)]
    scale = tuple(map(tf.constant, net.scale))
    return _in_batches(lambda x: tf.nn.softmax(_logits(net.activations, scale, weights, x)), x)


def encode(encoder: Encoder, x: np.ndarray) -> np.ndarray:
    """The codes of all rows, float32 [N, Z]."""
    weights = [*map(tf.constant, encoder.weights)]
    return _in_batches(lambda x: features(encoder.activations, weights, x), x)


def _in_batches(function: Any, x: np.ndarray) -> np.ndarray:
    """A function of rows applied to all rows of x, 2,048 at once."""
    starts = range(0, len(x), ROWS_AT_ONCE)
    blocks = [function(tf.constant(x[i : i + ROWS_AT_ONCE])).numpy() for i in starts]
    return np.concatenate(blocks)
