"""Few labels: which are drawn, what is copied, what each arm learns, what the job layer asks."""

import dataclasses
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from sklearn.svm import SVC

from core import links, training
from core.configs import CONFIGS, DenoisingConfig
from core.configs.labels import ALL, LabelConfig
from core.datasets import Dataset, load_dataset
from core.engine.advance import advance as advance_loop
from core.engine.state import TrainingDiverged
from core.pretraining import (
    ARMS,
    encoders,
    label_efficiency,
    labelled,
    nets,
    sweep,
    trainer,
)
from core.pretraining.arms import begin
from core.pretraining.experiment import NEURAL, LabelExperiment, SweepExperiment, budgets
from core.pretraining.material import of_images
from core.pretraining.net_loop import NetLoop
from core.pretraining.questions import Candidates, JudgeArm, Labels, Vote
from core.queries import codings

pytestmark = pytest.mark.trains

SMALL = DenoisingConfig(hidden_units=(40,), latent_dim=12, corruption="masking", batch_size=128)


@pytest.fixture(scope="module")
def data():
    return load_dataset("digits8")


@pytest.fixture(scope="module")
def run(data):
    return training.fit(SMALL, data, num_epochs=3)


@pytest.fixture(scope="module")
def encoder(run):
    return encoders.of(run.model)


@pytest.fixture(scope="module")
def material(data, encoder):
    return of_images(data, encoder)


@pytest.fixture
def experiment(encoder):
    return LabelExperiment(
        config=LabelConfig(num_labels=20), dataset="digits8", encoder=encoder.name
    )


def advance(experiment, state, count, settings=None):
    settings = settings or experiment.config
    coefficients = settings.coefficients()
    return trainer.advance(settings, experiment.load(), state, coefficients, num_updates=count)


def test_a_balanced_draw_has_every_class_equally_often_and_grows(data):
    few, more = (labelled.draw(data.y_train, count, seed=3) for count in (40, 123))
    assert np.bincount(data.y_train[few]).tolist() == [4] * 10
    assert set(np.bincount(data.y_train[more])) == {12, 13}
    assert more[:40].tolist() == few.tolist()
    assert len(set(more.tolist())) == 123
    assert labelled.draw(data.y_train, 40, seed=4).tolist() != few.tolist()


def test_a_draw_without_balance_is_as_chance_has_it():
    labels = np.repeat([0, 1], [900, 100])
    drawn = labelled.draw(labels, 200, seed=0, balanced=False)
    assert 5 < labels[drawn].sum() < 40
    assert labels[labelled.draw(labels, 200, seed=0)].sum() == 100


def test_a_class_that_runs_out_is_filled_up_with_others():
    labels = np.repeat([0, 1, 2], [3, 20, 20])
    drawn = labelled.draw(labels, 23, seed=0)
    assert np.bincount(labels[drawn]).tolist() == [3, 10, 10]
    assert sorted(labelled.draw(labels, 43, seed=0)) == list(range(43))


@pytest.mark.parametrize(
    ("labels", "names", "count", "sentence"),
    [
        (np.arange(50) % 5, "abcde", 51, "From 2 to 50 images .* received 51"),
        (np.arange(50) % 5, "abcde", 1, "received 1"),
        (np.arange(50) % 5, "abcde", 2.5, r"received 2\.5"),
        (np.arange(50) % 4, "abcde", 10, "class 'e' has no image"),
        (np.zeros(50, int), "a", 10, "at least two classes; received 1"),
        (None, "", 10, "at least two classes; received 0"),
    ],
)
def test_labels_that_are_not_there_are_a_sentence(labels, names, count, sentence):
    with pytest.raises(ValueError, match=sentence):
        labelled.check(labels, tuple(names), count)


def test_one_class_only_is_a_sentence(data, encoder):
    with pytest.raises(ValueError, match="all of class '3'"):
        labelled.check_rows(np.full(4, 3), tuple("0123"))
    zeros = tuple(np.flatnonzero(data.y_train == 0)[:5].tolist())
    bought = LabelExperiment(
        config=LabelConfig(), dataset="digits8", encoder=encoder.name, bought=zeros
    )
    with pytest.raises(ValueError, match="received 5, all of class '0'"):
        trainer.labelled_material_of(bought.load())


