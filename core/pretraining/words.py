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


class WordTask(NamedTuple):
    """The task: of which language is a word? All but the last two are pairs, of the training words
    and of the test words.

    Attributes:
        words: Lists of texts.
        codes: The words as letter ids, uint8 [N, T].
        letter_groups: Weighted counts of one to three letters in a row, float32 [N, G].
        labels: Numbers of languages, int [N].
        class_names: The languages.
        read: A function from a list of words to their (codes, letter_groups).
    """

    words: tuple[list[str], list[str]]
    codes: tuple[np.ndarray, np.ndarray]
    letter_groups: tuple[np.ndarray, np.ndarray]
    labels: tuple[np.ndarray, np.ndarray]
    class_names: tuple[str, ...]
    read: Any


@functools.lru_cache(maxsize=1)
def word_task() -> WordTask:
    """The task, loaded once; its letter groups are those of the training words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    train, y_train = different_words("train", NUM_FROM_ALL)
    test, y_test = different_words("test", NUM_TEST)
    groups = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), max_features=NUM_GROUPS,
                             dtype=np.float32).fit(train)  # fmt: skip

    def read(words: list[str]) -> tuple[np.ndarray, np.ndarray]:
        return words_of_all_languages().encode(words), groups.transform(words).toarray()

    codes_train, groups_train = read(train)
    codes_test, groups_test = read(test)
    return WordTask(
        words=(train, test),
        codes=(codes_train, codes_test),
        letter_groups=(groups_train, groups_test),
        labels=(y_train, y_test),
        class_names=load_task("language").class_names,
        read=read,
    )
