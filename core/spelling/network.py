"""The character encoder of the speller, and its training: a word and its misspellings shall land
at one place.

A word is read in windows of one to four letters and becomes a unit vector. Of all the words in a
batch, the right one's vector is to be the nearest to that of its misspelling (the contrastive loss
of van den Oord et al. 2018); half of a batch are words that look like the other half.
B batch, T characters, C char_embedding_dim, V vocab_size, W width of a word vector, F filters.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import tensorflow as tf

from core.configs import MAX_SEED, check_seed
from core.engine import adam
from core.engine.state import State
from core.text.word_lists import LONGEST_WORD, WordList

CHAR_EMBEDDING_DIM, WIDTH = 16, 192
FILTERS = {1: 24, 2: 40, 3: 40, 4: 40}
NUM_FILTERS, LARGEST = sum(FILTERS.values()), max(FILTERS)
BEFORE = LARGEST // 2
BATCH_SIZE, SHARPNESS = 512, 20.0
FADING = 6.0
LEARNING_RATE, WARM_UP = 6e-3, 30
BETAS = 0.9, 0.99
MOST_UPDATES = 100_000
STRETCH = 25

Weights = tuple[Any, ...]


def init_state(vocabulary: WordList, *, seed: int = 0) -> State:
    """The state before the first update.

    Its weights: letter vectors [V, C]; kernel and bias of the windows of 1, 2, 3 and 4 letters; the
    weights of the places in a word [T, F] for F filters; the last kernel [2 F, W]. For the
    optimizer: Adam's running means of the gradients, then those of their squares.

    Raises:
        ValueError: A seed that is not from 0 to 2,000,000.
    """
    seed = check_seed(seed)
    arrays = fresh_weights(vocabulary.alphabet.num_ids, seed)
    zeros = tuple(np.zeros_like(array) for array in arrays)
    return State(arrays, (*zeros, *zeros), seed, 0, (np.float32(0),))


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


def advance(
    vocabulary: WordList,
    state: State,
    *,
    num_updates: int,
    planned_updates: float = 600,
    learning_rate: float = LEARNING_RATE,
) -> tuple[State, list[tuple[int, float]]]:
    """Trains for `num_updates` updates; returns the new state and for each update its number and
    loss.

    The same updates in one call or in many give the same weights, bit for bit.

    Args:
        planned_updates: Where the learning rate has fallen to nothing, on a cosine.
        learning_rate: Where it begins, after a short warm-up.

    Raises:
        ValueError: A count of updates below 1.
    """
    _check_count("num_updates", num_updates)
    _check_count("planned_updates", planned_updates)
    losses: list[float] = []
    carried = [tf.constant(array) for array in (*state.weights, *state.optimizer)]
    codes = tf.constant(vocabulary.codes[: vocabulary.num_trained])
    last = state.update + num_updates
    for start in range(state.update, last, STRETCH):
        count = min(STRETCH, last - start)
        rows, misspelt = _batches(vocabulary, state.seed, start, count)
        place = {"start": tf.constant(start), "count": tf.constant(count)}
        schedule = {"planned": planned_updates, "rate": learning_rate}
        place |= {name: tf.constant(value, tf.float32) for name, value in schedule.items()}
        *carried, found = _run(codes, rows, misspelt, place, carried)
        losses += found[:count].numpy().tolist()
    arrays = tuple(tensor.numpy() for tensor in carried)
    count = len(state.weights)
    state = replace(state, weights=arrays[:count], optimizer=arrays[count:], update=last)
    return state, list(enumerate(losses, last - num_updates + 1))


def validation_batch(vocabulary: WordList, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Misspellings that are never trained on, each of another word: rows [count] and codes
    [count, T].
    """
    rng = np.random.default_rng((MAX_SEED + 1, 0))
    rows = rng.choice(vocabulary.num_trained, min(count, vocabulary.num_trained), replace=False)
    return rows, vocabulary.misspeller(rows, rng)


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


def _batches(words: WordList, seed: int, start: int, count: int) -> tuple[tf.Tensor, tf.Tensor]:
    """The words of some updates and a misspelling of each: [STRETCH, B] and [STRETCH, B, T]."""
    rows = np.zeros((STRETCH, BATCH_SIZE), np.int32)
    misspelt = np.zeros((*rows.shape, LONGEST_WORD), np.uint8)
    for i in range(count):
        rng = np.random.default_rng((seed, start + i))
        rows[i] = words.draw(BATCH_SIZE, rng)
        misspelt[i] = words.misspeller(rows[i], rng)
    return tf.constant(rows), tf.constant(misspelt)


@tf.function(jit_compile=True, autograph=False)
def _run(codes: Any, rows: Any, misspelt: Any, place: dict[str, Any], carried: list[Any]) -> Any:
    """The first `count` updates of a stretch as one loop; returns what was carried, and losses."""

    def body(i: Any, carried: list[Any], losses: Any) -> tuple[Any, list[Any], Any]:
        third = len(carried) // 3
        weights, means, squares = (carried[k * third : (k + 1) * third] for k in range(3))
        with tf.GradientTape() as tape:
            tape.watch(weights)
            loss = _loss(tuple(weights), tf.gather(codes, rows[i]), misspelt[i], rows[i])
        gradients = tape.gradient(loss, weights)
        update = tf.cast(place["start"] + i, tf.float32)
        rate = _rate(update, place["planned"], place["rate"])
        changed = adam.step((weights, means, squares), gradients, update, rate, BETAS)
        return i + 1, sum(changed, []), tf.where(tf.range(STRETCH) == i, loss, losses)

    start = (tf.constant(0), carried, tf.zeros(STRETCH))
    _, carried, losses = tf.while_loop(lambda i, *_: i < place["count"], body, start)
    return *carried, losses


def _loss(weights: Weights, right: Any, wrong: Any, rows: Any) -> Any:
    """Cross-entropy of finding each misspelling's word among those of the batch, by a softmax over
    cosine · SHARPNESS. right, wrong: [B, T]; rows: [B], a word that comes twice is no rival.
    """
    cosine = tf.matmul(encode(weights, wrong), encode(weights, right), transpose_b=True)
    own = tf.range(BATCH_SIZE)
    twin = (rows[:, None] == rows[None]) & (own[:, None] != own[None])
    logits = tf.where(twin, -1e9, SHARPNESS * cosine)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(own, logits))


def _rate(update: Any, planned: Any, highest: Any) -> Any:
    """The learning rate: a short warm-up, then a cosine that falls to nothing."""
    share = tf.minimum(update / planned, 1.0)
    warm = tf.minimum((update + 1) / WARM_UP, 1.0)
    return highest * warm * (1 + tf.cos(np.pi * share)) / 2


def _check_count(name: str, count: float) -> None:
    whole = isinstance(count, int | float | np.integer) and not isinstance(count, bool)
    if not whole or count % 1 or not 1 <= count <= MOST_UPDATES:
        raise ValueError(
            f"{name} must be a whole number from 1 to {MOST_UPDATES:,}; received {count!r:.60}."
        )
