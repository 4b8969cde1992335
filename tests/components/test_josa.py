"""Korean particles after every ending that a word can have."""

import pytest

from components.words.josa import PAIRS, josa
from components.words.language import _filled

WITH_FINAL = [chr(ord("가") + final) for final in range(1, 28)]


def test_all_finals_of_a_syllable():
    assert [josa("가", pair) for pair in PAIRS] == ["는", "가", "를", "와", "라", "나", "로"]
    for syllable in WITH_FINAL:
        with_final = ["은", "이", "을", "과", "이라", "이나", "로" if syllable == "갈" else "으로"]
        assert [josa(f"값{syllable}", pair) for pair in PAIRS] == with_final, syllable


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0", "을"), ("1", "을"), ("2", "를"), ("3", "을"), ("4", "를"), ("5", "를"), ("6", "을"),
        ("7", "을"), ("8", "을"), ("9", "를"), ("10", "을"), ("1,000", "을"), ("10,000", "을"),
        ("0.5", "를"), ("1.25", "를"), ("-3", "을"),
    ],
)  # fmt: skip
def test_a_number_ends_as_it_is_read(number, said):
    assert josa(number, "을(를)") == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0", "으로"), ("1", "로"), ("2", "로"), ("3", "으로"), ("4", "로"), ("5", "로"),
        ("6", "으로"), ("7", "로"), ("8", "로"), ("9", "로"),
    ],
)  # fmt: skip
def test_after_one_seven_and_eight_a_way_has_no_vowel(number, said):
    assert josa(number, "(으)로") == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("L", "을"), ("R", "을"), ("M", "을"), ("N", "을"), ("A", "를"), ("X", "를"), ("e", "를"),
        ("PCA", "를"), ("SVM", "을"), ("CNN", "을"), ("LSTM", "을"), ("KL", "을"), ("mse", "를"),
        ("sigmoid", "를"), ("adam", "을"), ("cell", "을"), ("training", "을"), ("net", "을"),
        ("block", "을"), ("fashion_mnist", "를"), ("word", "를"), ("layer", "를"), ("code", "를"),
        ("module", "을"), ("cosine", "을"), ("dropout", "을"), ("my cat.png", "를"), ("name", "을"),
    ],
)  # fmt: skip
def test_latin_letters_by_their_name_and_words_as_koreans_say_them(word, said):
    assert josa(word, "을(를)") == said


@pytest.mark.parametrize("word", ["", "!", "日本", "→", "🙂"])
def test_after_what_nobody_can_read_both_forms_stand(word):
    assert josa(word, "을(를)") == "을(를)"


def test_signs_after_a_word_are_not_read():
    assert josa("'값'", "은(는)") == "은"
    assert josa("**지도** ", "은(는)") == "는"
    assert josa("(3, 4)", "이(가)") == "가"


def test_a_particle_is_chosen_where_a_value_is_filled_in_and_a_value_is_left_alone():
    text = "{name}은(는) {value!r}을(를) 받았습니다."
    assert _filled(text, {"name": "시드", "value": "책"}) == "시드는 '책'을 받았습니다."
    assert _filled(text, {"name": "률", "value": "{x}을(를)"}) == "률은 '{x}을(를)'을 받았습니다."
