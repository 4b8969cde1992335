"""Words of twelve languages: many without labels for phase 1, a few with a label for phase 2.
Imports no TensorFlow.

N words, T letters, G groups of letters.
"""

import functools
from typing import Any, NamedTuple

import numpy as np

from core.spelling.word_lists import NUM_FROM_ALL, words_of_all_languages
from core.text.tasks import different_words, load_task

NUM_TEST = 2_000
NUM_GROUPS = 2_000


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
def task() -> Task:
    """Which language is this word? The letter groups are those of the unlabelled words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    (train, y_train), (test, y_test) = (
        different_words("train", NUM_FROM_ALL),
        different_words("test", NUM_TEST),
    )
    groups = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), max_features=NUM_GROUPS,
                             dtype=np.float32).fit(train)  # fmt: skip

    def read(words: list[str]) -> tuple[np.ndarray, np.ndarray]:
        return words_of_all_languages().encode(words), groups.transform(words).toarray()

    (codes, counts), (codes_test, counts_test) = read(train), read(test)
    names = load_task("language").class_names
    return Task(
        (train, test), (codes, codes_test), (counts, counts_test), (y_train, y_test), names, read
    )
