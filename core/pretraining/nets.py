"""The networks of phase 2: a softmax on an encoder, trained on a few labels.

A net is its weights: those of the encoder, then kernel [Z, K] and bias [K] of the softmax. Its
input x is images [B, D], words [B, T], or codes [B, Z] for a softmax on a frozen encoder.
B batch, N rows, D pixels, T characters, Z codes, K classes.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from core.pretraining.encoders import Encoder
from core.spelling import network

ROWS_AT_ONCE = 2_048
Activations = tuple[str, ...] | None
"""Of the dense layers below the softmax: () without any, None for the encoder of words."""
NO_LAYERS: Activations = ()


class Net(NamedTuple):
    """A softmax on an encoder.

    Attributes:
        activations: See `Activations`.
        scale: (mean [Z], standard deviation [Z]) by which codes are standardised before the
            softmax.
        weights: Float32 arrays, layer by layer.
    """

    activations: Activations
    scale: tuple[np.ndarray, np.ndarray]
    weights: tuple[np.ndarray, ...]


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
    return Net(activations, scale, (*(array.copy() for array in below), *head))


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


def features(activations: Activations, weights: Sequence[Any], x: Any) -> Any:
    """The codes [B, Z] of x by the weights of the layers below a softmax."""
    if activations is None:
        return network.encode(tuple(weights), x)
    for i, activation in enumerate(activations):
        x = keras.activations.get(activation)(x @ weights[2 * i] + weights[2 * i + 1])
    return x


def logits(activations: Activations, scale: Any, weights: Sequence[Any], x: Any) -> Any:
    """The logits [B, K] of x by all weights of a net."""
    mean, stddev = scale
    *below, kernel, bias = weights
    z = (features(activations, below, x) - mean) / stddev  # [B, Z]
    return z @ kernel + bias


def probabilities(net: Net, x: np.ndarray) -> np.ndarray:
    """The class probabilities of all rows, float32 [N, K]; every row sums to 1."""
    weights = [*map(tf.constant, net.weights)]
    scale = tuple(map(tf.constant, net.scale))
    return _in_batches(lambda x: tf.nn.softmax(logits(net.activations, scale, weights, x)), x)


def encode(encoder: Encoder, x: np.ndarray) -> np.ndarray:
    """The codes of all rows, float32 [N, Z]."""
    weights = [*map(tf.constant, encoder.weights)]
    return _in_batches(lambda x: features(encoder.activations, weights, x), x)


def _in_batches(function: Any, x: np.ndarray) -> np.ndarray:
    """A function of rows applied to all rows of x, 2,048 at once."""
    starts = range(0, len(x), ROWS_AT_ONCE)
    blocks = [function(tf.constant(x[i : i + ROWS_AT_ONCE])).numpy() for i in starts]
    return np.concatenate(blocks)
