"""Typos of each kind, and the misspellings and edit costs that the speller is built on."""

import csv
import re
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.characters import add_typos
from core.spelling.confusables import Confusables
from core.spelling.edit_costs import EditCosts, cost_of
from core.spelling.misspellings import ANY, END, FIRST_LETTER, START, Misspeller, letter_ids, rules
from core.text.typos import KINDS, add_typos_to_text, neighbours

LETTERS, FIRST_ID, T = "abcdefghijklmnopqrstuvwxyz'é", 2, 20
WORDS = ("knowledge", "phone", "necessary", "a", "aa", "don't", "café", "weight", "quay", "rhythm")
MISSPELLINGS = Path(__file__).parent / "data" / "misspellings.csv"
IDS = letter_ids(LETTERS, FIRST_ID)
any_word = st.text(max_size=12) | st.text("abcdeéßİæ'1 -", max_size=12)


def typo(word: str, kind: str, seed: int = 0) -> str:
    return add_typos([word], rate=1, kinds=[kind], seed=seed)[0]


def letters_of(word: str) -> list[int]:
    return [i for i, letter in enumerate(word) if letter.isalpha()]


def codes_of(*words: str) -> np.ndarray:
    codes = np.zeros((len(words), T), np.uint8)
    for row, word in zip(codes, words, strict=True):
        row[: len(word)] = [IDS.get(letter, 1) for letter in word]
    return codes


def text_of(code: np.ndarray) -> str:
    return "".join(LETTERS[i - FIRST_ID] for i in code if i)


# Typos.


@given(any_word, st.integers(0, 50))
def test_a_swap_exchanges_two_letters_side_by_side(word: str, seed: int) -> None:
    letters = set(letters_of(word))
    swaps = {
        word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        for i in letters
        if i + 1 in letters and word[i] != word[i + 1]
    }
    assert typo(word, "swap", seed) in (swaps or {word})


@given(any_word, st.integers(0, 50))
def test_a_drop_leaves_out_one_letter_and_a_double_repeats_one(word: str, seed: int) -> None:
    letters = letters_of(word) if len(letters_of(word)) > 1 else []
    dropped = {word[:i] + word[i + 1 :] for i in letters}
    doubled = {word[:i] + word[i] * 2 + word[i + 1 :] for i in letters}
    assert typo(word, "drop", seed) in (dropped or {word})
    assert typo(word, "double", seed) in (doubled or {word})


@given(any_word, st.integers(0, 50))
def test_a_neighbour_stands_beside_the_right_key(word: str, seed: int) -> None:
    letters = letters_of(word) if len(letters_of(word)) > 1 else []
    slips = {
        word[:i] + (key.upper() if word[i].isupper() else key) + word[i + 1 :]
        for i in letters
        for key in neighbours(word[i])
    }
    assert typo(word, "neighbour", seed) in (slips or {word})


@given(st.lists(any_word, max_size=8), st.integers(0, 50))
def test_the_same_seed_makes_the_same_typos_and_a_higher_rate_more_of_them(
    words: list[str], seed: int
) -> None:
    some, more, again = (
        add_typos(words, rate=rate, kinds=KINDS, seed=seed) for rate in (0.3, 0.8, 0.3)
    )
    assert some == again
    changed = zip(words, some, more, strict=True)
    assert all(few == many for word, few, many in changed if few != word)


@given(st.lists(any_word, max_size=8))
def test_nothing_happens_at_rate_0_or_without_kinds(words: list[str]) -> None:
    assert add_typos(words, rate=0, kinds=KINDS, seed=0) == words
    for kinds in ("none", (), ["none"]):
        assert add_typos(words, rate=1, kinds=kinds, seed=0) == words


def test_all_places_and_kinds_come_equally_often() -> None:
    count = 20_000
    for kind, different in (("swap", 3), ("drop", 4), ("double", 4)):
        drawn = Counter(add_typos(["abcd"] * count, rate=1, kinds=kind, seed=1))
        assert len(drawn) == different
        assert all(abs(n - count / different) < 4 * np.sqrt(count) for n in drawn.values())
    drawn = add_typos(["abcd"] * count, rate=0.25, kinds=KINDS, seed=2)
    sizes = Counter(len(word) for word in drawn if word != "abcd")
    assert abs(sizes.total() - count / 4) < 4 * np.sqrt(count)
    assert all(abs(sizes[size] - count / 16) < 4 * np.sqrt(count) for size in (3, 5))
    assert add_typos(["abcd"] * 50, rate=0.5, kinds=KINDS, seed=3) != drawn[:50]


