"""The trainer of the speller (docs/architecture.md) and its answers to questions.

F spellings of words, W width of a word vector.
"""

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.configs.characters import SpellerConfig
from core.engine.state import Record, State
from core.queries import codings
from core.queries.questions import Codes, CodesOf, EncoderLayers, EncoderWeights, MapCodes
from core.question import Question
from core.spelling import training
from core.spelling.questions import (
    AccuracyBySize,
    Correct,
    Correction,
    ErrorRates,
    ErrorShares,
    FormMap,
    FormPlaces,
    NearestWords,
    SizedAccuracies,
)
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
    model: Callable[[bool], Speller], words: WordList, question: Correct
) -> list[Correction]:
    """The answer to `Correct`."""
    speller = model(question.whole)
    corrections = []
    for typed in question.text.split()[:MAX_TYPED_WORDS]:
        stripped = typed.strip('.,;:!?"()[]«»„“”')
        candidates = speller.candidates(stripped, NUM_CANDIDATES_SHOWN)
        corrections.append(Correction(typed, not words.knows(stripped), candidates))
    return corrections


def nearest_words(
    model: Callable[[bool], Speller], _: WordList, question: NearestWords
) -> list[tuple[str, float]]:
    """The answer to `NearestWords`."""
    return model(question.whole).nearest(question.word, NUM_NEIGHBOURS)


def form_map(model: Callable[[bool], Speller], _: WordList, question: FormMap) -> FormPlaces:
    """The answer to `FormMap`."""
    vectors = model(False).embed(question.forms[:MAX_SPELLINGS])  # [F, W]
    centred = vectors - vectors.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]  # [2, W]
    return FormPlaces(centred @ directions.T, vectors @ vectors.T)


def error_rates(_: Callable[[bool], Speller], words: WordList, __: ErrorRates) -> ErrorShares:
    """The answer to `ErrorRates`."""
    codes = validation_batch(words, VALIDATION_ROWS)[1]
    known = {code.tobytes() for code in words.codes[list(words.ids.values())]}
    missed = float(np.mean([code.tobytes() in known for code in codes]))
    return ErrorShares(missed, words.share_not_known)


def accuracy_by_size(
    model: Callable[[bool], Speller], words: WordList, question: AccuracyBySize
) -> SizedAccuracies:
    """The answer to `AccuracyBySize`."""
    rows, misspelt = validation_batch(words, VALIDATION_ROWS)
    sizes = [*(size for size in question.sizes if size < len(words.words)), len(words.words)]
    accuracies = model(True).accuracies(misspelt, rows, sizes)
    return SizedAccuracies(tuple(map(float, sizes)), tuple(accuracies))


def codes(model: Callable[[bool], Speller], words: WordList, question: Codes) -> MapCodes:
    """The answer to `Codes`: the vectors of the commonest words."""
    common = words.words[: question.num_points]
    return codings.of_words(common, model(False).embed(common), None, ())


def codes_of(model: Callable[[bool], Speller], _: WordList, question: CodesOf) -> np.ndarray:
    """The answer to `CodesOf`: the vector of a word, [1, W]."""
    return model(False).embed([question.given])


def encoder(model: Callable[[bool], Speller], *_: Any) -> EncoderLayers:
    """The answer to `EncoderWeights`."""
    return EncoderLayers(model(False).state.weights, None)


ANSWERS: dict[type[Question[Any]], Callable[[Any, Any, Any], Any]] = {
    Correct: correct,
    NearestWords: nearest_words,
    FormMap: form_map,
    ErrorRates: error_rates,
    AccuracyBySize: accuracy_by_size,
    Codes: codes,
    CodesOf: codes_of,
    EncoderWeights: encoder,
}