@pytest.mark.parametrize("family", CONFIGS)
def test_the_copied_encoder_weights_are_those_of_the_autoencoder(family, data):
    found = CONFIGS[family](hidden_units=(20,), latent_dim=6)
    run = training.fit(found, data, num_epochs=1)
    copied = nets.fine_tuned(encoders.of(run.model), (np.zeros(6), np.ones(6)), 10, seed=0)
    weights = run.model.encoder.get_weights()
    assert len(copied.weights) == len(weights) + 2
    for ours, theirs in zip(copied.weights, weights, strict=False):
        assert np.array_equal(ours, theirs)
    codes = nets.encode(encoders.of(run.model), data.x_test)
    assert np.abs(codes - run.encode(data.x_test)).max() < 1e-5
    fresh = nets.from_scratch(encoders.of(run.model), 10, seed=0)
    assert [w.shape for w in fresh.weights] == [w.shape for w in copied.weights]
    assert not np.allclose(fresh.weights[0], weights[0])


def test_training_leaves_the_pretrained_encoder_as_it_was(material, encoder):
    before = [array.copy() for array in encoder.weights]
    net = begin("pretrained_fine_tuned", material, 0)
    loop = NetLoop(net, material.x_train, material.y_train, np.arange(60))
    advance_loop(loop, loop.first_state(net.weights, 0), {"learning_rate": 1e-3}, num_updates=30)
    trained = loop.trained()
    assert not np.allclose(trained.weights[0], before[0])
    assert all(map(np.array_equal, encoder.weights, before))
    assert len(begin("pretrained_frozen", material, 0).weights) == 2


