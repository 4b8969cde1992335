"""Text to integers: characters by `Alphabet`, words by `WordVocabulary`. Imports no TensorFlow.

Ids follow Keras' `Tokenizer`: 1 for what occurs most often, ties in the order of appearance, 0 for
padding at the end. N texts; a row has T characters or M words; V known characters; P characters of
all texts together.
"""

import functools
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

PADDING = 0
UNKNOWN = 1
MAX_CHARACTERS = 2_000
MAX_WORDS = 30_000
RAW_CHARACTERS_AN_ID = 16
"""Characters of a text that are read at most, times T: unknown ones may be left out of the row."""
PUNCTUATION = string.punctuation + "«»„“”‘’…¿¡–—·"


def fold(text: str) -> str:
    """What the models read of a text: lower case, accents composed (Unicode NFC)."""
    lower = text.lower()
    return lower if lower.isascii() else unicodedata.normalize("NFC", lower)


def split_words(text: str) -> list[str]:
    """The words of a text: what stands between blanks, folded, without punctuation around it."""
    words = (word.strip(PUNCTUATION) for word in fold(text).split())
    return [word for word in words if word]


@dataclass(frozen=True)
class Alphabet:
    """The characters that a model knows.

    Attributes:
        characters: In the order of their ids. The first id is 1, or 2 with `has_unknown`.
        has_unknown: Whether every other character has the id 1. Without, it is left out.
    """

    characters: tuple[str, ...]
    has_unknown: bool = False

    @classmethod
    def of(cls, texts: Iterable[str], *, unknown: bool = False, min_count: int = 1) -> "Alphabet":
        """The characters that occur at least `min_count` times, by falling frequency; at most
        2,000.
        """
        counts = Counter("".join(map(fold, texts)))
        most_common = counts.most_common(MAX_CHARACTERS)
        known = (character for character, count in most_common if count >= min_count)
        return cls(tuple(known), unknown)

    @property
    def num_ids(self) -> int:
        """How many different integers a model may meet, the padding's among them."""
        return len(self.characters) + self.first_id

    @property
    def first_id(self) -> int:
        """The id of the first character."""
        return 2 if self.has_unknown else 1

    @functools.cached_property
    def ids(self) -> dict[str, int]:
        """The id of every known character."""
        return {character: i for i, character in enumerate(self.characters, self.first_id)}

    def read(self, text: str) -> list[tuple[str, int | None]]:
        """Every character of the folded text with its id; None for one that is left out."""
        otherwise = UNKNOWN if self.has_unknown else None
        return [(character, self.ids.get(character, otherwise)) for character in fold(text)]

    def encode(self, texts: Sequence[str], length: int) -> np.ndarray:
        """The ids of each text, int32 [N, length]: cut at `length`, filled up with 0 at the end.

        Of a text only the first 16 · `length` characters are read.
        """
        folded = [fold(text[: RAW_CHARACTERS_AN_ID * length]) for text in texts]
        joined = "".join(folded).encode("utf-32-le", "surrogatepass")
        ids = self._look_up(np.frombuffer(joined, np.uint32))  # [P]
        rows = np.repeat(np.arange(len(folded)), [len(text) for text in folded])  # [P]
        if not self.has_unknown:
            is_known = ids > 0
            rows = rows[is_known]
            ids = ids[is_known]
        return _as_rows(rows, ids, (len(folded), length))

    def _look_up(self, code_points: np.ndarray) -> np.ndarray:
        """The ids of Unicode code points uint32 [P], int32 [P]; `first_id` - 1 for unknown ones."""
        known, ids = self._table
        if not len(known):
            return np.full(len(code_points), self.first_id - 1, np.int32)
        index = np.minimum(np.searchsorted(known, code_points), len(known) - 1)  # [P]
        return np.where(known[index] == code_points, ids[index], self.first_id - 1)

    @functools.cached_property
    def _table(self) -> tuple[np.ndarray, np.ndarray]:
        """The sorted code points of the known characters, uint32 [V], and their ids, int32 [V]."""
        code_points = np.array([ord(character) for character in self.characters], np.uint32)
        order = np.argsort(code_points)
        return code_points[order], (order + self.first_id).astype(np.int32)


@dataclass(frozen=True)
class WordVocabulary:
    """The words that a model knows: ids from 2 in the order of `words`, 1 for any other."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str], max_words: int = MAX_WORDS) -> "WordVocabulary":
        """The most frequent words of some texts."""
        counts = Counter(split_words(" ".join(texts)))
        return cls(tuple(word for word, _ in counts.most_common(max_words)))

    @property
    def num_ids(self) -> int:
        """How many different integers a model may meet: words, padding and unknown."""
        return len(self.words) + UNKNOWN + 1

    @functools.cached_property
    def ids(self) -> dict[str, int]:
        """The id of every known word."""
        return {word: i for i, word in enumerate(self.words, UNKNOWN + 1)}

    def read(self, text: str) -> list[tuple[str, int]]:
        """Every word of a text with its id; 1 for an unknown one."""
        return [(word, self.ids.get(word, UNKNOWN)) for word in split_words(text)]

    def encode(self, texts: Sequence[str], length: int) -> np.ndarray:
        """The ids of each text, int32 [N, length]: cut at `length`, filled up with 0 at the end."""
        words_of = [split_words(text) for text in texts]
        rows = np.repeat(np.arange(len(words_of)), [len(words) for words in words_of])
        known = self.ids
        ids = [known.get(word, UNKNOWN) for words in words_of for word in words]
        return _as_rows(rows, np.array(ids, np.int32), (len(words_of), length))


def _as_rows(rows: np.ndarray, ids: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The matrix int32 `shape` with the ids [P] of each row side by side; `rows` [P] is sorted.
    What does not fit in a row is cut.
    """
    counts = np.bincount(rows, minlength=shape[0])  # [N]
    columns = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)  # [P]
    fits = columns < shape[1]
    matrix = np.full(shape, PADDING, np.int32)
    matrix[rows[fits], columns[fits]] = ids[fits]
    return matrix
