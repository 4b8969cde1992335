"""The page of character models without a browser: what was typed stays text."""

import re

import numpy as np
import pytest

from components.figures import charts, heat_maps, letters
from components.figures.colours import LIGHT
from components.figures.letters import Letter, Window
from components.parts.characters import vocabulary
from components.words.story import sections_in
from core.configs import CharacterConfig
from core.engine.state import Record
from core.presets import CHARACTERS

HOSTILE = "<img src=x onerror=alert(1)>\"'&"


def test_what_was_typed_is_never_markup():
    drawn = letters.make([Letter(sign, 1) for sign in HOSTILE], LIGHT)
    assert "<img" not in drawn
    assert "&lt;" in drawn
    assert drawn.count('class="letter ') == len(HOSTILE)


def test_padding_unknown_and_the_rest_are_told_apart():
    typed = [Letter("a", 3), Letter("☃", 0, is_known=False)]
    drawn = letters.make(typed + [Letter("", 0)] * 30, LIGHT)
    assert drawn.count("unknown") == 1
    assert drawn.count("letter padding") == letters.MOST_PADDING
    assert f"and {30 - letters.MOST_PADDING} more" in drawn
    assert "snowman (U+2603), id 0" in drawn


def test_a_long_text_is_cut_in_the_picture():
    drawn = letters.make([Letter("x", 1)] * 1000, LIGHT)
    assert drawn.count('class="letter ') == letters.MOST_COLUMNS
    assert f"and {1000 - letters.MOST_COLUMNS} more" in drawn


@pytest.mark.parametrize(
    ("sign", "seen"),
    [
        ("a", "a"),
        (" ", "␣"),
        ("", "·"),
        ("\x00", "\ufffd"),
        ("\u202e", "\ufffd"),
        ("\u0301", "◌\u0301"),
    ],
)
def test_every_sign_can_be_seen(sign, seen):
    assert letters.shown(sign) == seen
    assert letters.described(sign)


def times_as_many(language):
    """Parameters of the vectors of words, by those of the vectors of characters."""
    config = CharacterConfig()
    _, words, characters = (int(curve[-1]) for curve in vocabulary._grown(language))
    return words * config.word_embedding_dim / (characters * config.char_embedding_dim)


@pytest.mark.parametrize(
    ("language", "said"), [("en", r"about (\d+) times for Finnish"), ("ko", r"약 (\d+)분의 1")]
)
def test_a_word_model_has_hundreds_of_times_as_many_parameters(language, said):
    assert all(200 < times_as_many(code) < 1_000 for code in vocabulary.LANGUAGES)
    (number,) = re.findall(said, sections_in(language, "characters")["why"])
    assert int(number) == pytest.approx(times_as_many("fi"), rel=0.05)


def test_the_caption_says_how_many_times_as_many(monkeypatch):
    said = []
    monkeypatch.setattr(vocabulary, "show_figure", lambda *_, **__: None)
    monkeypatch.setattr(vocabulary.st, "caption", said.append)
    vocabulary.show(None, CHARACTERS["language"].experiment, "character")
    assert f"The words have {times_as_many('fi'):,.0f} times as many parameters." in said[0]


def test_a_vector_is_a_stack_as_strong_as_its_numbers():
    drawn = letters.make([Letter("a", 1, vector=np.array([0.5, -0.25, 0.0]))], LIGHT)
    strengths = [part.split(")")[0].rsplit(",", 1)[1] for part in drawn.split("rgba(")[1:]]
    assert strengths == ["1.00", "0.50", "0.00"]


def test_a_letter_that_spoke_against_the_answer_hangs_down():
    up, down = (letters.make([Letter("a", 1, effect=e)], LIGHT) for e in (0.8, -0.4))
    assert "height:40%;bottom:50%" in up
    assert "height:20%;top:50%" in down


def test_the_curves_of_two_models_stand_in_one_figure():
    def records(*values):
        return [Record(i, {}, {"accuracy": v}, {}, {}) for i, v in enumerate(values, 1)]

    runs = [("this model", records(0.2, 0.5, 0.6)), ("word model", records(0.1))]
    figure = charts.make_accuracy(runs, "epoch", "right", LIGHT)
    assert [list(trace.y) for trace in figure.data] == [[0.2, 0.5, 0.6], [0.1]]
    assert figure.layout.yaxis.range == (0, 1.02)


def test_the_band_is_between_the_worst_and_the_best_model():
    values = np.array([[0.9, 0.5], [0.8, 0.7]])
    curves = {"word": values, "hybrid": values[:1]}
    band, line, *_ = charts.make_robustness(curves, (0.0, 1.0), LIGHT).data
    assert list(band.y) == [0.9, 0.7, 0.5, 0.8]
    np.testing.assert_allclose(line.y, [0.85, 0.6])
    assert line.name == "word, seeds: 2"


def lines(drawn):
    """What underlines each column: the kinds of its lines, "-" for none."""
    columns = drawn.split('<div class="letter ')[1:]
    return [re.findall(r"<u(?: class=\"(.*?)\")?", column) for column in columns]


def test_a_window_underlines_its_letters_past_those_that_nobody_reads():
    typed = [Letter(sign, 1, is_known=sign != "☃") for sign in "wa☃lk"]
    drawn = letters.make(typed, LIGHT, [Window(1, 3, 1.0, HOSTILE)])
    assert lines(drawn) == [[""], ["first"], [""], [""], ["last"]]
    assert drawn.count("background:rgba") == 3
    assert "<img" not in drawn


def test_windows_over_one_another_have_lanes_of_their_own():
    windows = [Window(-1, 3, 1.0, "a"), Window(1, 1, 0.5, "b"), Window(2, 2, 0.5, "c")]
    drawn = letters.make([Letter(sign, 1) for sign in "abcd"], LIGHT, windows)
    assert lines(drawn) == [["", ""], ["last", "first last"], ["first", ""], ["last", ""]]


@pytest.mark.parametrize("shape", [(6,), (6, 3), (2, 4)])
def test_a_tensor_over_the_characters_has_a_column_each(shape):
    values = np.ones(shape, np.float32)
    (drawn,) = heat_maps.make([("a", values)], list("abcdef"), LIGHT).data
    assert np.shape(drawn.z)[1] == (6 if 6 in shape else 4)
    assert np.shape(drawn.customdata) == np.shape(drawn.z)
