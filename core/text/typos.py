"""Typos as fingers make them: two letters swapped, one dropped, doubled, or hit on the next key.

Imports no TensorFlow.
"""

import functools
import itertools
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

MIN_TYPO_LETTERS = 4
KINDS = ("swap", "drop", "double", "neighbour")
KEY_ROWS = (("qwertyuiop", 0.0), ("asdfghjkl", 0.25), ("zxcvbnm", 0.75))
"""Letters of each row of keys, and how far it is shifted to the right, in widths of a key."""
MAX_KEY_DISTANCE = 1.2
"""Below which two keys are neighbours, in widths of a key."""
SAME_KEY = {"ı": "i", "ø": "o", "æ": "a", "œ": "o", "ß": "s", "ł": "l", "đ": "d", "ð": "d"}


class TypoDraw(NamedTuple):
    """Random numbers in [0, 1) that choose a typo: its kind, its position, and the neighbouring
    key.
    """

    kind: float
    position: float
    key: float


def add_typos(
    words: Sequence[str], *, rate: float, kinds: Iterable[str] | str, seed: int
) -> list[str]:
    """The words, each with one typo or none.

    A higher rate with the same seed keeps the typos of the lower one and adds more.

    Args:
        words: Any texts. Those of fewer than two letters stay as they are, as do those on which
            no typo of these kinds is possible (a swap in "aaa", a neighbour of a Greek letter).
        rate: The probability from 0 to 1 that a word gets its typo.
        kinds: Some of `KINDS`, equally likely; "none" or () gives the words back.
        seed: The same seed makes the same typos.

    Raises:
        ValueError: A rate outside 0 to 1, an unknown kind, something other than texts, or a seed
            that is no whole number from 0.
    """
    chosen = _check_kinds(kinds)
    if not _is_share(rate):
        raise ValueError(f"The typo rate must be from 0 to 1; received {rate!r}.")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"The seed must be a whole number from 0; received {seed!r}.")
    if isinstance(words, str) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"add_typos takes a list of words; received {str(words)[:60]!r}.")
    draws = np.random.default_rng(int(seed)).random((len(words), 4))
    return [
        _with_typo(word, chosen, TypoDraw(*draw)) if chance < rate else word
        for word, (chance, *draw) in zip(words, draws.tolist(), strict=True)
    ]


def add_typos_to_text(text: str, kinds: Iterable[str] | str, count: int = 1) -> str:
    """The text with `count` typos, one in each word of four letters or more, the longest first,
    then again from the longest. The seed is made of the text.
    """
    words = text.split(" ")
    by_length = sorted(range(len(words)), key=lambda i: -len(words[i]))
    long_words = [i for i in by_length if len(words[i]) >= MIN_TYPO_LETTERS] or by_length[:1]
    for i in itertools.islice(itertools.cycle(long_words), count):
        seed = zlib.crc32(" ".join(words).encode("utf-8", "replace"))
        (words[i],) = add_typos([words[i]], rate=1.0, kinds=kinds, seed=seed)
    return " ".join(words)


@functools.lru_cache(maxsize=4096)
def neighbours(letter: str) -> str:
    """The letters on the keys around a letter's key on QWERTY; "" for a letter of another script.

    A letter beyond a to z is on the key of its bare form: é beside e, ı on i, ß on s.
    """
    return _NEIGHBOURS.get(bare_letter(letter), "")


def bare_letter(letter: str) -> str:
    """The lower-case letter without its accents: e for É, i for ı, s for ß."""
    bare = unicodedata.normalize("NFD", letter.lower())[:1]
    return SAME_KEY.get(bare, bare)


def _with_typo(word: str, kinds: tuple[str, ...], draw: TypoDraw) -> str:
    """One typo of a kind that can change this word, at one of its positions."""
    letters = [index for index, letter in enumerate(word) if letter.isalpha()]
    if len(letters) < 2:
        return word
    by_kind = [(kind, _positions(word, kind, letters)) for kind in kinds]
    possible = [(kind, positions) for kind, positions in by_kind if positions]
    if not possible:
        return word
    kind, positions = possible[int(draw.kind * len(possible))]
    position = positions[int(draw.position * len(positions))]
    before = word[:position]
    letter = word[position]
    after = word[position + 1 :]
    if kind == "swap":
        return before + after[0] + letter + after[1:]
    if kind == "neighbour":
        keys = neighbours(letter)
        slip = keys[int(draw.key * len(keys))]
        return before + (slip.upper() if letter.isupper() else slip) + after
    return before + letter * (2 if kind == "double" else 0) + after


def _positions(word: str, kind: str, letters: list[int]) -> list[int]:
    """The positions in a word at which a typo of this kind would change it."""
    if kind == "swap":
        pairs = zip(letters, letters[1:], strict=False)
        return [a for a, b in pairs if b == a + 1 and word[a] != word[b]]
    if kind == "neighbour":
        return [index for index in letters if neighbours(word[index])]
    return letters


def _key_map() -> dict[str, str]:
    """The keys nearer than `MAX_KEY_DISTANCE` to each key."""
    positions = {
        key: (column + shift, row)
        for row, (keys, shift) in enumerate(KEY_ROWS)
        for column, key in enumerate(keys)
    }
    return {
        key: "".join(
            other
            for other, (a, b) in positions.items()
            if other != key and np.hypot(a - x, b - y) < MAX_KEY_DISTANCE
        )
        for key, (x, y) in positions.items()
    }


_NEIGHBOURS = _key_map()


def _check_kinds(kinds: Iterable[str] | str) -> tuple[str, ...]:
    given = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    unknown = [kind for kind in given if kind not in (*KINDS, "none")]
    if unknown:
        raise ValueError(f"A typo is one of {', '.join(KINDS)}, or none; received {unknown[0]!r}.")
    return tuple(kind for kind in KINDS if kind in given)


def _is_share(rate: float) -> bool:
    return isinstance(rate, int | float | np.number) and 0 <= float(rate) <= 1
