"""The page of the speller without a browser: what was typed stays text, affixes are marked."""

import numpy as np
import pytest

from components.figures import charts
from components.figures.colours import LIGHT
from components.parts.spelling import correct, forms
from core.spelling.word_lists import Candidate

HOSTILE = "<img/src=x>\"'&"


def test_what_was_typed_is_never_markup():
    found = Candidate(HOSTILE, 0.5, 1e-6, 2.0, 0.75)
    drawn = correct._card(HOSTILE, True, [found]) + forms._marked(HOSTILE, "x")
    assert "<img" not in drawn
    assert drawn.count("&lt;img") >= 2
    assert "width:75.0%" in drawn


@pytest.mark.parametrize(
    ("form", "plain", "marked"),
    [
        ("running", "run", ["ning"]),
        ("unhappy", "happy", ["un"]),
        ("unhappily", "happy", ["un", "ily"]),
        ("evlerimiz", "ev", ["lerimiz"]),
        ("run", "run", []),
        ("went", "go", ["went"]),
    ],
)
def test_what_is_added_to_the_plain_form_is_marked(form, plain, marked):
    drawn = forms._marked(form, plain)
    assert [part.split("</mark>")[0] for part in drawn.split("<mark>")[1:]] == marked


def test_lines_run_from_the_plain_form_to_the_others():
    positions = np.arange(8.0).reshape(4, 2)
    figure = charts.make_form_map([["a", "aa", "ab"], ["b"]], positions, LIGHT)
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [(list(line.x), list(line.y)) for line in lines] == [
        ([0.0, 2.0], [1.0, 3.0]),
        ([0.0, 4.0], [1.0, 5.0]),
    ]
    assert [trace.text for trace in figure.data if trace.text] == [("a", "aa", "ab"), ("b",)]
