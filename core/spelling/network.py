"""The character encoder of the speller, and its loss: a word and its misspellings shall have nearly
the same vector.

A word is read in windows of one to four letters and becomes a unit vector. Of all the words in a
batch, the right one's vector is to be the nearest to that of its misspelling (the contrastive loss
of van den Oord et al. 2018); half of a batch are words confusable with the other half.
B batch, T characters, C char_embedding_dim, V vocab_size, W width of a word vector, F filters of
all widths.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from core.spelling.word_lists import LONGEST_WORD

CHAR_EMBEDDING_DIM = 16
WIDTH = 192
FILTERS = {1: 24, 2: 40, 3: 40, 4: 40}
"""Number of filters by the width of their window."""
NUM_FILTERS = sum(FILTERS.values())
LARGEST_WINDOW = max(FILTERS)
BEFORE = LARGEST_WINDOW // 2
"""Letters of a window before the position at which it stands."""
INVERSE_TEMPERATURE = 20.0
POSITION_DECAY = 6.0
"""Positions over which the initial weight of a position falls to 1/e."""

Weights = tuple[Any, ...]


def fresh_weights(num_ids: int, seed: int) -> tuple[np.ndarray, ...]:
    """The weights before the first update, for an alphabet of that size, float32."""
    rng = np.random.default_rng(seed)
    letters, *windows, positions, last = weight_shapes(num_ids)
    weights = [rng.normal(0, 2 / np.sqrt(letters[1]), letters)]
    for shape in windows:
        is_bias = len(shape) == 1
        weights.append(np.zeros(shape) if is_bias else rng.normal(0, np.sqrt(2 / shape[0]), shape))
    decay = np.exp(-np.arange(positions[0]) / POSITION_DECAY)[:, None]  # [T, 1]
    weights.append(decay * rng.normal(1, 0.3, positions))
    weights.append(rng.normal(0, np.sqrt(1 / last[0]), last))
    return tuple(array.astype(np.float32) for array in weights)


def weight_shapes(num_ids: int) -> list[tuple[int, ...]]:
    """The shapes of the weights, in the order of `State.weights`: letter vectors [V, C]; kernel
    [size · C, filters] and bias [filters] of each size of window; position weights [T, F]; the last
    kernel [2 F, W].
    """
    shapes: list[tuple[int, ...]] = [(num_ids, CHAR_EMBEDDING_DIM)]
    for size, filters in FILTERS.items():
        shapes += [(size * CHAR_EMBEDDING_DIM, filters), (filters,)]
    return [*shapes, (LONGEST_WORD, NUM_FILTERS), (2 * NUM_FILTERS, WIDTH)]


def encode(weights: Weights, codes: Any) -> Any:
    """The vectors of words [B, W] from codes uint8 [B, T]: of every filter its maximum over the
    word and its sum weighted by position, then one dense layer, then scaled to length 1.
    """
    letters, *windows, position_weights, last = weights
    kernel = _join(letters, windows[::2])  # [4 V, F]
    biases = tf.concat(windows[1::2], axis=0)  # [F]
    is_letter = tf.cast(codes > 0, tf.float32)[:, :, None]  # [B, T, 1]
    x = tf.one_hot(tf.cast(codes, tf.int32), letters.shape[0]) * is_letter  # [B, T, V]
    padded = tf.pad(x, [[0, 0], [BEFORE, LARGEST_WINDOW - 1 - BEFORE], [0, 0]])  # [B, T + 3, V]
    shifted = [padded[:, i : i + codes.shape[1]] for i in range(LARGEST_WINDOW)]
    window = tf.concat(shifted, axis=2)  # [B, T, 4 V]
    h = tf.matmul(tf.reshape(window, [-1, window.shape[2]]), kernel) + biases  # [B · T, F]
    h = tf.nn.relu(tf.reshape(h, [-1, codes.shape[1], NUM_FILTERS])) * is_letter  # [B, T, F]
    summary = tf.concat([tf.reduce_max(h, 1), tf.reduce_sum(h * position_weights, 1)], axis=1)
    return tf.math.l2_normalize(tf.matmul(summary, last), axis=1)  # [B, W]


def _join(letters: Any, kernels: Sequence[Any]) -> Any:
    """What each letter at each position of a window of four adds to each filter, [4 V, F]: the
    letter vectors [V, C] times the kernels [size · C, filters] once, instead of for every window.
    Smaller windows have zeros around.
    """
    wide = []
    for size, kernel in zip(FILTERS, kernels, strict=True):
        first = BEFORE - size // 2
        kernel = tf.reshape(kernel, [size, CHAR_EMBEDDING_DIM, kernel.shape[1]])
        behind = LARGEST_WINDOW - size - first
        wide.append(tf.pad(kernel, [[first, behind], [0, 0], [0, 0]]))  # [4, C, filters]
    return tf.reshape(letters @ tf.concat(wide, axis=2), [-1, NUM_FILTERS])


def contrastive_loss(weights: Weights, right: Any, wrong: Any, rows: Any) -> Any:
    """Cross-entropy of finding each misspelling's word among those of the batch, by a softmax over
    cosine · INVERSE_TEMPERATURE, in nats.

    Args:
        right: The words, uint8 [B, T].
        wrong: A misspelling of each, uint8 [B, T].
        rows: The rows of the words in their list, int [B]: a word does not compete with itself.
    """
    cosine = tf.matmul(encode(weights, wrong), encode(weights, right), transpose_b=True)  # [B, B]
    labels = tf.range(rows.shape[0])  # [B]
    is_same_word = (rows[:, None] == rows[None]) & (labels[:, None] != labels[None])  # [B, B]
    logits = tf.where(is_same_word, -1e9, INVERSE_TEMPERATURE * cosine)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
