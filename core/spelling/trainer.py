"""The trainer of the speller (docs/architecture.md) and its answers to questions.

F spellings of words, W width of a word vector.
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

COMMON_WORDS = 5_000
MAX_TYPED_WORDS = 8
MAX_SPELLINGS = 40
NUM_CANDIDATES_SHOWN = 4
NUM_NEIGHBOURS = 8


@dataclass(frozen=True)
class HashedState:
    """A state that equals any other with the same weights, a key of a cache: each question brings
    its own copy.
    """

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
    """Makes a speller with the weights of `state` on demand: of the 5,000 commonest words, which is
    fast, or with True of the whole list.
    """
    key = (state.update, *(hashlib.sha256(array.tobytes()).digest() for array in state.weights))
    return lambda whole: _speller(words if whole else _common(words), HashedState(key, state))


@functools.lru_cache(maxsize=4)
def _speller(words: WordList, hashed: HashedState) -> Speller:
    return Speller(words, hashed.state)


@functools.lru_cache(maxsize=4)
def _common(words: WordList) -> WordList:
    return words.head(COMMON_WORDS)


def correct(
    model: Callable[[bool], Speller], words: WordList, text: str, whole: bool
) -> dict[str, Any]:
    """words: of each word of a typed text (typed, is misspelt, candidates), the candidates as in
    `Speller.candidates`, likeliest first.
    """
    speller = model(whole)
    corrections = []
    for typed in text.split()[:MAX_TYPED_WORDS]:
        stripped = typed.strip('.,;:!?"()[]«»„“”')
        misspelt = not words.knows(stripped)
        candidates = speller.candidates(stripped, NUM_CANDIDATES_SHOWN)
        corrections.append((typed, misspelt, candidates))
    return {"words": corrections}


def neighbours(
    model: Callable[[bool], Speller], _: WordList, word: str, whole: bool
) -> dict[str, Any]:
    """nearest: the 8 words nearest to any word, with their cosines."""
    return {"nearest": model(whole).nearest(word, NUM_NEIGHBOURS)}


def map_of(model: Callable[[bool], Speller], _: WordList, forms: Sequence[str]) -> dict[str, Any]:
    """positions [F, 2] of words along the first two principal components of their vectors, and the
    cosines [F, F] of the vectors.
    """
    vectors = model(False).embed(forms[:MAX_SPELLINGS])  # [F, W]
    centred = vectors - vectors.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]  # [2, W]
    return {"positions": centred @ directions.T, "cosines": vectors @ vectors.T}


def error_rates(_: Callable[[bool], Speller], words: WordList) -> dict[str, Any]:
    """Error rates of `is_misspelt`, from 0 to 1: missed, the share of misspellings that are words
    themselves; false_alarms, the share of the words of running text that are not on the list.
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
    """weights of the encoder, for `core.pretraining.encoders.make`; activations: None."""
    return {"weights": model(False).state.weights, "activations": None}


ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    answer.__name__: answer
    for answer in (correct, neighbours, map_of, error_rates, codes, encoded, encoder)
}
