"""A speller while it trains: what the job layer asks for, and what a page asks it.

F forms of words.
"""

import functools
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

from core.configs.characters import SpellerConfig
from core.engine.state import Record, State, TrainingDiverged
from core.queries import codings
from core.spelling import network
from core.spelling.network import STRETCH, validation_batch
from core.spelling.speller import Speller
from core.text.word_lists import WordList

VALIDATION_ROWS = 2_048
WHILE_TRAINING = 5_000
MOST_READ, MOST_FORMS, NUM_SHOWN = 8, 40, 4


@dataclass(frozen=True)
class Kept:
    """A state that equals any other with the same weights: each question brings its own copy."""

    key: tuple[Any, ...]
    state: State = field(compare=False)


def begin(_: SpellerConfig, words: WordList, seed: int) -> State:
    """The state before the first update."""
    return network.init_state(words, seed=seed)


def advance(
    _: SpellerConfig,
    words: WordList,
    state: State,
    coefficients: dict[str, float],
    *,
    num_updates: int,
) -> tuple[State, list[Record]]:
    """Trains for `num_updates` updates; a record every 25 of them.

    Raises:
        TrainingDiverged: The loss is no longer a finite number.
    """
    records, last = [], state.update + num_updates
    while state.update < last:
        count = min(last - state.update, STRETCH - state.update % STRETCH)
        state, losses = network.advance(words, state, num_updates=count, **coefficients)
        total = np.float32(
            functools.reduce(np.add, (np.float32(x) for _, x in losses), state.sums[0])
        )
        if not np.isfinite(total):
            rate = coefficients["learning_rate"]
            raise TrainingDiverged(
                f"The loss is no longer a number, with a learning rate of {rate:g}. Choose a "
                "smaller one."
            )
        if state.update % STRETCH == 0:
            records.append(_record(words, state, float(total) / STRETCH, coefficients))
            total = np.float32(0)
        state = State(state.weights, state.optimizer, state.seed, state.update, (total,))
    return state, records


def _record(words: WordList, state: State, loss: float, coefficients: dict[str, float]) -> Record:
    """One epoch, with how often a misspelling finds its word among 2,048."""
    rows, misspelt = validation_batch(words, VALIDATION_ROWS)
    weights = tuple(map(tf.constant, state.weights))
    wrong, right = (network.encode(weights, tf.constant(x)) for x in (misspelt, words.codes[rows]))
    logits = network.SHARPNESS * tf.matmul(wrong, right, transpose_b=True)
    own = tf.range(len(rows))
    entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(own, logits)
    test = float(tf.reduce_mean(entropy))
    found = float(np.mean(np.argmax(logits.numpy(), axis=1) == own.numpy()))
    return Record(
        epoch=state.update // STRETCH,
        parts={"contrastive": loss, "total": loss},
        readings={"accuracy": found},
        validation={"contrastive": test, "total": test},
        coefficients={name: coefficients[name] for name in ("learning_rate",)},
    )


def shared_model(_: SpellerConfig, words: WordList, state: State) -> Callable[[bool], Speller]:
    """A speller with the weights of `state`, made when it is asked for: over the common words only,
    which is soon done, or over all of them.
    """
    key = (state.update, *(hashlib.sha256(array.tobytes()).digest() for array in state.weights))
    return lambda whole: _speller(words if whole else _common(words), Kept(key, state))


@functools.lru_cache(maxsize=4)
def _speller(words: WordList, kept: Kept) -> Speller:
    return Speller(words, kept.state)


@functools.lru_cache(maxsize=4)
def _common(words: WordList) -> WordList:
    return words.head(WHILE_TRAINING)


def correct(
    model: Callable[[bool], Speller], words: WordList, text: str, whole: bool
) -> dict[str, Any]:
    """What the speller makes of a typed text: words (typed, is misspelt, candidates), each
    candidate as in `Speller.candidates`, likeliest first.
    """
    speller = model(whole)
    found = []
    for typed in text.split()[:MOST_READ]:
        stripped = typed.strip('.,;:!?"()[]«»„“”')
        misspelt = not words.knows(stripped)
        found.append((typed, misspelt, speller.candidates(stripped, NUM_SHOWN)))
    return {"words": found}


def neighbours(
    model: Callable[[bool], Speller], _: WordList, word: str, whole: bool
) -> dict[str, Any]:
    """nearest: the 8 words nearest to any word, with their cosines."""
    return {"nearest": model(whole).nearest(word, 2 * NUM_SHOWN)}


def map_of(model: Callable[[bool], Speller], _: WordList, forms: Sequence[str]) -> dict[str, Any]:
    """positions [F, 2] of words along the two main directions of their vectors, and the cosines
    [F, F] of these.
    """
    vectors = model(False).embed(forms[:MOST_FORMS])
    centred = vectors - vectors.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]
    return {"positions": centred @ directions.T, "cosines": vectors @ vectors.T}


def error_rates(_: Callable[[bool], Speller], words: WordList) -> dict[str, Any]:
    """How often "is it misspelt?" errs: misspellings that are words themselves (missed), and words
    of running text that are not on the list (false_alarms), as shares.
    """
    codes = validation_batch(words, VALIDATION_ROWS)[1]
    known = {code.tobytes() for code in words.codes[list(words.ids.values())]}
    missed = float(np.mean([code.tobytes() in known for code in codes]))
    return {"missed": missed, "false_alarms": words.share_not_known}


def codes(
    model: Callable[[bool], Speller], words: WordList, num_points: int, _: str
) -> dict[str, Any]:
    """The vectors of the commonest words, see `core.queries.codings.of_words`."""
    common = words.words[:num_points]
    return codings.of_words(common, model(False).embed(common), None, ())


def encoded(model: Callable[[bool], Speller], _: WordList, text: str, __: str) -> dict[str, Any]:
    """codes: the vector of a word, [1, W]."""
    return {"codes": model(False).embed([text])}


def encoder(model: Callable[[bool], Speller], _: WordList) -> dict[str, Any]:
    """weights of the reader of words, for `core.pretraining.encoders.make`; activations: None."""
    return {"weights": model(False).state.weights, "activations": None}


ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    answer.__name__: answer
    for answer in (correct, neighbours, map_of, error_rates, codes, encoded, encoder)
}
