"""The cost of writing one word for another: an edit distance weighted by the rules of
`core.spelling.misspellings`.

K words, T letters, A ids of letters with `START`, `END` and padding. Imports no TensorFlow.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from core.spelling.misspellings import (
    ANY,
    END,
    FIRST_LETTER,
    LONGEST,
    START,
    Rule,
    framed,
    letter_ids,
    rules,
    window_keys,
)

BASE_COST = 1.6
RARITY_COST = 0.7
MIN_COST = 0.7
IMPOSSIBLE = 99.0


def cost_of(weight: np.ndarray | float) -> np.ndarray:
    """BASE_COST - RARITY_COST · log(weight), at least MIN_COST: a rarer misspelling costs more."""
    return np.maximum(MIN_COST, BASE_COST - RARITY_COST * np.log(weight))


class Replacement(NamedTuple):
    """A rule of several letters.

    Attributes:
        length: Letters of its pattern.
        key: The pattern as a number, see `core.spelling.misspellings.window_keys`.
        cost: Of applying it once.
    """

    length: int
    key: int
    cost: float


class EditCosts:
    """The costs of all rules for some letters.

    Args:
        letters: The alphabet, its ids counted from `first_id`; other ids are unknown letters.
        first_id: The id of its first letter.
        language: See `core.spelling.misspellings.rules`.
    """

    def __init__(self, letters: str, first_id: int, language: str) -> None:
        self.ids = letter_ids(letters, first_id)
        self.base = self.ids[END] + 1
        ends = [self.ids[START], self.ids[END]]
        self.substitution = np.full((self.base, self.base), IMPOSSIBLE)  # [A written, A meant]
        self.omission = np.full(self.base, IMPOSSIBLE)  # [A]
        self.insertion = np.full(self.base, IMPOSSIBLE)  # [A]
        self.replacements: dict[tuple[int, ...], list[Replacement]] = defaultdict(list)
        for rule in rules(letters, language):
            self._add(rule, len(letters))
        self.substitution[:, ends] = IMPOSSIBLE
        self.substitution[ends] = IMPOSSIBLE
        self.insertion[ends] = IMPOSSIBLE
        np.fill_diagonal(self.substitution, 0.0)

    def _add(self, rule: Rule, num_letters: int) -> None:
        """Lowers the costs that a rule undercuts; a rule of several letters is listed by what it
        writes.
        """
        pattern = [self.ids[letter] for letter in rule.pattern]
        if ANY in rule.written:
            random = cost_of(rule.weight / num_letters)
            if rule.written == ANY:
                self.substitution = np.minimum(self.substitution, random)
            else:
                self.insertion = np.minimum(self.insertion, random)
            return
        written = tuple(self.ids[letter] for letter in rule.written)
        cost = float(cost_of(rule.weight))
        if len(pattern) == len(written) == 1:
            pair: tuple[int, ...] = (written[0], pattern[0])
            self.substitution[pair] = min(self.substitution[pair], cost)
        elif len(pattern) == 1 and not written:
            self.omission[pattern] = np.minimum(self.omission[pattern], cost)
        else:
            key = int(np.dot(pattern, self.base ** np.arange(len(pattern))))
            self.replacements[written].append(Replacement(len(pattern), key, cost))

    def __call__(self, typed: np.ndarray, words: np.ndarray) -> np.ndarray:
        """The lowest cost of having typed `typed` uint8 [T] for each of `words` uint8 [K, T]:
        float64 [K].

        Cell [i, j] of the usual table is the cost of writing the first i characters of `typed` for
        the first j of a word, ends included; a row is computed for all words at once.
        """
        word = framed(words, self.ids)  # [K, T + 2]
        (text,) = framed(typed[None], self.ids)  # [T + 2]
        text = text[: np.count_nonzero(text)]
        keys = {size: window_keys(word, size, self.base) for size in range(1, LONGEST + 1)}
        first_letter = np.zeros(word.shape[1] + 1)  # [T + 3], added to an edit of the first letter
        first_letter[1] = cost_of(FIRST_LETTER) - cost_of(1.0)
        omitted = self.omission[word] + first_letter[:-1]  # [K, T + 2]
        skipped = np.cumsum(np.pad(omitted, ((0, 0), (1, 0))), axis=1)  # [K, T + 3]
        is_start = np.arange(len(first_letter)) == 0
        rows = [np.where(is_start, 0.0, np.full(skipped.shape, IMPOSSIBLE))]  # [K, T + 3] each
        for i, letter in enumerate(text, 1):
            row = rows[-1] + self.insertion[letter] + first_letter  # [K, T + 3]
            changed = self.substitution[letter][word]  # [K, T + 2]
            substituted = rows[-1][:, :-1] + changed + first_letter[:-1] * (changed > 0)
            np.minimum(row[:, 1:], substituted, out=row[:, 1:])
            for size in range(1, min(i, LONGEST) + 1):
                source = rows[i - size]
                written = tuple(text[i - size : i].tolist())
                for length, key, cost in self.replacements.get(written, ()):
                    replaced = source[:, :-length] + first_letter[:-length] + cost
                    replaced = np.where(keys[length] == key, replaced, IMPOSSIBLE)
                    np.minimum(row[:, length:], replaced, out=row[:, length:])
            rows.append(skipped + np.minimum.accumulate(row - skipped, axis=1))
        return rows[-1][np.arange(len(words)), (word > 0).sum(axis=1)]  # [K]