def test_updates_are_those_of_keras(material, encoder):
    x, labels = material.x_train[:50], material.y_train[:50]
    net = nets.from_scratch(encoder, 10, seed=1)
    layers = [
        keras.layers.Dense(len(bias), activation)
        for bias, activation in zip(net.weights[1:-2:2], encoder.activations, strict=True)
    ]
    peer = keras.Sequential([keras.Input((64,)), *layers, keras.layers.Dense(10)])
    peer.set_weights(net.weights)
    peer.compile(
        keras.optimizers.Adam(1e-3),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    loop = NetLoop(net, x, labels, np.arange(50))
    advance_loop(loop, loop.first_state(net.weights, 1), {"learning_rate": 1e-3}, num_updates=4)
    trained = loop.trained()
    for _ in range(4):
        peer.train_on_batch(x, labels)  # 50 rows are one batch, in whatever order
    for ours, theirs in zip(trained.weights, peer.get_weights(), strict=True):
        assert np.abs(ours - theirs).mean() < 1e-5
    logits = peer.predict(material.x_test, verbose=0)
    expected = np.asarray(keras.ops.softmax(logits))
    assert np.abs(nets.probabilities(trained, material.x_test) - expected).max() < 1e-4


def test_updates_in_one_call_or_in_many_are_the_same_bit_for_bit(experiment):
    lesson = experiment.load()
    state = trainer.begin(experiment.config, lesson, 0)
    whole, records = advance(experiment, state, 60)
    found = []
    for count in (7, 30, 23):
        state, new = advance(experiment, state, count)
        found += new
    assert all(map(np.array_equal, state.weights, whole.weights))
    assert all(map(np.array_equal, state.optimizer, whole.optimizer))
    assert [r.epoch for r in found] == [1, 2]
    assert [(r.parts, r.readings, r.validation) for r in found] == [
        (r.parts, r.readings, r.validation) for r in records
    ]


def test_a_record_tells_the_accuracy_of_every_arm(experiment, data):
    state, (record,) = advance(
        experiment, trainer.begin(experiment.config, experiment.load(), 0), 25
    )
    assert list(record.readings) == list(ARMS)
    rows = labelled.draw(data.y_train, 20, seed=0)
    svm = SVC(C=10, break_ties=True).fit(data.x_train[rows], data.y_train[rows])
    assert record.readings["rbf_svm"] == pytest.approx(svm.score(data.x_test, data.y_test))
    distances = np.linalg.norm(data.x_test[:, None] - data.x_train[rows][None], axis=2)
    nearest = data.y_train[rows][distances.argmin(axis=1)]
    right = np.mean(nearest == data.y_test)  # up to images equally far from two classes
    assert record.readings["nearest_neighbour"] == pytest.approx(right, abs=0.01)
    model = trainer.shared_model(experiment.config, experiment.load(), state)
    answer = trainer.judge(model, experiment.load(), JudgeArm("from_scratch"))
    assert answer.confusion.sum(axis=1).tolist() == np.bincount(data.y_test).tolist()
    right = answer.confusion.trace() / len(data.y_test)
    assert right == pytest.approx(record.readings["from_scratch"])
    assert (data.y_test[answer.rows] == answer.actual).all()
    assert (answer.predicted != answer.actual).all()
    assert (np.diff(answer.lead) <= 0).all()


def test_every_arm_votes_as_it_answers_in_the_test(experiment, data):
    state, _ = advance(experiment, trainer.begin(experiment.config, experiment.load(), 0), 100)
    lesson = experiment.load()
    model = trainer.shared_model(experiment.config, lesson, state)
    votes = trainer.vote(model, lesson, Vote(data.x_test[5]))
    for arm in ARMS:
        scores = model.scores(arm)(data.x_test[5:6], data.x_test[5:6])
        assert votes.answers[arm] == scores.argmax()
    assert set(votes.sure) == set(NEURAL)
    assert all(0.1 <= sure <= 1 for sure in votes.sure.values())


def test_every_arm_votes_before_any_has_learned(experiment, data):
    lesson = experiment.load()
    untrained = trainer.shared_model(
        experiment.config, lesson, trainer.begin(experiment.config, lesson, 0)
    )
    votes = trainer.vote(untrained, lesson, Vote(data.x_test[5]))
    assert list(votes.answers) == list(ARMS)
    assert all(0 <= answer < 10 for answer in votes.answers.values())


def test_all_labels_are_all_rows(experiment):
    everything = dataclasses.replace(experiment, config=LabelConfig(num_labels=ALL))
    assert sorted(trainer.labelled_material_of(everything.load()).rows) == list(range(1_438))


def test_what_may_be_known_is_what_was_drawn(experiment, data):
    given = experiment.load()
    model = trainer.shared_model(
        experiment.config, given, trainer.begin(experiment.config, given, 0)
    )
    shown = trainer.labels(model, given, Labels())
    assert (data.y_train[shown.rows] == shown.labels).all()
    assert np.abs(shown.shown / 255 - data.x_train[shown.rows]).max() < 0.01
    there = trainer.candidates(model, given, Candidates(30))
    assert there.codes.shape == (30, 12)
    everything = model.data.material.codes(data.x_train)
    assert np.abs(everything.mean(axis=0)).max() < 1e-3
    assert np.allclose(everything.std(axis=0), 1, atol=1e-2)


def test_bought_labels_replace_the_draw(experiment):
    rows = tuple(range(7))
    bought = dataclasses.replace(experiment, bought=rows)
    assert trainer.labelled_material_of(bought.load()).rows == rows
    assert bought.num_labels == 7
    assert bought.key_before(9) != experiment.key_before(9)
    beyond = dataclasses.replace(experiment, bought=(0, 1, 5, 10**6))
    assert trainer.labelled_material_of(beyond.load()).rows == (0, 1, 5)


def test_a_lost_loss_is_a_sentence(experiment):
    lesson = experiment.load()
    state = trainer.begin(experiment.config, lesson, 0)
    broken = [w * np.nan for w in state.weights]
    state = dataclasses.replace(state, weights=tuple(broken))
    with pytest.raises(TrainingDiverged, match="learning rate of 0.001"):
        advance(experiment, state, 25)


def test_a_curve_goes_on_where_it_stopped(experiment):
    numbers = budgets(experiment.num_train)
    assert numbers == (10, 20, 50, 100, 200, 500, 1_000, 1_438)
    curve = SweepExperiment(
        config=experiment.config, dataset="digits8", encoder=experiment.encoder, seed=2,
        num_epochs=len(numbers),
    )  # fmt: skip
    lesson, knobs = curve.load(), curve.config
    state = sweep.begin(knobs, lesson, 2)
    state, (first,) = sweep.advance(knobs, lesson, state, knobs.coefficients(), num_updates=1)
    state, (second,) = sweep.advance(knobs, lesson, state, knobs.coefficients(), num_updates=1)
    assert [r.readings["num_labels"] for r in (first, second)] == [10, 20]
    assert state.num_bytes == 0
    given = trainer.labelled_material_of(lesson).material
    rows = labelled.draw(given.y_train, 20, 2)
    svm = SVC(C=10, break_ties=True).fit(given.x_train[rows], given.y_train[rows])
    assert second.readings["rbf_svm"] == pytest.approx(svm.score(given.x_test, given.y_test))


def test_the_whole_experiment_gives_a_row_for_every_arm_number_and_seed(data):
    rows = list(label_efficiency(data, config=SMALL, num_labels=(10, 300), seeds=(0, 4)))
    assert [row[:3] for row in rows] == [
        (arm, count, seed) for count in (10, 300) for seed in (0, 4) for arm in ARMS
    ]
    found = {row[:3]: row.accuracy for row in rows}
    for arm in ARMS:
        assert found[arm, 300, 0] > found[arm, 10, 0]
        assert found[arm, 300, 0] > 0.7
    again = label_efficiency(
        data, config=SMALL, arms=("pretrained_fine_tuned",), num_labels=(10,), seeds=(0, 4),
    )  # fmt: skip
    expected = [found["pretrained_fine_tuned", 10, seed] for seed in (0, 4)]
    assert [row.accuracy for row in again] == expected


def test_impossible_experiments_are_a_sentence_before_anything_is_trained(data):
    with pytest.raises(ValueError, match="received 'magic'"):
        label_efficiency(data, config=SMALL, arms=("magic",))
    with pytest.raises(ValueError, match="received 5000"):
        label_efficiency(data, config=SMALL, num_labels=(5_000,))
    with pytest.raises(ValueError, match="At least one seed and one number"):
        label_efficiency(data, config=SMALL, seeds=())
    with pytest.raises(ValueError, match="seed must be"):
        label_efficiency(data, config=SMALL, seeds=(-1,))
    unlabelled = Dataset(data.x_train, data.x_test)
    with pytest.raises(ValueError, match="Choose data with labels"):
        label_efficiency(unlabelled, config=SMALL)


def test_two_classes_are_enough(data):
    train, test = data.y_train < 2, data.y_test < 2
    two = Dataset(data.x_train[train], data.x_test[test], data.y_train[train], data.y_test[test],
                  (8, 8), ("0", "1"))  # fmt: skip
    rows = label_efficiency(two, config=SMALL, num_labels=(4,), seeds=(0,))
    assert {row.arm: row.accuracy > 0.6 for row in rows} == dict.fromkeys(ARMS, True)


def test_an_encoder_of_another_size_is_refused(encoder):
    with pytest.raises(ValueError, match="784 pixels; received an encoder that reads 64"):
        of_images(load_dataset("mnist5k"), encoder)


def test_encoders_are_equal_by_content_and_known_while_held(encoder, run):
    again = encoders.of(run.model)
    assert again is encoders.find(encoder.name)
    other = encoders.make([w + 1 for w in encoder.weights], encoder.activations)
    assert other != encoder
    answer = codings.encoder(run.model)
    assert encoders.make(*answer) is again


def test_more_labels_than_images_and_a_lost_encoder_are_sentences():
    with pytest.raises(ValueError, match=r"1,438 images to label; received 2,000 labels"):
        LabelExperiment(config=LabelConfig(num_labels=2_000), dataset="digits8")
    lost = LabelExperiment(config=LabelConfig(num_labels=20), dataset="digits8", encoder="gone")
    with pytest.raises(ValueError, match="encoder is gone"):
        lost.load()


def test_an_encoder_travels_with_its_experiment(experiment, monkeypatch):
    monkeypatch.setattr(encoders, "_known", {})
    other = dataclasses.replace(experiment)
    held, data = SimpleNamespace(name=experiment.encoder), None
    other.adopt((held, data))
    assert encoders.find(experiment.encoder) is held


def test_a_link_gives_the_same_experiment():
    first = LabelExperiment(config=LabelConfig(num_labels=20, balanced=False), seed=3)
    texts = links.to_params(first)
    again, notices = links.from_params(LabelConfig, texts, {})
    assert (again, notices) == (first, [])
    _, notices = links.from_params(LabelConfig, {"source": "<b>x"}, {})
    assert len(notices) == 1
