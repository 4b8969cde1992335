"""What it costs to have written one word for another: an edit distance with the prices of
`core.spelling.misspellings`.

K words, T letters. Imports no TensorFlow.
"""

from collections import defaultdict

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

AN_EDIT, RARITY, LEAST = 1.6, 0.7, 0.7
NEVER = 99.0


def price(weight: np.ndarray | float) -> np.ndarray:
    """AN_EDIT - RARITY · log(weight), at least LEAST: the rarer a misspelling, the dearer."""
    return np.maximum(LEAST, AN_EDIT - RARITY * np.log(weight))


class Prices:
    """The prices of all rules for some letters.

    Args:
        letters: The alphabet, its ids counted from `first_id`; other ids are unknown letters.
        first_id: The id of its first letter.
        language: See `core.spelling.misspellings.rules`.
    """

    def __init__(self, letters: str, first_id: int, language: str) -> None:
        self.ids = letter_ids(letters, first_id)
        self.base = self.ids[END] + 1
        ends = [self.ids[START], self.ids[END]]
        self.instead = np.full((self.base, self.base), NEVER)
        self.missing, self.extra = np.full(self.base, NEVER), np.full(self.base, NEVER)
        self.listed: dict[tuple[int, ...], list[tuple[int, int, float]]] = defaultdict(list)
        for rule in rules(letters, language):
            self._enter(rule, len(letters))
        self.instead[:, ends] = self.instead[ends] = self.extra[ends] = NEVER
        np.fill_diagonal(self.instead, 0.0)

    def _enter(self, rule: Rule, num_letters: int) -> None:
        pattern = [self.ids[letter] for letter in rule.pattern]
        if ANY in rule.written:
            random = price(rule.weight / num_letters)
            if rule.written == ANY:
                self.instead = np.minimum(self.instead, random)
            else:
                self.extra = np.minimum(self.extra, random)
            return
        written, cost = (
            tuple(self.ids[letter] for letter in rule.written),
            float(price(rule.weight)),
        )
        if len(pattern) == len(written) == 1:
            place: tuple[int, ...] = (written[0], pattern[0])
            self.instead[place] = min(self.instead[place], cost)
        elif len(pattern) == 1 and not written:
            self.missing[pattern] = np.minimum(self.missing[pattern], cost)
        else:
            key = int(np.dot(pattern, self.base ** np.arange(len(pattern))))
            self.listed[written].append((len(pattern), key, cost))

    def __call__(self, typed: np.ndarray, words: np.ndarray) -> np.ndarray:
        """The cheapest way from each of some words to what was typed; typed uint8 [T], words uint8
        [K, T], the prices float64 [K].

        Cell [i, j] of the usual table is the price of writing the first i signs of `typed` for the
        first j of a word, ends included; a row is computed for all words at once.
        """
        word, (text,) = framed(words, self.ids), framed(typed[None], self.ids)
        text = text[: np.count_nonzero(text)]
        keys = {size: window_keys(word, size, self.base) for size in range(1, LONGEST + 1)}
        early = np.zeros(word.shape[1] + 1)
        early[1] = price(FIRST_LETTER) - price(1.0)
        skipped = np.cumsum(np.pad(self.missing[word] + early[:-1], ((0, 0), (1, 0))), axis=1)
        rows = [np.where(np.arange(len(early)) == 0, 0.0, np.full(skipped.shape, NEVER))]
        for i, letter in enumerate(text, 1):
            row = rows[-1] + self.extra[letter] + early
            other = self.instead[letter][word]
            np.minimum(
                row[:, 1:], rows[-1][:, :-1] + other + early[:-1] * (other > 0), out=row[:, 1:]
            )
            for size in range(1, min(i, LONGEST) + 1):
                source = rows[i - size]
                for length, key, cost in self.listed.get(tuple(text[i - size : i].tolist()), ()):
                    written = source[:, :-length] + early[:-length] + cost
                    written = np.where(keys[length] == key, written, NEVER)
                    np.minimum(row[:, length:], written, out=row[:, length:])
            rows.append(skipped + np.minimum.accumulate(row - skipped, axis=1))
        return rows[-1][np.arange(len(words)), (word > 0).sum(axis=1)]