def test_keys_beyond_a_to_z_are_near_their_bare_letter() -> None:
    assert neighbours("s") == "wadzx"
    assert all(
        a in neighbours(b) for b in LETTERS[:26] for a in neighbours(b) if b in neighbours(a)
    )
    assert all(b in neighbours(a) for b in LETTERS[:26] for a in neighbours(b))
    pairs = ("ée", "Ää", "ıi", "İi", "ßs", "øo", "łl", "şs", "çc", "ñn")
    assert all(neighbours(other) == neighbours(bare) for other, bare in pairs)
    assert neighbours("я") == neighbours("1") == neighbours("") == ""


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"rate": 1.5}, "1.5"),
        ({"rate": float("nan")}, "nan"),
        ({"rate": "often"}, "often"),
        ({"kinds": ["swop"]}, "swop"),
        ({"kinds": "swap, drop"}, "swap, drop"),
        ({"seed": -1}, "-1"),
        ({"seed": 0.5}, "0.5"),
        ({"words": "hello"}, "hello"),
        ({"words": [b"hello"]}, "hello"),
    ],
)
def test_bad_input_is_named_in_a_sentence(wrong: dict, named: str) -> None:
    given_ = {"words": ["hello"], "rate": 0.5, "kinds": KINDS, "seed": 0} | wrong
    with pytest.raises(ValueError, match=re.escape(named)) as found:
        add_typos(given_.pop("words"), **given_)
    assert str(found.value).endswith(".")


# Misspellings.


def by_every_rule(word: str) -> Counter[str]:
    """What the rules make of a word, written with strings."""
    text, found = START + word + END, Counter[str]()
    for rule in rules(LETTERS, "en"):
        for i in range(len(text) if ANY not in rule.written else 0):
            if text.startswith(rule.pattern, i):
                changed = text[:i] + rule.written + text[i + len(rule.pattern) :]
                found[changed.strip(START + END)] += 1
    return found


def test_every_misspelling_is_that_of_the_rules() -> None:
    words, weights, codes = Misspeller(codes_of(*WORDS), LETTERS, FIRST_ID, "en").all_single_edits()
    assert (weights > 0).all()
    for row, word in enumerate(WORDS):
        assert Counter(text_of(code) for code in codes[words == row]) == by_every_rule(word)


def test_what_is_drawn_are_one_to_three_edits() -> None:
    misspeller = Misspeller(codes_of(*WORDS), LETTERS, FIRST_ID, "en")
    rows = np.random.default_rng(0).integers(0, len(WORDS), 3_000)
    drawn = misspeller(rows, np.random.default_rng(1))
    assert drawn.shape == (3_000, T)
    assert np.array_equal(drawn, misspeller(rows, np.random.default_rng(1)))
    ended = np.diff((drawn > 0).astype(int), axis=1) > 0
    assert not ended.any()
    edit_costs = EditCosts(LETTERS, FIRST_ID, "en")
    dearest = 3 * (cost_of(0.04 * FIRST_LETTER) + cost_of(1 / len(LETTERS)))
    for row in range(len(WORDS)):
        texts = {text_of(code): code for code in drawn[rows == row]}
        assert len(texts) > (5 if len(WORDS[row]) > 1 else 1)
        costs = [edit_costs(code, codes_of(WORDS[row]))[0] for code in texts.values()]
        assert max(costs) < dearest


