"""Accuracy of a classifier on texts with typos."""

from collections.abc import Sequence

import numpy as np

from core.characters.classifier import Classifier
from core.text.alphabet import UNKNOWN
from core.text.encoding import with_typos
from core.text.tasks import TextTask
from core.text.typos import KINDS

MOST_TEXTS = 4_096


def robustness(
    classifier: Classifier,
    task: TextTask,
    *,
    rates: Sequence[float],
    kinds: Sequence[str] = KINDS,
    seed: int = 0,
    only_unknown: bool = False,
) -> np.ndarray:
    """Accuracy on test texts at each typo rate, float [len(rates)].

    Args:
        rates: Share of the words of four letters or more that have one typo; 1: every one.
        kinds: Some of `core.text.typos.KINDS`.
        seed: Decides the typos; a higher rate keeps those of a lower one.
        only_unknown: Only texts that hold a word which no training text has. NaN without any.
    """
    texts, labels = task.rows("test")
    if only_unknown:
        rows = [row for row, text in enumerate(texts) if _has_unknown_word(classifier, text)]
        texts = [texts[row] for row in rows]
        labels = labels[rows]
    texts = texts[:MOST_TEXTS]
    labels = labels[:MOST_TEXTS]
    if not texts:
        return np.full(len(rates), np.nan)
    texts_by_rate = (with_typos(texts, rate, seed, kinds) for rate in rates)
    predictions = (classifier.predict(typed).argmax(axis=1) for typed in texts_by_rate)
    return np.array([np.mean(predicted == labels) for predicted in predictions])


def _has_unknown_word(classifier: Classifier, text: str) -> bool:
    return any(number == UNKNOWN for _, number in classifier.reader.vocabulary.read(text))
