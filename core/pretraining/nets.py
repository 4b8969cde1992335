"""Phase 2: a softmax on an encoder, trained on a few labels.

A net is its weights: those of the encoder, then kernel [Z, K] and bias [K] of the softmax. What is
fed is a batch [B, ...] of images, of words, or of codes for a softmax on a frozen encoder.
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
from core.pretraining.labelled import BATCH_SIZE, STRETCH
from core.spelling import network

AT_ONCE = 2_048
LEARNING_RATE = 1e-3
Kind = tuple[str, ...] | None
CODES: Kind = ()


class Net(NamedTuple):
    """A net and how far its training has come.

    Attributes:
        kind: Activations of the dense layers below the softmax: () for codes, None for words.
        scale: (mean [Z], standard deviation [Z]) by which codes are divided before the softmax.
        weights, means, squares: Arrays; Adam's running means follow the weights.
        total: The cross-entropies of the batches since the record began, in nats, added up.
    """

    kind: Kind
    scale: tuple[np.ndarray, np.ndarray]
    weights: tuple[np.ndarray, ...]
    means: tuple[np.ndarray, ...]
    squares: tuple[np.ndarray, ...]
    total: np.float32 = np.float32(0)


def fine_tuned(encoder: Encoder, scale: Any, num_classes: int, seed: int) -> Net:
    """A softmax on a copy of the pretrained encoder."""
    return _net(encoder.activations, scale, encoder.weights, num_classes, seed)


def from_scratch(encoder: Encoder, num_classes: int, seed: int) -> Net:
    """The same net with fresh weights, as a Keras layer would begin."""
    return _net(
        encoder.activations, _no_scale(encoder.width), _fresh(encoder, seed), num_classes, seed
    )


def frozen(width: int, num_classes: int, seed: int) -> Net:
    """A softmax alone, on codes that are scaled already."""
    return _net(CODES, _no_scale(width), (), num_classes, seed)


def _net(kind: Kind, scale: Any, below: Sequence[np.ndarray], num_classes: int, seed: int) -> Net:
    width = len(scale[0])
    kernel = keras.initializers.GlorotUniform(seed=seed)((width, num_classes))
    head = (np.asarray(kernel), np.zeros(num_classes, np.float32))
    weights = (*(array.copy() for array in below), *head)
    zeros = tuple(np.zeros_like(array) for array in weights)
    return Net(kind, scale, weights, zeros, zeros)


def _no_scale(width: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(width, np.float32), np.ones(width, np.float32)


def _fresh(encoder: Encoder, seed: int) -> list[np.ndarray]:
    if encoder.activations is None:
        return list(network.fresh_weights(len(encoder.weights[0]), seed))
    weights = []
    for i, activation in enumerate(encoder.activations):
        kernel, bias = encoder.weights[2 * i : 2 * i + 2]
        kinds = keras.initializers
        kind = kinds.LecunNormal if activation == "selu" else kinds.GlorotUniform
        weights += [np.asarray(kind(seed=1000 * seed + i)(kernel.shape)), np.zeros_like(bias)]
    return weights


class Stretch(NamedTuple):
    """Some updates in a row: the seed of the order of the rows, the first one, and how many."""

    seed: int
    first: int
    updates: int


def train(
    net: Net,
    x: np.ndarray,
    labels: np.ndarray,
    stretch: Stretch,
    learning_rate: float = LEARNING_RATE,
) -> Net:
    """Trains on all rows of x [N, ...] with their labels, int [N].

    The same updates in one call or in many give the same weights, bit for bit.
    """
    carried = [list(map(tf.constant, part)) for part in (net.weights, net.means, net.squares)]
    scale, sums, run = tuple(map(tf.constant, net.scale)), [tf.constant(net.total)], _loop(net.kind)
    rate, last = tf.constant(learning_rate, tf.float32), stretch.first + stretch.updates
    for start in range(stretch.first, last, STRETCH):
        rows, count = _rows(len(x), stretch.seed, start), min(STRETCH, last - start)
        bounds = {"base": tf.constant(start), "last": tf.constant(count)}
        batches = tf.constant(x[rows]), tf.constant(labels[rows])
        carried, sums = run(batches, scale, rate, bounds, (carried, sums))
    weights, means, squares = (tuple(array.numpy() for array in part) for part in carried)
    return Net(net.kind, net.scale, weights, means, squares, sums[0].numpy())


def _rows(num_rows: int, seed: int, start: int) -> np.ndarray:
    """The rows of the batches of a stretch, int [25, 50]: epoch after epoch in random order."""
    wanted, first = STRETCH * BATCH_SIZE, start * BATCH_SIZE
    epochs = range(first // num_rows, (first + wanted - 1) // num_rows + 1)
    drawn = np.concatenate([rows_of_epoch(num_rows, 1, seed, epoch) for epoch in epochs])
    begin = first - epochs[0] * num_rows
    return drawn[begin : begin + wanted].reshape(STRETCH, BATCH_SIZE)


@functools.lru_cache(maxsize=8)
def _loop(kind: Kind) -> Any:
    """The first updates of a stretch as one loop, for nets of one kind."""

    @tf.function(jit_compile=True, autograph=False)
    def run(batches: Any, scale: Any, rate: Any, bounds: Any, start: Any) -> Any:
        x, labels = batches

        def step(i: Any, state: Any) -> Any:
            carried, sums = state

            def loss(weights: list[Any]) -> Any:
                logits = _logits(kind, scale, weights, x[i])
                entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels[i], logits)
                return tf.reduce_mean(entropy)

            update = tf.cast(bounds["base"] + i, tf.float32)
            carried, value = adam.minimize(loss, carried, update, rate)
            return list(carried), add(sums, [value])

        return repeat(step, tf.constant(0), bounds["last"], start)

    return run


def features(kind: Kind, weights: Sequence[Any], x: Any) -> Any:
    """The codes [B, Z] that layers without a softmax make of what is fed."""
    if kind is None:
        return network.encode(tuple(weights), x)
    for i, activation in enumerate(kind):
        x = keras.activations.get(activation)(x @ weights[2 * i] + weights[2 * i + 1])
    return x


def _logits(kind: Kind, scale: Any, weights: Sequence[Any], x: Any) -> Any:
    z = (features(kind, weights[:-2], x) - scale[0]) / scale[1]
    return z @ weights[-2] + weights[-1]


def probabilities(net: Net, x: np.ndarray) -> np.ndarray:
    """float32 [N, K]; every row sums to 1."""
    weights, scale = [*map(tf.constant, net.weights)], tuple(map(tf.constant, net.scale))
    return _in_batches(lambda part: tf.nn.softmax(_logits(net.kind, scale, weights, part)), x)


def encode(encoder: Encoder, x: np.ndarray) -> np.ndarray:
    """The codes of all rows, float32 [N, Z]."""
    weights = [*map(tf.constant, encoder.weights)]
    return _in_batches(lambda part: features(encoder.activations, weights, part), x)


def _in_batches(function: Any, x: np.ndarray) -> np.ndarray:
    parts = [function(tf.constant(x[i : i + AT_ONCE])).numpy() for i in range(0, len(x), AT_ONCE)]
    return np.concatenate(parts)
