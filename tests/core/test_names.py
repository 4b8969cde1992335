"""What is kept of a name, and which nicknames are taken for each other."""

import unicodedata

import pytest

from core.store.names import clean, clean_nickname, look_alike

BY_ACCENT = "Zoë"
LOOK_ALIKES = {
    "decomposed": (BY_ACCENT, unicodedata.normalize("NFD", BY_ACCENT)),
    "full width": ("Ada", "Ａｄａ"),
    "Cyrillic": ("Ada", "\u0410d\u0430"),
    "Hangul filler": ("Ada", "A\u3164da"),
    "Braille blank": ("Ada", "Ada\u2800"),
    "grapheme joiner": ("Ada", "A\u034fda"),
    "variation selector": ("Ada", "Ada\ufe0f"),
    "Greek": ("Nora", "\u039dor\u03b1"),
    "capital I for a small l": ("Alda", "AIda"),
    "Cyrillic capitals": ("Вова", "ВОВА"),
    "decomposed Korean": ("김하늘", unicodedata.normalize("NFD", "김하늘")),
    "direction": ("Ada", "\u202eAda"),
}


@pytest.mark.parametrize("pair", LOOK_ALIKES.values(), ids=LOOK_ALIKES.keys())
def test_nicknames_that_look_the_same_are_the_same(pair):
    assert look_alike(*pair)


@pytest.mark.parametrize("pair", [("Ada", "Adam"), ("김하늘", "김하느"), ("Zoe", BY_ACCENT)])
def test_nicknames_that_look_different_are_different(pair):
    assert not look_alike(*pair)


@pytest.mark.parametrize(
    "name", ["", " ", "\u200b", "\u3164\uffa0", "\u2800\u2800", "\u034f", "\ufe0f", "\u202e \u2066",
             "\u0308", "\U000e0100", "\u115f\u1160", "\u00ad"]
)  # fmt: skip
def test_nothing_is_left_of_a_name_that_nobody_sees(name):
    assert clean(name) == ""
    assert clean_nickname(name) == ""


@pytest.mark.parametrize(
    "name",
    ["👩\u200d🔬 lab", "❤\ufe0f", "1\ufe0f\u20e3", "👩🏽\u200d🚀", "❤\ufe0f\u200d🔥", "x²",
     "½ width", "ﬁrst run", "\U0001fae9", "수업 3번", "नमस्ते", "שלום"],
)  # fmt: skip
def test_a_run_keeps_its_name_with_its_emoji(name):
    assert clean(name) == unicodedata.normalize("NFC", name)


def test_korean_typed_as_jamo_becomes_syllables():
    assert clean(unicodedata.normalize("NFD", "한글 이름")) == "한글 이름"


def test_a_joiner_stays_only_between_emoji():
    assert clean("a\u200db❤\ufe0f\ufe0f\u200d") == "ab❤\ufe0f"
    assert clean("A\u034f\u0308") == "Ä"
