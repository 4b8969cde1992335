"""Misspellings as people make them: a table of weighted rules, and a generator that applies them.

A rule says what is written instead of what: letters that are dropped, doubled, swapped or hit on
the next key, vowels taken for one another and, in English, whatever sounds alike. The speller is
trained on misspellings drawn by the table, and weighs its candidates by the same table
(`core.spelling.edit_costs`).

N words, T letters, R rules, E pairs of a word and a position in it at which a rule applies, B
words of a batch. Imports no TensorFlow.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from core.text.typos import bare_letter, neighbours

VOWELS = "aeiouy"
START = "^"
END = "$"
ANY = "?"
LONGEST = 5
FIRST_LETTER = 0.3
MAX_EDITS = 3
EDITS_A_LETTER = 0.04
MAX_EDIT_CHANCE = 0.3
NOWHERE = 255
"""A position behind every word."""
RANDOM_LETTER = 255
"""Stands for `ANY` among the ids that a rule writes."""
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
    """What is written instead of a pattern, and how often relative to the other rules.

    Attributes:
        pattern: One to five letters as they should be; `START` and `END` stand for the ends.
        written: What stands there instead, "" only for a single letter; `ANY` is a letter drawn at
            random.
        weight: Relative frequency.
    """

    pattern: str
    written: str
    weight: float


def rules(letters: str, language: str) -> list[Rule]:
    """The rules that apply to words of these letters, of that language."""
    vowels = [letter for letter in letters if bare_letter(letter) in VOWELS]
    table = [*_slips(letters), *_doublings(letters, vowels)]
    table += [Rule(a, b, 0.25) for a in vowels for b in VOWELS if a != b]
    table += [Rule(a, bare_letter(a), 2.0) for a in letters if a != bare_letter(a)]
    if language == "en":
        table += _sounds()
    if language == "de":
        table += [Rule("ß", "ss", 2.0), Rule("ss", "ß", 2.0)]
    usable = {*letters, START, END, ANY}
    return [rule for rule in table if usable.issuperset(rule.pattern + rule.written)]


def letter_ids(letters: str, first_id: int) -> dict[str, int]:
    """The id of every letter, and behind them those of `START` and `END`."""
    return {letter: id_ for id_, letter in enumerate((*letters, START, END), first_id)}


def framed(codes: np.ndarray, ids: dict[str, int]) -> np.ndarray:
    """Words [N, T] between `START` and `END`, int64 [N, T + 2]."""
    frame = np.zeros((len(codes), codes.shape[1] + 2), np.int64)  # [N, T + 2]
    frame[:, 0] = ids[START]
    frame[:, 1:-1] = codes
    frame[np.arange(len(codes)), (codes > 0).sum(axis=1) + 1] = ids[END]
    return frame


def window_keys(frame: np.ndarray, size: int, base: int) -> np.ndarray:
    """A number for every `size` letters in a row, int64 [N, T + 3 - size]; its digits are ids."""
    windows = np.lib.stride_tricks.sliding_window_view(
        frame, size, axis=1
    )  # [N, T + 3 - size, size]
    return windows @ base ** np.arange(size)


def _slips(letters: str) -> Iterator[Rule]:
    """Letters dropped, added, replaced at random or by a neighbouring key, or swapped."""
    for a in letters:
        yield Rule(a, "", 0.6)
        yield Rule(a, a + ANY, 0.25)
        yield Rule(a, ANY, 0.15)
        yield from (Rule(a, key, 0.04) for key in neighbours(a))
        yield from (Rule(a + b, b + a, 0.35) for b in letters if a != b)


def _doublings(letters: str, vowels: list[str]) -> Iterator[Rule]:
    """Double letters written once, and single ones twice."""
    for a in letters:
        yield Rule(a + a, a, 3.0)
        yield Rule(a, a + a, 0.1 if a in vowels else 0.3)


def _sounds() -> Iterator[Rule]:
    """The rules of `ENGLISH`."""
    for weight, line in ENGLISH:
        for entry in line.split():
            pattern, separator, written = entry.partition("=" if "=" in entry else ">")
            yield Rule(pattern, written, weight)
            if separator == "=":
                yield Rule(written, pattern, weight)


class Misspeller:
    """Draws misspellings of some words, by one to three rules each.

    The entries are the E pairs of a position and a rule that applies there, word by word; one is
    drawn in proportion to the weight of its rule, which counts less at the first letter.

    Args:
        codes: The words as letter ids from `first_id`, 0 behind their end; uint8 [N, T].
        letters: The letters that the ids stand for.
        first_id: The id of the first of them.
        language: "en" for the sounds of English, "de" for ß and ss; any other knows letters and
            keys only.
    """

    def __init__(self, codes: np.ndarray, letters: str, first_id: int, language: str) -> None:
        self.codes = codes  # [N, T]
        self.lengths = (codes > 0).sum(axis=1)  # [N]
        self.id_range = (first_id, first_id + len(letters))
        ids = letter_ids(letters, first_id)
        table = rules(letters, language)
        self._set_rules(table, ids)
        words, positions, numbers = _occurrences(codes, table, ids)  # [E] each
        weights = np.array([rule.weight for rule in table])[numbers]  # [E]
        weights *= np.where(positions == 0, FIRST_LETTER, 1.0)
        order = np.argsort(words, kind="stable")  # [E]
        self.positions = positions[order].astype(np.uint8)  # [E]
        self.rules = numbers[order].astype(np.uint16)  # [E]
        self.cumulative_weights = np.concatenate([[0.0], np.cumsum(weights[order])])  # [E + 1]
        self.starts = np.searchsorted(words[order], np.arange(len(codes) + 1))  # [N + 1]

    def _set_rules(self, table: list[Rule], ids: dict[str, int]) -> None:
        """Of each rule what it writes, how many letters that is, and how many it replaces."""
        bare = [[text.strip(START + END) for text in rule[:2]] for rule in table]
        self.num_replaced = np.array([len(pattern) for pattern, _ in bare])  # [R]
        self.num_written = np.array([len(written) for _, written in bare])  # [R]
        self.written = np.zeros((len(table), LONGEST), np.uint8)  # [R, LONGEST]
        for row, (_, text) in zip(self.written, bare, strict=True):
            row[: len(text)] = [ids.get(letter, RANDOM_LETTER) for letter in text]

    def __call__(self, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A misspelling of each of the words `rows` int [B]: uint8 [B, T]."""
        chance = np.minimum(MAX_EDIT_CHANCE, EDITS_A_LETTER * self.lengths[rows])  # [B]
        num_edits = 1 + rng.binomial(MAX_EDITS - 1, chance)  # [B]
        low = self.cumulative_weights[self.starts[rows]]  # [B]
        high = self.cumulative_weights[self.starts[rows + 1]]  # [B]
        drawn = low + rng.random((MAX_EDITS, len(rows))) * (high - low)  # [MAX_EDITS, B]
        entries = np.searchsorted(self.cumulative_weights, drawn, side="right") - 1
        entries = np.clip(entries, self.starts[rows], self.starts[rows + 1] - 1)  # [MAX_EDITS, B]
        is_made = np.arange(MAX_EDITS)[:, None] < num_edits  # [MAX_EDITS, B]
        positions = np.where(is_made, self.positions[entries], -1)  # [MAX_EDITS, B]
        codes = self.codes[rows]  # [B, T]
        edited_from = np.full(len(rows), NOWHERE)  # [B]
        columns = np.arange(len(rows))
        # From the end of the word to its beginning, so that no edit moves the position of another.
        for edit in np.argsort(-positions, axis=0, kind="stable"):  # [B] each
            position = positions[edit, columns]
            rule = self.rules[entries[edit, columns]]
            fits = (position >= 0) & (position + self.num_replaced[rule] <= edited_from)
            edited_from = np.where(fits, position, edited_from)
            codes = self._rewrite(codes, np.where(fits, position, NOWHERE), rule, rng)
        return codes

    def all_single_edits(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """All misspellings by one rule without random letters: words int [E], weights float [E],
        codes uint8 [E, T].
        """
        is_certain = ~(self.written == RANDOM_LETTER).any(axis=1)  # [R]
        entries = np.flatnonzero(is_certain[self.rules])
        words = np.searchsorted(self.starts, entries, side="right") - 1
        weights = np.diff(self.cumulative_weights)[entries]
        position = self.positions[entries].astype(int)
        rng = np.random.default_rng(0)
        codes = self._rewrite(self.codes[words], position, self.rules[entries], rng)
        return words, weights, codes

    def _rewrite(
        self, codes: np.ndarray, position: np.ndarray, rule: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """The words codes [B, T], each with its rule [B] applied at its position [B]; what grows
        longer than T is cut.
        """
        width = codes.shape[1]
        num_written = self.num_written[rule][:, None]  # [B, 1]
        num_replaced = self.num_replaced[rule][:, None]  # [B, 1]
        column = np.arange(width) - position[:, None]  # [B, T], counted from the position
        source = np.where(column < 0, 0, num_replaced - num_written) + np.arange(width)  # [B, T]
        padded = np.concatenate([codes, np.zeros((len(codes), 1), codes.dtype)], axis=1)
        kept = np.take_along_axis(padded, np.clip(source, 0, width), axis=1)  # [B, T]
        new = np.take_along_axis(self.written[rule], np.clip(column, 0, LONGEST - 1), axis=1)
        random = rng.integers(*self.id_range, (len(codes), 1), np.uint8)  # [B, 1]
        new = np.where(new == RANDOM_LETTER, random, new)  # [B, T]
        return np.where((column >= 0) & (column < num_written), new, kept)


def _occurrences(
    codes: np.ndarray, table: list[Rule], ids: dict[str, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every position in a word at which a rule applies: the word, the position of the first letter
    replaced, the rule; int [E] each. S rules have a pattern of `size` letters.
    """
    frame = framed(codes, ids)  # [N, T + 2]
    base = ids[END] + 1
    at_start = np.array([rule.pattern[0] == START for rule in table])  # [R]
    blocks = []
    for size in range(1, LONGEST + 1):
        numbers = np.array([i for i, rule in enumerate(table) if len(rule.pattern) == size], int)
        patterns = [[ids[letter] for letter in table[number].pattern] for number in numbers]
        keys = np.array(patterns, np.int64).reshape(-1, size) @ base ** np.arange(size)  # [S]
        order = np.argsort(keys, kind="stable")  # [S]
        windows = window_keys(frame, size, base)  # [N, T + 3 - size]
        first = np.searchsorted(keys[order], windows.ravel(), "left")
        last = np.searchsorted(keys[order], windows.ravel(), "right")
        counts = last - first  # [N · (T + 3 - size)], rules that fit in each window
        window = np.repeat(np.arange(windows.size), counts)  # [E of this size]
        nth = np.arange(len(window)) - np.repeat(np.cumsum(counts) - counts, counts)
        rule = numbers[order][first[window] + nth]
        word, position = np.divmod(window, windows.shape[1])
        blocks.append((word, position - 1 + at_start[rule], rule))
    words, positions, numbers = (np.concatenate(part) for part in zip(*blocks, strict=True))
    return words, positions, numbers
