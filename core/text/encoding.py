"""Encodes a task for a network: alphabet, vocabulary, and texts as integers, epoch by epoch.
Imports no TensorFlow.

N texts, T characters, M words, R rows of an epoch (its whole batches).
"""

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.configs.characters import INPUTS
from core.engine.state import updates_per_epoch
from core.text.alphabet import Alphabet, WordVocabulary, fold
from core.text.tasks import (
    TextTask,
    epoch_texts,
    epochs_a_pass,
)
from core.text.typos import KINDS, MIN_TYPO_LETTERS, add_typos

MAX_LENGTH = 100
MAX_SLOTS = 40
MOST_VALIDATED = 4_096
MOST_COUNTED = 100_000
MANY_TEXTS = 10_000
MIN_COUNT_IN_MANY = 5


class EpochKey(NamedTuple):
    """What decides the order and the typos of an epoch: the run's seed and the epoch's number."""

    seed: int
    epoch: int


class Batchable(NamedTuple):
    """Rows of integers: characters int32 [N, T], words int32 [N, M], labels int32 [N].

    What a network does not read is [N, 1] zeros.
    """

    characters: np.ndarray
    words: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Reader:
    """Turns texts into integers, with alphabet, vocabulary and lengths of the first 100,000
    training texts of a task.

    Characters that no training text holds are left out, as Keras' `Tokenizer` does.

    Attributes:
        alphabet: Characters with an id.
        vocabulary: Words with an id.
        length: T, to which texts are cut or padded.
        num_slots: M, the same in words.
    """

    alphabet: Alphabet
    vocabulary: WordVocabulary
    length: int
    num_slots: int

    def encode(self, texts: Sequence[str], inputs: str) -> tuple[np.ndarray, np.ndarray]:
        """Characters int32 [N, T] and words int32 [N, M]; zeros [N, 1] for what `inputs` skips."""
        unread = np.zeros((len(texts), 1), np.int32)
        return (
            self.alphabet.encode(texts, self.length) if inputs != "word" else unread,
            self.vocabulary.encode(texts, self.num_slots) if inputs != "character" else unread,
        )


def reader_of(texts: Sequence[str]) -> Reader:
    """The reader for some training texts. Of 10,000 texts or more only characters that occur five
    times have an id.
    """
    return Reader(
        Alphabet.of(texts, min_count=MIN_COUNT_IN_MANY if len(texts) >= MANY_TEXTS else 1),
        WordVocabulary.of(texts),
        min(MAX_LENGTH, max(1, *(len(fold(text)) for text in texts))),
        min(MAX_SLOTS, max(1, *(len(text.split()) for text in texts))),
    )


class LazyRows:
    """Training texts as integers, each encoded when it is first asked for."""

    def __init__(self, texts: Sequence[str], reader: Reader, inputs: str) -> None:
        self.texts = texts
        self.reader = reader
        self.inputs = inputs
        self.is_encoded = np.zeros(len(texts), bool)  # [N]
        self.arrays: tuple[np.ndarray, ...] = ()  # characters [N, T], words [N, M]; empty at first

    def rows(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Characters int32 [R, T] and words int32 [R, M] of the texts `rows` [R]."""
        new = np.unique(rows[~self.is_encoded[rows]])
        if len(new):
            ids = self.reader.encode([self.texts[row] for row in new], self.inputs)
            self.arrays = self.arrays or tuple(
                np.zeros((len(self.texts), part.shape[1]), np.uint16) for part in ids
            )
            for array, part in zip(self.arrays, ids, strict=True):
                array[new] = part
            self.is_encoded[new] = True
        characters, words = self.arrays
        return characters[rows].astype(np.int32), words[rows].astype(np.int32)


class EncodedTask:
    """A task as integers; made once for each task and kept as long as it."""

    def __init__(self, task: TextTask) -> None:
        self.texts, self.labels = task.rows("train")
        self.held_out = task.rows("validation")
        counted = np.sort(task.splits["train"])[:MOST_COUNTED]
        self.reader = reader_of([task.texts[row] for row in counted])
        self.training = {inputs: LazyRows(self.texts, self.reader, inputs) for inputs in INPUTS}

    def validation(self, inputs: str) -> Batchable:
        """At most 4,096 rows of the validation split."""
        texts, labels = self.held_out
        ids = self.reader.encode(texts[:MOST_VALIDATED], inputs)
        return Batchable(*ids, labels[:MOST_VALIDATED].astype(np.int32))

    def epoch(self, inputs: str, batch_size: int, key: EpochKey, rate: float) -> Batchable:
        """The rows of an epoch in their order, as many as its whole batches hold.

        Args:
            key: Decides order and typos.
            rate: Share of the words that get a typo.
        """
        rows = self._order(key, batch_size)  # [R]
        labels = self.labels[rows].astype(np.int32)  # [R]
        if rate > 0:
            texts = with_typos([self.texts[row] for row in rows], rate, key)
            return Batchable(*self.reader.encode(texts, inputs), labels)
        return Batchable(*self.training[inputs].rows(rows), labels)

    def updates(self, batch_size: int) -> int:
        """Updates in one epoch."""
        return updates_per_epoch(epoch_texts(len(self.texts)), batch_size)

    def batch_size(self, wanted: int) -> int:
        """Rows of one update: no more than an epoch has."""
        return min(wanted, epoch_texts(len(self.texts)))

    def _order(self, key: EpochKey, batch_size: int) -> np.ndarray:
        """Random rows of an epoch, int [R]: its share of the permutation of a pass over all texts.
        The first of them also fill up the last batch.
        """
        num_texts = len(self.texts)
        count = epoch_texts(num_texts)
        num_pass, share = divmod(key.epoch, epochs_a_pass(num_texts))
        rows = np.random.default_rng((key.seed, num_pass)).permutation(num_texts)
        rows = rows[share * count : (share + 1) * count]
        return np.resize(rows, self.updates(batch_size) * self.batch_size(batch_size))


_encoded: "weakref.WeakKeyDictionary[TextTask, EncodedTask]" = weakref.WeakKeyDictionary()


def encoded(task: TextTask) -> EncodedTask:
    """The task as integers.

    Raises:
        ValueError: The task has no labels.
    """
    if task not in _encoded:
        _encoded[task] = EncodedTask(task)
    return _encoded[task]


def with_typos(
    texts: Sequence[str],
    rate: float,
    seed: int | EpochKey,
    kinds: Sequence[str] | None = None,
) -> list[str]:
    """Texts of which a share `rate` of the words of four letters or more has one typo of one of
    the `kinds` (None: all).
    """
    words_of = [text.split(" ") for text in texts]
    long_words = [word for words in words_of for word in words if len(word) >= MIN_TYPO_LETTERS]
    number = seed if isinstance(seed, int) else _one_number(seed)
    chosen = KINDS if kinds is None else tuple(kinds)
    typed = iter(add_typos(long_words, rate=rate, kinds=chosen, seed=number))
    return [
        " ".join(next(typed) if len(word) >= MIN_TYPO_LETTERS else word for word in words)
        for words in words_of
    ]


def _one_number(key: EpochKey) -> int:
    """A seed for `add_typos`, mixed of both numbers."""
    return int(np.random.SeedSequence(key).generate_state(1)[0])
