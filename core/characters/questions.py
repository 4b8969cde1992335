"""Questions to a character model, and their answers. Imports no TensorFlow.

K classes, C char_embedding_dim, V known characters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.question import Question


class ReadWindow(NamedTuple):
    """A window of a text with the log-odds of all filters that have their maximum there, and the
    number of these filters.
    """

    start: int
    width: int
    evidence: float
    num_filters: int


class Reading(NamedTuple):
    """The answer to a typed text, and what explains it.

    Attributes:
        characters: (character, id or None) of the folded text, as far as the model reads.
        words: (word, id) with 1 for an unknown one.
        length: T, to which it is padded.
        probabilities: [K].
        vectors: [characters, C], 0 for an unknown one; None of a model that reads words alone.
        occlusion: [characters], or None likewise.
        windows: Of a CNN, those with the most evidence for the predicted class, largest first.
    """

    characters: list[tuple[str, int | None]]
    words: list[tuple[str, int]]
    length: int
    probabilities: np.ndarray
    vectors: list[np.ndarray] | None = None
    occlusion: np.ndarray | None = None
    windows: Sequence[ReadWindow] = ()


@dataclass(frozen=True)
class Read(Question[Reading]):
    """What a typed text is."""

    text: str

    by_hand = True


@dataclass(frozen=True)
class Robustness(Question[np.ndarray]):
    """Accuracies [rates] on some test texts with typos, the same for every model; see
    `core.characters.robustness`.
    """

    rates: Sequence[float]
    only_unknown: bool
    num_texts: int


class CharacterPlaces(NamedTuple):
    """The known characters (V), and their vectors along two principal components, [V, 2]."""

    characters: Sequence[str]
    positions: np.ndarray


@dataclass(frozen=True)
class CharacterMap(Question[CharacterPlaces]):
    """Where the vectors of the characters lie."""


class NamedTensors(NamedTuple):
    """What a text becomes on its way.

    Attributes:
        tensors: (name, array), see `core.characters.tensors`.
        characters: The T characters that the network reads, "" for padding.
        num_characters: How many different ones it knows.
        matrix: The shape of its embedding matrix, (ids, size of a vector): an id more than
            characters for padding, and one for unknown ones where there are any. None of a model
            that reads no characters.
    """

    tensors: list[tuple[str, np.ndarray]]
    characters: list[str]
    num_characters: int = 0
    matrix: tuple[int, int] | None = None


@dataclass(frozen=True)
class Tensors(Question[NamedTensors]):
    """Every tensor between a typed text and its answer."""

    text: str
