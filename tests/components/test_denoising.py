"""The denoising page without a browser: what is tested with, the table, the matrix."""

import base64
from dataclasses import replace

import numpy as np
import pytest

from components import pads
from components.figures import heat_maps
from components.figures.colours import LIGHT
from components.parts.denoising import marks, plain, testing
from components.streamlit_adapter import session
from core.comparisons import NO_CORRUPTION, USUAL_LEVELS, corruption_of, without_corruption
from core.configs import DenoisingConfig
from core.experiments import Experiment
from core.presets import DENOISING

SNOW = DENOISING["gaussian"].experiment


@pytest.fixture
def choose(monkeypatch):
    """Puts the switch and the slider of the test corruption somewhere."""

    def put(**values):
        monkeypatch.setattr(
            session,
            "widget_value",
            lambda key, default: values.get(key.removeprefix("d_test_"), default),
        )

    return put


def test_a_network_is_tested_as_it_is_trained_until_another_noise_is_chosen(choose):
    choose()
    assert testing.current(SNOW, 0, "d") == ("gaussian", 0.4)
    choose(kind="masking")
    assert testing.current(SNOW, 0, "d") == ("masking", 0.5)
    choose(kind="masking", level_masking=0.9)
    assert testing.current(SNOW, 0, "d") == ("masking", 0.9)
    choose(kind=testing.CLEAN)
    assert testing.current(SNOW, 0, "d")[1] == 0


def test_the_test_follows_a_level_that_moved_and_is_never_idle(choose):
    choose()
    moved = SNOW.steered(100, {"corruption_stddev": 1.5})
    assert testing.current(moved, 99, "d") == ("gaussian", 0.4)
    assert testing.current(moved, 100, "d") == ("gaussian", 1.5)
    assert testing.current(DENOISING["no_noise"].experiment, 0, "d") == ("gaussian", 0.4)


def test_every_kind_has_a_level_that_a_slider_offers():
    for kind in testing.KINDS:
        knob = DenoisingConfig(corruption=kind).level_knob
        assert USUAL_LEVELS[kind] in testing.KNOBS[knob].stops


def test_one_plain_autoencoder_stands_beside_all_kinds_of_noise():
    beside = {without_corruption(DENOISING[name].experiment) for name in DENOISING}
    assert beside == {DENOISING["no_noise"].experiment}
    other = replace(SNOW, seed=3).steered(50, {"learning_rate": 1e-2})
    assert without_corruption(other) == replace(DENOISING["no_noise"].experiment, seed=3)


def test_the_plain_autoencoder_is_trained_beside_no_plain_one():
    no_noise = DENOISING["no_noise"].experiment
    assert plain.of(no_noise, "d") is None


def test_a_noise_has_one_name():
    assert testing.words_of(("salt_and_pepper", 0.25)) == "salt and pepper 0.25"
    assert testing.words_of(("gaussian", 0.0)) == testing.words_of(NO_CORRUPTION) == "no noise"
    experiment = Experiment(config=DenoisingConfig(corruption="masking", corrupted_fraction=0.1))
    assert testing.words_of(corruption_of(experiment, 0)) == "masking 0.1"


def test_the_table_marks_the_best_and_waits_with_dashes():
    table = [
        marks.Row("a", "words of <a>", (20.0, 0.01), "#000000"),
        marks.Row("b", "of b", (10.0, 0.1), "#000000"),
        marks.Row("c", "of c", None, "#000000"),
    ]
    drawn = marks.make(table)
    assert "<b>20.0</b>" in drawn
    assert "<em>10.0</em>" in drawn
    assert "width:50.0%" in drawn
    assert drawn.count("<em>–</em>") == 2
    assert "<a>" not in drawn


def test_a_perfect_copy_has_no_number_of_decibels():
    rows = [
        marks.Row("a", "", (20.0, 0.01), "#000000"),
        marks.Row("b", "", (np.inf, 0.0), "#000000"),
    ]
    assert "∞" in marks.make(rows)
    assert "inf" not in marks.make(rows)


def test_the_matrix_has_a_row_a_run_and_names_its_axes():
    figure = heat_maps.make_matrix(np.eye(2, 3), ["one", "two"], ["x", "y", "z"], LIGHT)
    assert list(figure.data[0].y) == ["one", "two"]
    assert figure.layout.xaxis.title.text
    assert figure.layout.yaxis.title.text


@pytest.mark.parametrize(
    "sent", [None, 7, "x", [], {}, {"x_hat": 3}, {"x_hat": "no base64!"}, {"x_hat": "AAA="},
             {"x_hat": base64.b64encode(np.float32([np.nan, 1]).tobytes()).decode()}],
)  # fmt: skip
def test_what_a_browser_sends_is_read_or_ignored(sent):
    assert pads.read(sent, "x_hat") is None


def test_numbers_from_the_browser_are_read():
    text = base64.b64encode(np.float32([0.5, -2]).tobytes()).decode()
    assert pads.read({"x_hat": text}, "x_hat").tolist() == [0.5, -2]
