"""The page of few labels without a browser: figures, curves, what is bought, the picture."""

import dataclasses
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

from components.figures import label_figures, two_phases
from components.figures.colours import DARK, LIGHT
from components.parts.labels import buy, curves, kinds, panel, phases
from components.parts.maps import sources
from components.streamlit_adapter import session
from core import datasets
from core.configs import CONFIGS, MAX_SEED, StackedConfig
from core.configs.labels import ALL, LabelConfig
from core.datasets import Dataset
from core.engine.state import Record
from core.experiments import Experiment
from core.presets import LABELS
from core.pretraining import encoders
from core.pretraining.experiment import ARMS, LabelExperiment, budgets, has_classes
from core.pretraining.phases import NUM_EPOCHS, draws, encoder_widths, phase_1, sweeps
from core.pretraining.questions import Offer
from core.projection import check
from core.store.library import LibraryProblem

WANTED = LABELS["few"].experiment
ENCODER = encoders.make([np.zeros((4, 2)), np.zeros(2)], ("linear",))


def record(epoch, num_labels=None, **shares):
    readings = dict.fromkeys(ARMS, 0.5) | shares
    if num_labels:
        readings["num_labels"] = float(num_labels)
    return Record(epoch, {"total": 1.0}, readings, {"total": 1.0}, {})


def job(experiment, *records, phase="finished", problem=None):
    snapshot = SimpleNamespace(
        records=list(records), phase=phase, is_running=False, problem=problem, view=lambda _: None
    )
    found = SimpleNamespace(experiment=experiment, snapshot=lambda: snapshot, kept_by="")
    found.play = lambda: setattr(snapshot, "phase", "training")
    return found


@pytest.fixture
def state(monkeypatch):
    state = {}
    monkeypatch.setattr(session.st, "session_state", state)
    return state


@pytest.fixture
def first():
    return job(Experiment(config=StackedConfig()))


def test_every_arm_has_a_look_of_its_own():
    assert set(label_figures.LOOKS) == set(ARMS)
    for name in ("title", "short", "colour"):
        assert len({getattr(look, name) for look in label_figures.LOOKS.values()}) == len(ARMS)
    drawn = {(look.dash, look.symbol) for look in label_figures.LOOKS.values()}
    assert len(drawn) == len(ARMS)  # told apart without colour


def test_a_curve_has_five_seeds_of_every_number_and_no_encoder_but_its_own():
    made = sweeps(dataclasses.replace(WANTED, encoder="encoder-x"), curves.NUM_SEEDS)
    assert [each.seed for each in made] == [0, 1, 2, 3, 4]
    assert {each.num_epochs for each in made} == {len(budgets(4_000))}
    assert {each.encoder for each in made} == {"encoder-x"}
    other = sweeps(dataclasses.replace(WANTED, encoder="encoder-y"), curves.NUM_SEEDS)
    assert not set(made) & set(other)


def test_seeds_go_round_after_the_last_one():
    last = dataclasses.replace(WANTED, seed=MAX_SEED, encoder="encoder-x")
    assert [each.seed for each in sweeps(last, curves.NUM_SEEDS)] == [MAX_SEED, 0, 1, 2, 3]
    assert [each.seed for each in draws(last, kinds.NUM_SEEDS)] == [MAX_SEED, 0, 1]


def test_a_curve_ends_at_all_labels_or_where_an_svm_becomes_slow():
    assert budgets(16) == (10, 16)
    assert budgets(1_438)[-2:] == (1_000, 1_438)
    assert budgets(4_000)[-2:] == (1_000, 4_000)
    assert budgets(60_000)[-1] == 4_000
    assert curves._end_of(1_438, 1_438) == ""
    assert "60,000" in curves._end_of(4_000, 60_000)


def test_differences_are_taken_draw_by_draw():
    made = sweeps(WANTED, curves.NUM_SEEDS)[:2]
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


@pytest.mark.usefixtures("state")
def test_labels_that_were_chosen_are_stars_on_the_curve_of_their_encoder():
    chosen = dataclasses.replace(WANTED, encoder="a", bought=(1, 2, 3))
    elsewhere = dataclasses.replace(chosen, encoder="b")
    session.page("labels").others = [
        job(elsewhere, record(1)),
        job(chosen, record(1, from_scratch=0.9)),
    ]
    session.page("labels").job = job(dataclasses.replace(chosen, bought=(4, 5)))
    stars = curves.stars(dataclasses.replace(WANTED, encoder="a"), "labels")
    assert stars == [(3, 0.9, "labels you chose, from scratch")]


