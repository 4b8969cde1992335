"""Ids against the documented rule of Keras' Tokenizer, and any text at all."""

import unicodedata
from collections import OrderedDict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.alphabet import Alphabet, WordVocabulary, fold, split_words
from core.text.tasks import LECTURE

TEXTS = st.lists(st.text(max_size=30), max_size=6)
HOSTILE = (
    "",
    " ",
    "a" * 100_000,
    "e" + "\u0301" * 100_000,
    "👩‍👩‍👧‍👦🇫🇮",
    "שלום عالم",
    "\0\x1b[31m\x7f",
    "<script>alert(1)</script>",
    "\ud800",
    "İstanbul ıIiİ",
    "한국어 조선",
)


def tokenizer(texts: tuple[str, ...], oov: str | None = None) -> dict[str, int]:
    """What `Tokenizer(char_level=True, oov_token=oov).fit_on_texts(texts)` keeps as word_index: a
    count of every lower-case character in order of appearance, sorted by count (stably), from 1.
    """
    counts: OrderedDict[str, int] = OrderedDict()
    for text in texts:
        for character in text.lower():
            counts[character] = counts.get(character, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: item[1], reverse=True)
    names = [] if oov is None else [oov]
    names += [character for character, _ in ranked]
    return {name: i + 1 for i, name in enumerate(names)}


def test_the_lectures_ids_are_those_of_the_tokenizer() -> None:
    alphabet = Alphabet.of(LECTURE)
    assert alphabet.ids == tokenizer(LECTURE)
    assert len(alphabet.characters) == 15
    assert alphabet.num_ids == 16
    assert alphabet.encode(LECTURE, 16)[0].tolist() == [8, 1, 2, 2, 9, 4, 12, 9, 5, 2, 10] + [0] * 5


def test_an_unknown_character_has_the_tokenizers_first_id_or_none() -> None:
    plain, open_ = Alphabet.of(LECTURE), Alphabet.of(LECTURE, unknown=True)
    assert open_.ids == {c: i for c, i in tokenizer(LECTURE, oov="?").items() if c != "?"}
    assert open_.num_ids == 17
    assert plain.encode(["hZo!"], 4).tolist() == [[8, 9, 0, 0]]
    assert open_.encode(["hZo!"], 4).tolist() == [[9, 1, 10, 1]]
    assert plain.read("hZ") == [("h", 8), ("z", None)]
    assert open_.read("hZ") == [("h", 9), ("z", 1)]


@given(TEXTS)
def test_ids_follow_the_tokenizers_rule_on_any_text(texts: list[str]) -> None:
    assert Alphabet.of(texts).ids == tokenizer(tuple(fold(text) for text in texts))


def test_rare_characters_can_be_left_out() -> None:
    assert Alphabet.of(["aab", "ab", "c"], min_count=2).characters == ("a", "b")
    assert Alphabet.of([]).encode(["abc"], 2).tolist() == [[0, 0]]


@given(TEXTS, TEXTS, st.integers(1, 20), st.booleans())
def test_rows_hold_what_reading_says_cut_and_padded_at_the_end(
    known: list[str], texts: list[str], length: int, unknown: bool
) -> None:
    alphabet = Alphabet.of(known, unknown=unknown)
    matrix = alphabet.encode(texts, length)
    assert matrix.shape == (len(texts), length)
    assert matrix.dtype == np.int32
    for row, text in zip(matrix, texts, strict=True):
        ids = [i for _, i in alphabet.read(text) if i is not None][:length]
        assert row.tolist() == ids + [0] * (length - len(ids))


@given(TEXTS, TEXTS, st.integers(1, 5))
def test_words_likewise(known: list[str], texts: list[str], length: int) -> None:
    vocabulary = WordVocabulary.of(known)
    matrix = vocabulary.encode(texts, length)
    assert matrix.max(initial=0) < vocabulary.num_ids
    for row, text in zip(matrix, texts, strict=True):
        ids = [i for _, i in vocabulary.read(text)][:length]
        assert row.tolist() == ids + [0] * (length - len(ids))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_any_text_is_read(text: str) -> None:
    for unknown in (False, True):
        alphabet = Alphabet.of([text, "abc"], unknown=unknown)
        assert len(alphabet.read(text)) == len(fold(text))
        assert alphabet.encode([text, "abc"], 12).shape == (2, 12)
    assert WordVocabulary.of([text]).encode([text], 3).shape == (1, 3)


def test_composed_and_combining_accents_are_one_character() -> None:
    combining = unicodedata.normalize("NFD", "Éa")
    assert fold(combining) == fold("ÉA") == "éa"
    assert Alphabet.of(["é"]).encode([combining], 2).tolist() == [[1, 0]]


def test_words_are_folded_and_bare() -> None:
    assert split_words("  Hello, “World”! well-known … ") == ["hello", "world", "well-known"]
    vocabulary = WordVocabulary.of(["deep learning", "machine learning"])
    assert vocabulary.ids == {"learning": 2, "deep": 3, "machine": 4}
    assert vocabulary.encode(["Learning deeply"], 3).tolist() == [[2, 1, 0]]
    assert WordVocabulary.of(["a a b"], max_words=1).words == ("a",)