def test_nothing_grows_beyond_the_longest_word() -> None:
    long = codes_of("a" * T, "ph" * (T // 2))
    drawn = Misspeller(long, LETTERS, FIRST_ID, "en")(
        np.tile([0, 1], 200), np.random.default_rng(0)
    )
    assert drawn.shape == (400, T)
    assert drawn[:, : T - 6].all()


def test_a_hundred_thousand_misspellings_take_a_few_seconds() -> None:
    words = [word for _, word in natural_pairs()]
    misspeller = Misspeller(codes_of(*words), LETTERS, FIRST_ID, "en")
    started = time.perf_counter()
    misspeller(np.resize(np.arange(len(words)), 100_000), np.random.default_rng(0))
    assert time.perf_counter() - started < 5


def natural_pairs() -> list[tuple[str, str]]:
    lines = MISSPELLINGS.read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return [(row["misspelling"], row["word"]) for row in rows]


def test_the_collected_misspellings_are_pairs_in_two_halves() -> None:
    lines = MISSPELLINGS.read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    halves = {
        half: {r["word"] for r in rows if r["half"] == half} for half in ("development", "held_out")
    }
    assert sum(row["half"] in halves for row in rows) == len(rows) >= 800
    assert not halves["development"] & halves["held_out"]
    assert all(row["misspelling"] != row["word"] for row in rows)
    assert len(set(natural_pairs())) == len(rows)


# Edit costs.


def cheapest(typed: str, word: str) -> float:
    """The cheapest way from word to typed by all rules, one cell after the other."""
    a, b = START + typed + END, START + word + END
    early, random = cost_of(FIRST_LETTER) - cost_of(1), 1 / len(LETTERS)
    table = np.full((len(a) + 1, len(b) + 1), 1e3)
    table[0, 0] = 0
    listed = rules(LETTERS, "en")
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            inside = i and a[i - 1] not in START + END
            ways = [table[i, j]]
            if i and j and a[i - 1] == b[j - 1]:
                ways.append(table[i - 1, j - 1])
            if inside:
                ways.append(table[i - 1, j] + cost_of(0.25 * random) + early * (j == 1))
            for rule in listed:
                start, size = j - len(rule.pattern), len(rule.written)
                if start < 0 or b[start:j] != rule.pattern or i < size:
                    continue
                extra = early * (start == 1)
                if rule.written == ANY and inside:
                    ways.append(table[i - 1, start] + cost_of(rule.weight * random) + extra)
                elif ANY not in rule.written and a[i - size : i] == rule.written:
                    ways.append(table[i - size, start] + cost_of(rule.weight) + extra)
            table[i, j] = min(ways)
    return float(table[len(a), len(b)])


def test_costs_are_those_of_the_cheapest_way() -> None:
    typed = ("recieve", "nee", "thort", "tounge", "xyz", "", "phonne", "cafe", "rythem", "dont")
    words = ("receive", "knee", "thought", "tongue", "abc", "a", "phone", "café", "rhythm", "don't")
    edit_costs = EditCosts(LETTERS, FIRST_ID, "en")
    for text in typed:
        found = edit_costs(codes_of(text)[0], codes_of(*words))
        assert np.allclose(found, [cheapest(text, word) for word in words], atol=1e-6)


@given(st.text("abeht", max_size=6), st.text("abeht", max_size=6))
def test_only_the_right_word_is_free(typed: str, word: str) -> None:
    found = EditCosts("abeht", FIRST_ID, "en")
    ids = {letter: i for i, letter in enumerate("abeht", FIRST_ID)}
    codes = np.zeros((2, T), np.uint8)
    for row, text in zip(codes, (typed, word), strict=True):
        row[: len(text)] = [ids[letter] for letter in text]
    (cost,) = found(codes[0], codes[1:])
    assert (cost == pytest.approx(0, abs=1e-9)) == (typed == word)
    assert np.isfinite(cost)


# Confusables.


def test_confusables_share_a_form_of_one_letter_less() -> None:
    words = ("form", "from", "norm", "firm", "far", "fare", "xylophone", "care", "cares")
    forms = [{word} | {word[:i] + word[i + 1 :] for i in range(len(word))} for word in words]
    alike = {
        (a, b)
        for a in range(len(words))
        for b in range(len(words))
        if a != b and forms[a] & forms[b]
    }
    confusables = Confusables(codes_of(*words))
    rows = np.resize(np.arange(len(words)), 2_000)
    drawn = confusables.draw(rows, np.random.default_rng(0))
    assert {(a, b) for a, b in zip(rows.tolist(), drawn.tolist(), strict=True) if b >= 0} == alike
    alone = drawn[rows == words.index("xylophone")]
    assert (alone == -1).all()
    assert (
        Confusables(codes_of("one", "fifteen")).draw(np.array([0, 1]), np.random.default_rng(0)) < 0
    ).all()


def test_more_typos_keep_the_first_ones_and_spread_over_the_long_words() -> None:
    typos = [add_typos_to_text("a machine is learning", KINDS, count) for count in range(3)]
    assert typos[0] == "a machine is learning"
    first, second = (typo.split() for typo in typos[1:])
    assert first[:3] == ["a", "machine", "is"]
    assert first[3] == second[3] != "learning"
    assert second[1] != "machine"
    assert add_typos_to_text("", KINDS, 3) == ""
