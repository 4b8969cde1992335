"""The page of few labels without a browser: figures, curves, what is bought, the picture."""

import dataclasses
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

from components import label_figures, session, two_phases
from components.colours import DARK, LIGHT
from components.pretraining import buy, curves, panel
from core.presets import LABELS
from core.pretraining import encoders
from core.pretraining.config import ARMS, LabelConfig, LabelExperiment, budgets
from core.progress import Record

WANTED = LABELS["few"].experiment


def record(epoch, num_labels=None, **shares):
    readings = dict.fromkeys(ARMS, 0.5) | shares
    if num_labels:
        readings["num_labels"] = float(num_labels)
    return Record(epoch, {"total": 1.0}, readings, {"total": 1.0}, {})


def job(experiment, *records, phase="finished"):
    snapshot = SimpleNamespace(records=list(records), phase=phase, is_running=False)
    return SimpleNamespace(experiment=experiment, snapshot=lambda: snapshot)


@pytest.fixture
def state(monkeypatch):
    state = {}
    monkeypatch.setattr(session.st, "session_state", state)
    return state


def test_every_arm_has_a_look_of_its_own():
    assert set(label_figures.LOOKS) == set(ARMS)
    for name in ("title", "short", "colour"):
        assert len({getattr(look, name) for look in label_figures.LOOKS.values()}) == len(ARMS)
    drawn = {(look.dash, look.symbol) for look in label_figures.LOOKS.values()}
    assert len(drawn) == len(ARMS)  # told apart without colour


def test_a_curve_has_five_seeds_of_every_number_and_no_encoder_but_its_own():
    made = curves.sweeps(dataclasses.replace(WANTED, encoder="encoder-x"))
    assert [each.seed for each in made] == [0, 1, 2, 3, 4]
    assert {each.num_epochs for each in made} == {len(budgets(4_000))}
    assert {each.encoder for each in made} == {"encoder-x"}
    other = curves.sweeps(dataclasses.replace(WANTED, encoder="encoder-y"))
    assert not set(made) & set(other)


def test_differences_are_taken_draw_by_draw():
    made = curves.sweeps(WANTED)[:2]
    jobs = [
        job(made[0], record(1, 10, rbf_svm=0.4, pretrained_svm=0.5)),
        job(made[1], record(1, 10, rbf_svm=0.8, pretrained_svm=0.7), record(2, 20)),
    ]
    found = curves.curves_of(jobs)
    assert found["pretrained_svm"] == {10: {0: 0.5, 1: 0.7}, 20: {1: 0.5}}
    figure = label_figures.make_differences(found, "rbf_svm", LIGHT)
    traces = {trace.name: trace for trace in figure.data if trace.mode == "lines+markers"}
    assert list(traces["SVM on codes"].y) == pytest.approx([0, 0])
    assert "SVM raw" not in traces
    bands = [trace for trace in figure.data if trace.legendgroup == "pretrained_svm"]
    assert sorted(bands[0].y) == pytest.approx([-10, 0, 0, 10])
    curve = label_figures.make_curves(found, [(7, 0.6, "yours")], DARK)
    assert [list(trace.x) for trace in curve.data if trace.marker.symbol == "star"] == [[7]]


def test_labels_that_were_chosen_are_stars_on_the_curve_of_their_encoder(state):
    chosen = dataclasses.replace(WANTED, encoder="a", bought=(1, 2, 3))
    elsewhere = dataclasses.replace(chosen, encoder="b")
    state["others:labels"] = [job(elsewhere, record(1)), job(chosen, record(1, from_scratch=0.9))]
    state["job:labels"] = job(dataclasses.replace(chosen, bought=(4, 5)))
    stars = curves.stars(dataclasses.replace(WANTED, encoder="a"), "labels")
    assert stars == [(3, 0.9, "labels you chose, from scratch")]


@pytest.mark.parametrize(
    ("clicked", "expected"),
    [(0, True), (9, True), (10, False), (-1, False), (True, False), ("3", False), (None, False),
     (2.0, False), ([1], False)],
)  # fmt: skip
def test_only_a_row_of_the_shop_can_be_bought(clicked, expected):
    assert buy._is_row(clicked, 10) == expected


def test_bought_labels_count_from_the_second_on(state):
    state["labels_bought"], state["labels_buys"] = (4,), True
    assert panel.bought("labels") == ()
    state["labels_bought"] = (4, 8)
    assert panel.bought("labels") == (4, 8)
    buy._refund("labels")
    assert panel.bought("labels") == ()


def test_phase_two_is_on_the_data_that_the_encoder_was_trained_on(state):
    encoder = encoders.make([np.zeros((4, 2)), np.zeros(2)], ("linear",))
    first = SimpleNamespace(experiment=SimpleNamespace(dataset="digits8"))
    wanted = panel.on_encoder(WANTED, first, encoder, "labels")
    assert (wanted.dataset, wanted.encoder) == ("digits8", encoder.name)
    assert encoder in state["encoders:labels"]
    words = LabelExperiment(config=LabelConfig(source="words"))
    assert panel.on_encoder(words, first, encoder, "labels").dataset == words.dataset


@pytest.mark.parametrize("over", [False, True])
def test_the_picture_shows_the_decoder_leave(over):
    classes = two_phases.Classes(10, 100) if over else None
    svg = two_phases.draw((784, 300, 64), classes, "<b>title", LIGHT)
    root = ElementTree.fromstring(svg)
    groups = [group.get("class") for group in root.iter("{http://www.w3.org/2000/svg}g")]
    assert groups == (["leave", "arrive"] if over else [])
    circles = list(root.iter("{http://www.w3.org/2000/svg}circle"))
    assert len(circles) == (10 if over else 0)
    said = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert ("100 labels" in said) == over
    assert said.count("784") == 2
    assert said[0] == "<b>title"


def test_confusions_hold_the_counts_and_tint_only_errors():
    counts = np.array([[8, 2], [0, 10]])
    figure = label_figures.make_confusion(counts, ("a", "b"), "rbf_svm", LIGHT)
    assert np.array_equal(figure.data[0].text, counts)
    assert np.allclose(figure.data[0].z, [[0, 0.2], [0, 0]])


def test_learning_lines_stand_over_updates():
    figure = label_figures.make_learning([record(1), record(2)], 25, ("from_scratch",), LIGHT)
    assert len(figure.data) == len(ARMS)
    assert all(list(trace.x) == [25, 50] for trace in figure.data)
    wide = [trace.name for trace in figure.data if trace.line.width > 2]
    assert wide == ["from scratch"]


def test_kinds_are_dots_a_seed_and_a_line_at_the_mean():
    found = {"plain": {"pretrained_svm": {0: 0.6, 1: 0.8}}, "sparse": {}}
    figure = label_figures.make_kinds(found, 100, LIGHT)
    dots, mean = figure.data
    assert list(dots.y) == [0.6, 0.8]
    assert list(mean.y) == pytest.approx([0.7])
