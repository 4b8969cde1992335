"""Spelling correction by the nearest word vectors.

The nearest words are ranked by their cosine, their frequency and the cost of the misspelling; the
weights of these were fitted on the development half of `tests/core/data/misspellings.csv`.
N words, W width of a word vector, T letters, K candidates, M misspellings.
"""

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from core.configs import SpellerConfig
from core.engine.state import State
from core.spelling.network import encode, weight_shapes
from core.spelling.training import advance, init_state
from core.spelling.word_lists import (
    LONGEST_WORD,
    Candidate,
    WordList,
    load_words,
)

ROWS_AT_ONCE = 2048
MAX_UPDATES = 100_000
NUM_CANDIDATES = 50
COMPARED_AT_ONCE = 128
COSINE_WEIGHT = 12.0
LOG_FREQUENCY_WEIGHT = 0.9
KNOWN_WORD_WEIGHT = 20.0
PRESELECTION_FREQUENCY_WEIGHT = 0.025
"""Of the log frequency beside the cosine, where the 50 candidates are chosen."""


class Speller:
    """A word list, and its encoder in a state of training.

    Args:
        words: See `core.spelling.word_lists.load_words`.
        state: See `core.spelling.training.advance`.
    """

    def __init__(self, words: WordList, state: State) -> None:
        self.words = words
        self.state = state
        self._weights = tuple(tf.constant(array) for array in state.weights)
        self._index = np.ascontiguousarray(self._embed(words.codes).T)  # [W, N]
        self._never_suggested = [words.words.index(word) for word in words.misspellings]

    @classmethod
    def train(
        cls, language: str = "en", *, num_words: int = 30_000, num_updates: int = 600, seed: int = 0
    ) -> "Speller":
        """A speller trained from scratch, in about half a minute on two cores.

        Args:
            language: A key of `core.text.word_tables.LANGUAGES`.
            num_words: How many words are misspelt to train on, common ones first. It also knows as
                many rarer ones.
            num_updates: Updates of 512 words each.
            seed: The same seed gives the same speller.

        Raises:
            ValueError: A language without a word list, or a number out of its range.
        """
        words = load_words(language, num_words)
        _check_count("num_updates", num_updates)
        state = init_state(words, seed=seed)
        coefficients = SpellerConfig().coefficients(num_updates)
        state, _ = advance(words, state, coefficients, num_updates=num_updates)
        return cls(words, state)

    def suggest(self, word: str, k: int = 5) -> list[tuple[str, float]]:
        """What may have been meant, likeliest first: at most k words of the list, each with its
        share of the likelihood of the 50 nearest words.

        A word of the list suggests itself first. Of what has no letter in it nothing is suggested.
        A French or Italian elision is left out (*l'amur*: *amour*).

        Raises:
            ValueError: Something other than a text, or a k that is no whole number from 1.
        """
        return [(candidate.word, candidate.share) for candidate in self.candidates(word, k)]

    def candidates(self, word: str, k: int = 5) -> list[Candidate]:
        """What `suggest` returns, with the terms of each share.

        Raises:
            ValueError: As `suggest`.
        """
        _check_k(k)
        text = self.words.look_up(self._read(word))
        if not _has_letter(text):
            return []
        typed = self.words.encode([text])  # [1, T]
        cosine = self._cosine(typed)  # [N]
        log_frequency = self.words.log_frequency  # [N]
        own_row = self.words.ids.get(text)
        rows = _largest(cosine + PRESELECTION_FREQUENCY_WEIGHT * log_frequency, NUM_CANDIDATES)
        rows = rows if own_row is None else np.union1d(rows, own_row)  # [K]
        costs = self.words.edit_costs(typed[0], self.words.codes[rows])  # [K]
        logits = COSINE_WEIGHT * cosine[rows] + LOG_FREQUENCY_WEIGHT * log_frequency[rows]
        logits += KNOWN_WORD_WEIGHT * (rows == own_row) - costs
        shares = np.exp(logits - logits.max())  # [K]
        shares /= shares.sum()
        return [
            Candidate(
                self.words.words[rows[i]],
                float(cosine[rows[i]]),
                float(np.exp(log_frequency[rows[i]])),
                float(costs[i]),
                float(shares[i]),
            )
            for i in np.argsort(-shares, kind="stable")[:k]
        ]

    def nearest(self, word: str, k: int = 5) -> list[tuple[str, float]]:
        """The k words of the list whose vectors are nearest to that of any word, which itself is
        left out, with their cosines.

        Raises:
            ValueError: Something other than a text, or a k that is no whole number from 1.
        """
        _check_k(k)
        text = self._read(word)
        if not _has_letter(text):
            return []
        cosine = self._cosine(self.words.encode([text]))  # [N]
        rows = _largest(cosine, k + 1)
        rows = rows[np.argsort(-cosine[rows], kind="stable")]
        pairs = [(self.words.words[row], float(cosine[row])) for row in rows]
        return [pair for pair in pairs if pair[0] != text and pair[0] in self.words.ids][:k]

    def embed(self, words: Sequence[str]) -> np.ndarray:
        """The vectors of any words, float32 [len(words), W], each of length 1; of "" it is 0.

        Raises:
            ValueError: Something other than a list of texts.
        """
        if isinstance(words, str):
            raise ValueError(f"embed takes a list of words; received {words!r:.60}.")
        return self._embed(self.words.encode([self._read(word) for word in words]))

    def accuracies(
        self, misspelt: np.ndarray, rows: np.ndarray, sizes: Sequence[int]
    ) -> list[float]:
        """How often the nearest vector is that of the right word, among the first words of the
        list; only misspellings of these count.

        Args:
            misspelt: uint8 [M, T].
            rows: Of the right words, [M].
            sizes: How many words, each time.
        """
        vectors = self._embed(misspelt)  # [M, W]
        hits: list[list[bool]] = [[] for _ in sizes]
        for start in range(0, len(rows), COMPARED_AT_ONCE):
            right = rows[start : start + COMPARED_AT_ONCE]
            cosine = vectors[start : start + COMPARED_AT_ONCE] @ self._index  # [M, N]
            for size, found in zip(sizes, hits, strict=True):
                nearest = cosine[:, :size].argmax(axis=1)
                found.extend((nearest == right)[right < size])
        return [float(np.mean(found)) for found in hits]

    def is_misspelt(self, word: str) -> bool:
        """Whether a word is not in the list; see `core.spelling.word_lists.WordList.knows`.

        Raises:
            ValueError: Something other than a text.
        """
        if not isinstance(word, str):
            raise ValueError(f"A word must be a text; received {word!r:.60}.")
        return not self.words.knows(word)

    def _cosine(self, typed: np.ndarray) -> np.ndarray:
        """The cosines of one word, uint8 [1, T], with all words of the list, float32 [N]; -2 with a
        misspelling in the list, which is never suggested.
        """
        cosine = self._embed(typed)[0] @ self._index
        cosine[self._never_suggested] = -2
        return cosine

    def _read(self, word: str) -> str:
        if not isinstance(word, str):
            raise ValueError(f"A word must be a text; received {word!r:.60}.")
        return self.words.normalise(word)

    def _embed(self, codes: np.ndarray) -> np.ndarray:
        """The vectors of codes [N, T], float32 [N, W]."""
        encoder = _encoder(self.words.alphabet.num_ids)
        return np.concatenate(
            [
                encoder(self._weights, tf.constant(codes[i : i + ROWS_AT_ONCE])).numpy()
                for i in range(0, max(len(codes), 1), ROWS_AT_ONCE)
            ]
        )


@functools.lru_cache(maxsize=16)
def _encoder(num_ids: int) -> Any:
    """The encoder for alphabets of one size, compiled once for any number of words."""
    weights = tuple(tf.TensorSpec(shape, tf.float32) for shape in weight_shapes(num_ids))
    codes = tf.TensorSpec([None, LONGEST_WORD], tf.uint8)
    return tf.function(encode, input_signature=[weights, codes], autograph=False)


def _check_count(name: str, count: float) -> None:
    whole = isinstance(count, int | float | np.integer) and not isinstance(count, bool)
    if not whole or count % 1 or not 1 <= count <= MAX_UPDATES:
        raise ValueError(
            f"{name} must be a whole number from 1 to {MAX_UPDATES:,}; received {count!r:.60}."
        )


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def _check_k(k: int) -> None:
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise ValueError(f"k must be a whole number from 1; received {k!r:.60}.")


def _largest(values: np.ndarray, count: int) -> np.ndarray:
    """The rows of the largest values, sorted by row."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.sort(np.argpartition(-values, count)[:count])
