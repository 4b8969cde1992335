"""A speller while it trains: what the job layer asks for, and what a page asks it.

F forms of words.
"""

import functools
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.configs.characters import SpellerConfig
from core.engine.state import Record, State
from core.queries import codings
from core.spelling import training
from core.spelling.speller import Speller
from core.spelling.training import VALIDATION_ROWS, validation_batch
from core.spelling.word_lists import WordList

WHILE_TRAINING = 5_000
MOST_READ, MOST_FORMS, NUM_SHOWN = 8, 40, 4


@dataclass(frozen=True)
class Kept:
    """A state that equals any other with the same weights: each question brings its own copy."""

    key: tuple[Any, ...]
    state: State = field(compare=False)


def begin(_: SpellerConfig, words: WordList, seed: int) -> State:
    """The state before the first update."""
    return training.init_state(words, seed=seed)


def advance(
    _: SpellerConfig,
    words: WordList,
    state: State,
    coefficients: dict[str, float],
    *,
    num_updates: int,
) -> tuple[State, list[Record]]:
    """Trains for `num_updates` updates, see `core.spelling.training.advance`."""
    return training.advance(words, state, coefficients, num_updates=num_updates)


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