@pytest.mark.parametrize(
    ("clicked", "expected"),
    [(0, True), (9, True), (10, False), (-1, False), (True, False), ("3", False), (None, False),
     (2.0, False), ([1], False)],
)  # fmt: skip
def test_only_a_row_of_the_shop_can_be_bought(clicked, expected):
    assert buy._is_row(clicked, 10) == expected


@pytest.mark.usefixtures("state")
def test_bought_labels_count_from_the_second_on(first):
    for rows, expected in (((4,), ()), ((4, 8), (4, 8)), ((), ())):
        panel.buy(rows, WANTED, "labels")
        assert panel.on_encoder(WANTED, first, ENCODER, "labels").bought == expected


@pytest.mark.usefixtures("state")
def test_bought_labels_are_of_one_data_set_one_preset_and_one_number_of_labels():
    panel.buy((4, 8), WANTED, "labels")
    config = WANTED.config
    others = [
        dataclasses.replace(WANTED, dataset="digits8"),
        dataclasses.replace(WANTED, config=dataclasses.replace(config, source="words")),
        dataclasses.replace(WANTED, config=dataclasses.replace(config, num_labels=20)),
    ]
    assert [panel.bought(other, "labels") for other in others] == [(), (), ()]
    session.page("labels").preset = "few"
    assert panel.bought(WANTED, "labels") == ()
    session.page("labels").preset = None
    assert panel.bought(WANTED, "labels") == (4, 8)


@pytest.mark.parametrize("count", [16, 80, 800])
@pytest.mark.usefixtures("state")
def test_the_map_of_few_images_has_fewer_neighbours(count):
    codes = np.random.default_rng(0).normal(size=(count, 3))
    made = buy._map(WANTED, Offer(codes, None, np.zeros(count)), "labels").config
    assert check(codes, made.perplexity).shape == (count, 3)
    assert made.num_points == count


@pytest.mark.usefixtures("state")
def test_a_map_that_failed_says_why(monkeypatch):
    said = []
    failed = job(WANTED, phase="failed", problem="All points are the same.")
    monkeypatch.setattr(buy, "_map", lambda *_: WANTED)
    monkeypatch.setattr(buy.series, "find", lambda *_: failed)
    monkeypatch.setattr(buy.st, "error", lambda text, **_: said.append(text))
    buy._show_map(WANTED, {"shown": [], "labels": []}, (), [], "labels")
    assert said == ["All points are the same."]


@pytest.mark.usefixtures("state")
def test_after_a_stop_no_kind_begins_by_itself_and_the_button_goes_on(monkeypatch):
    monkeypatch.setattr(panel, "current", lambda *_: (WANTED, None))
    monkeypatch.setattr(phases, "encoder_of", lambda _: None)
    firsts = [phase_1(kind, WANTED.dataset) for kind in kinds.KINDS]
    assert kinds.runs(WANTED, "labels") == [], "nobody has asked for it"
    kinds._begin(WANTED.dataset, [], "labels")
    assert kinds.runs(WANTED, "labels") == firsts
    done = job(firsts[0])
    stopped = job(firsts[1], phase="paused")
    session.add_jobs("labels", [done, stopped])
    assert kinds.runs(WANTED, "labels") == [], "something of it has been stopped"
    kinds._begin(WANTED.dataset, [stopped], "labels")
    assert stopped.snapshot().phase == "training"
    assert kinds.runs(WANTED, "labels") == firsts[2:]
    monkeypatch.setattr(phases, "encoder_of", lambda first: ENCODER if first is done else None)
    config = dataclasses.replace(WANTED.config, source="stacked")
    there = dataclasses.replace(WANTED, config=config, encoder=ENCODER.name)
    assert kinds.runs(WANTED, "labels") == [*firsts[2:], *draws(there, kinds.NUM_SEEDS)]


@pytest.mark.usefixtures("state")
def test_kinds_learn_from_a_draw_even_while_labels_are_bought(monkeypatch):
    asked = []
    bought = dataclasses.replace(WANTED, bought=(1, 2, 3))
    monkeypatch.setattr(panel, "current", lambda *_: (bought, None))
    monkeypatch.setattr(kinds, "_show_buttons", lambda wanted, *_: asked.append(wanted))
    kinds.show(WANTED, "labels")
    assert [each.num_labels for each in asked] == [100]


