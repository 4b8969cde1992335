"""Spelling correction of single English words: the speller against an editing corrector and counts
of letters over the same word list.
"""

import csv
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.reach.table import Claim, Say
from core.characters import add_typos
from core.spelling.speller import Speller
from core.spelling.word_lists import (
    WordList,
    load_words,
)
from core.text.typos import KINDS

SEEDS = (0, 1, 2)
DATA = Path(__file__).resolve().parents[2] / "tests" / "core" / "data"
NUM_SYNTHETIC = 1_000
LEAST = {1: 0.82, 5: 0.92}
MOST_SECONDS = 45.0
MOST_MILLISECONDS = 10.0

Pairs = list[tuple[str, str]]
Corrector = Callable[[str], str]


def measure(say: Say) -> list[Claim]:
    """Everything, in about three minutes on two cores."""
    words = load_words("en", 30_000)
    spellers, seconds = zip(*(_trained(seed) for seed in SEEDS), strict=True)
    say(f"Training the speller took {median(seconds):.0f} s")
    held_out = natural("held_out")
    claims = [
        *_claims("slips of people, held out", held_out, spellers, words, LEAST),
        *_claims("drawn typos, two in a row", synthetic(words), spellers, words, {}),
    ]
    slow = tuple(_milliseconds(speller, held_out) for speller in spellers)
    return [
        *claims,
        Claim("Speller: seconds of training", seconds, f"at most {MOST_SECONDS:.0f}",
              median(seconds) <= MOST_SECONDS),
        Claim("Speller: milliseconds a correction, median", slow,
              f"at most {MOST_MILLISECONDS:.0f}", median(slow) <= MOST_MILLISECONDS),
        *_alarms(spellers[0], held_out),
    ]  # fmt: skip


def natural(half: str) -> Pairs:
    """One half of the collected misspellings, each with the word that was meant."""
    text = (DATA / "misspellings.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in text if not line.startswith("#"))
    return [(row["misspelling"], row["word"]) for row in rows if row["half"] == half]


def synthetic(words: WordList) -> Pairs:
    """Words of the list with two typos each, none of them a word of the list any more."""
    rng = np.random.default_rng(0)
    long = [word for word in words.words[: words.num_trained] if len(word) > 4]
    right = [long[i] for i in rng.choice(len(long), NUM_SYNTHETIC, replace=False)]
    once = add_typos(right, rate=1, kinds=KINDS, seed=1)
    twice = add_typos(once, rate=1, kinds=KINDS, seed=2)
    return [pair for pair in zip(twice, right, strict=True) if pair[0] not in words.ids]


def editing_corrector(words: WordList) -> Corrector:
    """The commonest known word within one edit, else within two (the idea is Peter Norvig's)."""
    rank = words.ids

    def edits(word: str) -> Iterator[str]:
        for i in range(len(word) + 1):
            head = word[:i]
            tail = word[i:]
            yield from (head + letter + tail for letter in words.letters)
            if tail:
                yield head + tail[1:]
                yield from (head + letter + tail[1:] for letter in words.letters)
            if len(tail) > 1:
                yield head + tail[1] + tail[0] + tail[2:]

    def correct(word: str) -> str:
        if word in rank:
            return word
        near = set(edits(word))
        known = near & rank.keys() or {w for one in near for w in edits(one) if w in rank}
        return min(known, key=rank.__getitem__, default=word)

    return correct


def counting_corrector(words: WordList) -> Corrector:
    """The known word with the nearest counts of one to three letters in a row, by cosine."""
    counts = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), use_idf=False)
    matrix = counts.fit_transform(words.words)
    return lambda word: words.words[(matrix @ counts.transform([word]).T).argmax()]


def _trained(seed: int) -> tuple[Speller, float]:
    started = time.perf_counter()
    speller = Speller.train(seed=seed)
    return speller, time.perf_counter() - started


def _claims(
    what: str,
    pairs: Pairs,
    spellers: tuple[Speller, ...],
    words: WordList,
    least: dict[int, float],
) -> Iterator[Claim]:
    """Against the peers, and the least share that is asked for, by place."""
    first, fifth = (tuple(_share(pairs, one, place) for one in spellers) for place in (1, 5))
    peers = {"edits": editing_corrector(words), "counts of letters": counting_corrector(words)}
    bound = least.get(1, 0.0)
    asked = f"at least {bound}, and the peer's" if bound else "the peer's"
    for peer, correct in peers.items():
        theirs = float(np.mean([correct(wrong) == right for wrong, right in pairs]))
        kept = median(first) >= max(bound, theirs)
        yield Claim(f"Spelling, {what}: top-1", first, asked, kept, (peer, (theirs,)))
    bound = least.get(5, 0.0)
    asked = f"at least {bound}" if bound else "nothing"
    yield Claim(f"Spelling, {what}: top-5", fifth, asked, median(fifth) >= bound)


def _share(pairs: Pairs, speller: Speller, place: int) -> float:
    """How often the word that was meant is among the first `place` suggestions."""
    return float(np.mean([right in dict(speller.suggest(wrong, place)) for wrong, right in pairs]))


def _milliseconds(speller: Speller, pairs: Pairs) -> float:
    taken = []
    for wrong, _ in pairs:
        started = time.perf_counter()
        speller.suggest(wrong)
        taken.append(time.perf_counter() - started)
    return 1e3 * median(taken)


def _alarms(speller: Speller, pairs: Pairs) -> Iterator[Claim]:
    """How often a misspelling passes, and how often a right word is called wrong."""
    missed = float(np.mean([not speller.is_misspelt(wrong) for wrong, _ in pairs]))
    yield Claim("Misspelt or not: misspellings missed", (missed,), "at most 0.05", missed <= 0.05)
    lines = (DATA / "correct_words.txt").read_text(encoding="utf-8").splitlines()
    rare = [line for line in lines if not line.startswith("#")]
    for what, right in (("usual", sorted({word for _, word in pairs})), ("rarer", rare)):
        false = float(np.mean([speller.is_misspelt(word) for word in right]))
        name = f"Misspelt or not: {what} right words called wrong"
        yield Claim(name, (false,), "at most 0.1", false <= 0.1)
