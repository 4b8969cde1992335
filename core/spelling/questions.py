"""Questions to a speller, and their answers. Imports no TensorFlow.

F spellings of words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.question import Question
from core.spelling.word_lists import Candidate


class Correction(NamedTuple):
    """A typed word: whether it is misspelt, and what may have been meant, likeliest first."""

    typed: str
    is_misspelt: bool
    candidates: Sequence[Candidate]


@dataclass(frozen=True)
class Correct(Question[list[Correction]]):
    """The words of a typed text, eight at most; of the whole list, or of the commonest words."""

    text: str
    whole: bool

    by_hand = True


@dataclass(frozen=True)
class NearestWords(Question[list[tuple[str, float]]]):
    """The 8 words nearest to any word, with their cosines."""

    word: str
    whole: bool


class FormPlaces(NamedTuple):
    """Positions [F, 2] of words along the first two principal components of their vectors, and the
    cosines [F, F] of the vectors.
    """

    positions: np.ndarray
    cosines: np.ndarray


@dataclass(frozen=True)
class FormMap(Question[FormPlaces]):
    """Where forms of words lie, 40 at most."""

    forms: Sequence[str]


class SizedAccuracies(NamedTuple):
    """Lengths of the list that the speller has, and the accuracy among so many words."""

    sizes: tuple[float, ...]
    accuracies: tuple[float, ...]


@dataclass(frozen=True)
class AccuracyBySize(Question[SizedAccuracies]):
    """How often the vector of a misspelling is nearest to that of its word, among the commonest
    words: as many as a size says, and once among all.
    """

    sizes: Sequence[int]


class ErrorShares(NamedTuple):
    """Error rates of `is_misspelt`, from 0 to 1: the share of misspellings that are words
    themselves, and of the words of running text that are not on the list.
    """

    missed: float
    false_alarms: float


@dataclass(frozen=True)
class ErrorRates(Question[ErrorShares]):
    """How often a word is called misspelt, or not, by mistake."""