def test_kinds_are_of_one_size_and_length():
    experiments = [phase_1(kind, "mnist5k") for kind in kinds.KINDS]
    assert {each.num_epochs for each in experiments} == {NUM_EPOCHS}
    assert {encoder_widths(each)[:-1] for each in experiments} == {(784, 300)}
    said = kinds._progress({"variational": job(experiments[-1])})
    assert "variational (784-300-20): epoch 0 of 30" in said


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [("mnist5k", True), ("digits8", True), ("photo_patches", False), ("regular_sequences", False),
     ("own-gone", False)],
)  # fmt: skip
@pytest.mark.usefixtures("state")
def test_only_runs_whose_images_have_classes_are_offered(monkeypatch, dataset, expected):
    run = SimpleNamespace(experiment=SimpleNamespace(dataset=dataset))
    offered = []
    monkeypatch.setattr(session, "job", lambda page: run if page == "stacked" else None)
    monkeypatch.setattr(session, "keep_own", lambda name, *_: offered.append(name))
    monkeypatch.setattr(sources, "LIBRARY", SimpleNamespace(runs=list))
    sources.offer("labels", CONFIGS, has_classes)
    assert offered == ["page-stacked"] * expected


@pytest.mark.usefixtures("state")
def test_a_run_that_no_longer_fits_is_a_sentence(monkeypatch):
    network = StackedConfig(hidden_units=())
    misfit = job(Experiment(config=network, dataset="photo_patches"))
    small = job(Experiment(config=network, dataset="digits8"))
    elsewhere = LabelExperiment(config=LabelConfig(source="page-stacked"))
    monkeypatch.setattr(sources, "job_named", lambda *_: misfit)
    with pytest.raises(LibraryProblem, match="no classes here"):
        phases.job_of(elsewhere, "labels")
    assert panel.current(elsewhere, "labels") is None
    wanted = LabelExperiment(config=LabelConfig(num_labels=4_000))
    monkeypatch.setattr(phases, "job_of", lambda *_: small)
    monkeypatch.setattr(phases, "encoder_of", lambda _: ENCODER)
    with pytest.raises(ValueError, match="1,438 images to label; received 4,000"):
        panel.begun(wanted, "labels")
    assert panel.current(wanted, "labels") is None


@pytest.mark.usefixtures("state")
def test_phase_two_is_on_the_data_that_the_encoder_was_trained_on():
    first = SimpleNamespace(experiment=SimpleNamespace(dataset="digits8"))
    wanted = panel.on_encoder(WANTED, first, ENCODER, "labels")
    assert (wanted.dataset, wanted.encoder) == ("digits8", ENCODER.name)
    assert ENCODER in session.page("labels").encoders
    words = LabelExperiment(config=LabelConfig(source="words"))
    assert panel.on_encoder(words, first, ENCODER, "labels").dataset == words.dataset


def test_all_labels_are_as_many_as_the_data_have():
    counts = {"mnist5k": 4_000, "digits8": 1_438, "mnist": 60_000}
    for dataset, count in counts.items():
        assert LabelExperiment(config=LabelConfig(num_labels=ALL), dataset=dataset).num_labels == (
            count
        )
    assert LABELS["all"].experiment.num_labels == 4_000


def test_own_images_have_their_own_number_of_classes():
    pixels, names = np.zeros((6, 4)), ("cat", "dog", "cow")
    own = Dataset(pixels, pixels, np.arange(6) % 3, np.arange(6) % 3, (2, 2), names)
    name = datasets.name_own(own)
    run = job(Experiment(config=StackedConfig(hidden_units=(), latent_dim=2), dataset=name))
    assert phases._num_classes(run) == 3
    assert has_classes(name)


def test_own_images_without_classes_are_a_sentence():
    unlabelled = Dataset(np.zeros((6, 4)), np.zeros((6, 4)))
    name = datasets.name_own(unlabelled)
    with pytest.raises(ValueError, match="at least two classes; received 0"):
        LabelExperiment(config=LabelConfig(num_labels=2), dataset=name)


def test_the_picture_of_words_has_a_twin_and_no_decoder():
    svg = two_phases.draw((20, 288, 192), None, "", LIGHT, twin=True)
    assert LIGHT.reconstruction not in svg
    assert svg.count(LIGHT.latents) == 2 * 4


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
    assert all("markers" in trace.mode for trace in figure.data)
    assert len({(trace.line.dash, trace.marker.symbol) for trace in figure.data}) == len(ARMS)
    wide = [trace.name for trace in figure.data if trace.line.width > 2]
    assert wide == ["from scratch"]


def test_kinds_are_dots_a_seed_and_a_line_at_the_mean():
    found = {"plain": {"pretrained_svm": {0: 0.6, 1: 0.8}}, "sparse": {}}
    figure = label_figures.make_kinds(found, 100, LIGHT)
    dots, mean = figure.data
    assert list(dots.y) == [0.6, 0.8]
    assert list(mean.y) == pytest.approx([0.7])
