"""Misspellings as people make them: which ones there are, how often they come, what each one costs.

One table of rules says what is written instead of what: letters that are dropped, doubled, swapped
or hit on the next key, vowels taken for one another and, in English, whatever sounds alike. The
speller is trained on misspellings drawn by the table, and weighs its candidates by the same table
(`core.spelling.edit_costs`). N words, T letters, E misspellings. Imports no TensorFlow.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from core.text.typos import bare_letter, neighbours

VOWELS = "aeiouy"
START, END, ANY = "^", "$", "?"
LONGEST = 5
FIRST_LETTER = 0.3
MOST_EDITS = 3
EDITS_A_LETTER, HIGHEST_CHANCE = 0.04, 0.3
NOWHERE = 255
# The right letters first: ph>f is f written for ph, ph=f also ph for f; ^ and $ are a word's ends.
ENGLISH = (
    (3.0, "ie=ei ance=ence ant$=ent$ able$=ible$ ful$>full$ l$>ll$ ally$>aly$ ely$>ly$ ^kn>^n"),
    (3.0, "^wr>^r ^wh>^w er$=or$ er$=ar$ le$=el$ al$=le$ ious=ous ies$>ys$ ou>u ea>e ea=ee ck=k"),
    (2.0, "ph=f tion=sion tion>shun cian>tion cious>tious cial>tial ssion>tion qu>kw x=ks ex>ecs"),
    (2.0, "ce=se ci=si cy=sy ge=je gi=ji gy=jy c=k s=z sc>s ch>k ch=tch dge=ge y=i i=e er=re"),
    (2.0, "ought>ort ough>uff augh>arf ight>ite igh>i gh>f ght>t ugh>u eigh>ei mb$>m$ mn$>m$"),
    (2.0, "our=or ise=ize ary$=ery$ ary$>ry$ ery$>ry$ ory$>ry$ ture>cher ture>chur sure>shure"),
    (2.0, "^in=^en ^im=^em ^des=^dis ^de=^di ^per=^pre ^un=^in ^re=^ri e$>$ $>e$ ey$=y$ y$=ie$"),
    (2.0, "^ps>^s ^gn>^n ^gh>^g"),
    (1.5, "ee=ie ei>e ie>e ai>a ai=ay ai=ei ay>ey oa>o oo=u ou=ow ow>o au=aw au>o aw>or ew=ue"),
    (1.5, "ui>u ed$>t$ ed$>d$ eous>ious eous>ous ous$>us$ ous$>es$ cc=x cc>cs ual>ul ull=ul"),
    (1.5, "ness$>nes$ all=al"),
    (1.0, "gu>g ui>i eau>o eu>u oe>e ae>e rh>r th>t th=f h> t>d d>t v=f m=n ng>n nk>nc sh=ch"),
    (1.0, "sch>sk stle>sel stl>sl lk>k lm>m ould>ud ould>uld ea>a eo>e eo>o io>o ia>a ua>a ue>u"),
    (1.0, "'> s$>'s$ ar>a or>o er>a er>ur ir=er ur=er or=ur are=air eer=ear ear=ere oor=ore"),
)  # fmt: skip


class Rule(NamedTuple):
    """What is written instead of a pattern, and how often beside the other rules.

    Attributes:
        pattern: One to five letters as they should be; `START` and `END` stand for the ends.
        written: What stands there instead, "" only for a single letter; `ANY` is a letter drawn at
            random.
        weight: How often.
    """

    pattern: str
    written: str
    weight: float


def rules(letters: str, language: str) -> list[Rule]:
    """Everything that may go wrong with words of these letters."""
    vowels = [letter for letter in letters if bare_letter(letter) in VOWELS]
    found = [*_slips(letters), *_doublings(letters, vowels)]
    found += [Rule(a, b, 0.25) for a in vowels for b in VOWELS if a != b]
    found += [Rule(a, bare_letter(a), 2.0) for a in letters if a != bare_letter(a)]
    if language == "en":
        found += _sounds()
    if language == "de":
        found += [Rule("ß", "ss", 2.0), Rule("ss", "ß", 2.0)]
    usable = {*letters, START, END, ANY}
    return [rule for rule in found if usable.issuperset(rule.pattern + rule.written)]


def letter_ids(letters: str, first_id: int) -> dict[str, int]:
    """The id of every letter, and behind them those of `START` and `END`."""
    return {letter: id_ for id_, letter in enumerate((*letters, START, END), first_id)}


def framed(codes: np.ndarray, ids: dict[str, int]) -> np.ndarray:
    """Words [N, T] between `START` and `END`, int64 [N, T + 2]."""
    frame = np.zeros((len(codes), codes.shape[1] + 2), np.int64)
    frame[:, 0], frame[:, 1:-1] = ids[START], codes
    frame[np.arange(len(codes)), (codes > 0).sum(axis=1) + 1] = ids[END]
    return frame


def window_keys(frame: np.ndarray, size: int, base: int) -> np.ndarray:
    """A number for every `size` letters in a row, int64 [N, T + 3 - size]; its digits are ids."""
    windows = np.lib.stride_tricks.sliding_window_view(frame, size, axis=1)
    return windows @ base ** np.arange(size)


def _slips(letters: str) -> Iterator[Rule]:
    for a in letters:
        yield Rule(a, "", 0.6)
        yield Rule(a, a + ANY, 0.25)
        yield Rule(a, ANY, 0.15)
        yield from (Rule(a, key, 0.04) for key in neighbours(a))
        yield from (Rule(a + b, b + a, 0.35) for b in letters if a != b)


def _doublings(letters: str, vowels: list[str]) -> Iterator[Rule]:
    for a in letters:
        yield Rule(a + a, a, 3.0)
        yield Rule(a, a + a, 0.1 if a in vowels else 0.3)


def _sounds() -> Iterator[Rule]:
    for weight, line in ENGLISH:
        for entry in line.split():
            pattern, sign, written = entry.partition("=" if "=" in entry else ">")
            yield Rule(pattern, written, weight)
            if sign == "=":
                yield Rule(written, pattern, weight)


class Misspeller:
    """Every misspelling of some words by one rule, listed once; it draws one to three of a word.

    Args:
        codes: The words as letter ids from `first_id`, 0 behind their end; uint8 [N, T].
        letters: The letters that the ids stand for.
        first_id: The id of the first of them.
        language: "en" for the sounds of English, "de" for ß and ss; any other knows letters and
            keys only.
    """

    def __init__(self, codes: np.ndarray, letters: str, first_id: int, language: str) -> None:
        self.codes, self.lengths = codes, (codes > 0).sum(axis=1)
        self.drawn_ids = (first_id, first_id + len(letters))
        ids, table = letter_ids(letters, first_id), rules(letters, language)
        self._write_down(table, ids)
        words, places, kinds = _occurrences(codes, table, ids)
        weights = np.array([rule.weight for rule in table])[kinds]
        weights *= np.where(places == 0, FIRST_LETTER, 1.0)
        order = np.argsort(words, kind="stable")
        self.places, self.kinds = places[order].astype(np.uint8), kinds[order].astype(np.uint16)
        self.heights = np.concatenate([[0.0], np.cumsum(weights[order])])
        self.starts = np.searchsorted(words[order], np.arange(len(codes) + 1))

    def _write_down(self, table: list[Rule], ids: dict[str, int]) -> None:
        """What each rule writes [R, LONGEST], how many letters that is, how many it replaces."""
        bare = [[text.strip(START + END) for text in rule[:2]] for rule in table]
        self.cuts = np.array([len(pattern) for pattern, _ in bare])
        self.sizes = np.array([len(written) for _, written in bare])
        self.written = np.zeros((len(table), LONGEST), np.uint8)
        for row, (_, text) in zip(self.written, bare, strict=True):
            row[: len(text)] = [ids.get(letter, NOWHERE) for letter in text]

    def __call__(self, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A misspelling of each of some words; rows int [B], the result uint8 [B, T]."""
        chance = np.minimum(HIGHEST_CHANCE, EDITS_A_LETTER * self.lengths[rows])
        count = 1 + rng.binomial(MOST_EDITS - 1, chance)
        low, high = self.heights[self.starts[rows]], self.heights[self.starts[rows + 1]]
        heights = low + rng.random((MOST_EDITS, len(rows))) * (high - low)
        edits = np.searchsorted(self.heights, heights, side="right") - 1
        edits = np.clip(edits, self.starts[rows], self.starts[rows + 1] - 1)
        places = np.where(np.arange(MOST_EDITS)[:, None] < count, self.places[edits], -1)
        codes, before = self.codes[rows], np.full(len(rows), NOWHERE)
        every = np.arange(len(rows))
        for turn in np.argsort(-places, axis=0, kind="stable"):
            place, kind = places[turn, every], self.kinds[edits[turn, every]]
            fits = (place >= 0) & (place + self.cuts[kind] <= before)
            before = np.where(fits, place, before)
            codes = self._rewrite(codes, np.where(fits, place, NOWHERE), kind, rng)
        return codes

    def every(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """All misspellings by one rule without random letters: words int [E], weights float [E],
        codes uint8 [E, T].
        """
        certain = ~(self.written == NOWHERE).any(axis=1)
        entries = np.flatnonzero(certain[self.kinds])
        words = np.searchsorted(self.starts, entries, side="right") - 1
        weights = np.diff(self.heights)[entries]
        place, kind = self.places[entries].astype(int), self.kinds[entries]
        rng = np.random.default_rng(0)
        return words, weights, self._rewrite(self.codes[words], place, kind, rng)

    def _rewrite(
        self, codes: np.ndarray, place: np.ndarray, kind: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """Each word with its rule applied at its place; what grows too long is cut."""
        width = codes.shape[1]
        size, cut = self.sizes[kind][:, None], self.cuts[kind][:, None]
        column = np.arange(width) - place[:, None]
        source = np.where(column < 0, 0, cut - size) + np.arange(width)
        ended = np.concatenate([codes, np.zeros((len(codes), 1), codes.dtype)], axis=1)
        kept = np.take_along_axis(ended, np.clip(source, 0, width), axis=1)
        new = np.take_along_axis(self.written[kind], np.clip(column, 0, LONGEST - 1), axis=1)
        drawn = rng.integers(*self.drawn_ids, (len(codes), 1), np.uint8)
        new = np.where(new == NOWHERE, drawn, new)
        return np.where((column >= 0) & (column < size), new, kept)


def _occurrences(
    codes: np.ndarray, table: list[Rule], ids: dict[str, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every place where a rule fits in a word: word, place of the first letter replaced, rule."""
    frame, base, found = framed(codes, ids), ids[END] + 1, []
    opens = np.array([rule.pattern[0] == START for rule in table])
    for size in range(1, LONGEST + 1):
        kinds = np.array([i for i, rule in enumerate(table) if len(rule.pattern) == size], int)
        patterns = [[ids[letter] for letter in table[kind].pattern] for kind in kinds]
        keys = np.array(patterns, np.int64).reshape(-1, size) @ base ** np.arange(size)
        order = np.argsort(keys, kind="stable")
        seen = window_keys(frame, size, base)
        first, last = (
            np.searchsorted(keys[order], seen.ravel(), side) for side in ("left", "right")
        )
        counts = last - first
        window = np.repeat(np.arange(seen.size), counts)
        nth = np.arange(len(window)) - np.repeat(np.cumsum(counts) - counts, counts)
        kind = kinds[order][first[window] + nth]
        word, place = np.divmod(window, seen.shape[1])
        found.append((word, place - 1 + opens[kind], kind))
    words, places, kinds = (np.concatenate(part) for part in zip(*found, strict=True))
    return words, places, kinds
