"""Words of twelve languages: many without labels for phase 1, a few with a label for phase 2.
Imports no TensorFlow.

N words, T letters, G groups of letters.
"""

import functools
from typing import Any, NamedTuple

import numpy as np

from core.characters.tasks import load_task
from core.text.alphabet import Alphabet
from core.text.word_lists import WordList

NUM_TRAIN, NUM_TEST = 20_000, 2_000
NUM_GROUPS = 2_000
LANGUAGE = "en"


class Task(NamedTuple):
    """Each a pair, of training and of test words.

    Attributes:
        words: Lists of texts.
        codes: As letter ids, uint8 [N, T].
        letter_groups: Weighted counts of one to three letters in a row, float32 [N, G].
        labels: Numbers of languages, int [N].
        class_names: The languages.
        read: What makes (codes, letter_groups) of further words.
    """

    words: tuple[list[str], list[str]]
    codes: tuple[np.ndarray, np.ndarray]
    letter_groups: tuple[np.ndarray, np.ndarray]
    labels: tuple[np.ndarray, np.ndarray]
    class_names: tuple[str, ...]
    read: Any


@functools.lru_cache(maxsize=1)
def word_list() -> WordList:
    """The training words as a speller learns them, all equally often. Their languages are not in
    it.
    """
    words, _ = _rows("train", NUM_TRAIN)
    even = np.full(len(words), -np.log(len(words)), np.float32)
    alphabet = Alphabet.of(words, unknown=True)
    return WordList(LANGUAGE, tuple(words), even, len(words), alphabet)


@functools.lru_cache(maxsize=1)
def task() -> Task:
    """Which language is this word? The letter groups are those of the unlabelled words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    (train, y_train), (test, y_test) = _rows("train", NUM_TRAIN), _rows("test", NUM_TEST)
    groups = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), max_features=NUM_GROUPS,
                             dtype=np.float32).fit(train)  # fmt: skip

    def read(words: list[str]) -> tuple[np.ndarray, np.ndarray]:
        return word_list().encode(words), groups.transform(words).toarray()

    (codes, counts), (codes_test, counts_test) = read(train), read(test)
    names = load_task("language").class_names
    return Task(
        (train, test), (codes, codes_test), (counts, counts_test), (y_train, y_test), names, read
    )


def _rows(split: str, count: int) -> tuple[list[str], np.ndarray]:
    """Different words, in the order of the task."""
    words, labels = load_task("language").rows(split)
    rows = np.unique(np.array(words), return_index=True)[1]
    rows = np.sort(rows)[:count]
    return [words[row] for row in rows], labels[rows]
