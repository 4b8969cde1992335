"""The character encoder of the speller, and what is lost on a batch: a word and its misspellings
shall land at one place.

A word is read in windows of one to four letters and becomes a unit vector. Of all the words in a
batch, the right one's vector is to be the nearest to that of its misspelling (the contrastive loss
of van den Oord et al. 2018); half of a batch are words that look like the other half.
B batch, T characters, C char_embedding_dim, V vocab_size, W width of a word vector, F filters.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from core.spelling.word_lists import LONGEST_WORD

CHAR_EMBEDDING_DIM, WIDTH = 16, 192
FILTERS = {1: 24, 2: 40, 3: 40, 4: 40}
NUM_FILTERS, LARGEST = sum(FILTERS.values()), max(FILTERS)
BEFORE = LARGEST // 2
SHARPNESS = 20.0
FADING = 6.0

Weights = tuple[Any, ...]


def fresh_weights(num_ids: int, seed: int) -> tuple[np.ndarray, ...]:
    """The weights before the first update, for an alphabet of that size, float32."""
    rng = np.random.default_rng(seed)
    letters, *windows, places, last = weight_shapes(num_ids)
    weights = [rng.normal(0, 2 / np.sqrt(letters[1]), letters)]
    for shape in windows:
        bias = len(shape) == 1
        weights.append(np.zeros(shape) if bias else rng.normal(0, np.sqrt(2 / shape[0]), shape))
    fading = np.exp(-np.arange(places[0]) / FADING)[:, None]
    weights += [fading * rng.normal(1, 0.3, places), rng.normal(0, np.sqrt(1 / last[0]), last)]
    return tuple(array.astype(np.float32) for array in weights)


def weight_shapes(num_ids: int) -> list[tuple[int, ...]]:
    """The shapes of the weights, in the order of `State.weights`."""
    shapes: list[tuple[int, ...]] = [(num_ids, CHAR_EMBEDDING_DIM)]
    for size, filters in FILTERS.items():
        shapes += [(size * CHAR_EMBEDDING_DIM, filters), (filters,)]
    return [*shapes, (LONGEST_WORD, NUM_FILTERS), (2 * NUM_FILTERS, WIDTH)]


def encode(weights: Weights, codes: Any) -> Any:
    """The vectors of words: for every filter its maximum over the word and its sum weighted by the
    place, then one dense layer, then length 1. codes: uint8 [B, T]; the result: [B, W].
    """
    letters, *windows, places, last = weights
    kernel, biases = _join(letters, windows[::2]), tf.concat(windows[1::2], axis=0)
    here = tf.cast(codes > 0, tf.float32)[:, :, None]
    x = tf.one_hot(tf.cast(codes, tf.int32), letters.shape[0]) * here  # [B, T, V]
    padded = tf.pad(x, [[0, 0], [BEFORE, LARGEST - 1 - BEFORE], [0, 0]])
    seen = tf.concat([padded[:, i : i + codes.shape[1]] for i in range(LARGEST)], axis=2)
    h = tf.matmul(tf.reshape(seen, [-1, seen.shape[2]]), kernel) + biases
    h = tf.nn.relu(tf.reshape(h, [-1, codes.shape[1], NUM_FILTERS])) * here  # [B, T, F]
    summary = tf.concat([tf.reduce_max(h, 1), tf.reduce_sum(h * places, 1)], axis=1)
    return tf.math.l2_normalize(tf.matmul(summary, last), axis=1)


def _join(letters: Any, kernels: Sequence[Any]) -> Any:
    """What each letter at each place of a window of four adds to each filter, [4 V, F]: the letter
    vectors times the kernels once, instead of for every window. Smaller windows have zeros around.
    """
    wide = []
    for size, kernel in zip(FILTERS, kernels, strict=True):
        first = BEFORE - size // 2
        kernel = tf.reshape(kernel, [size, CHAR_EMBEDDING_DIM, kernel.shape[1]])
        wide.append(tf.pad(kernel, [[first, LARGEST - size - first], [0, 0], [0, 0]]))
    return tf.reshape(letters @ tf.concat(wide, axis=2), [-1, NUM_FILTERS])


def contrastive_loss(weights: Weights, right: Any, wrong: Any, rows: Any) -> Any:
    """Cross-entropy of finding each misspelling's word among those of the batch, by a softmax over
    cosine · SHARPNESS. right, wrong: [B, T]; rows: [B], a word that comes twice is no rival.
    """
    cosine = tf.matmul(encode(weights, wrong), encode(weights, right), transpose_b=True)
    own = tf.range(rows.shape[0])
    twin = (rows[:, None] == rows[None]) & (own[:, None] != own[None])
    logits = tf.where(twin, -1e9, SHARPNESS * cosine)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(own, logits))
