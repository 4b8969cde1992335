"""What the presets of the page of few labels claim, on the networks that the page trains."""

import numpy as np
import pytest

from components.course.stops import STOPS
from components.pretraining import phases
from components.story import sections_in
from core import training
from core.datasets import load_dataset
from core.presets import LABELS
from core.pretraining import encoders, labelled
from core.pretraining.config import ARMS
from core.pretraining.efficiency import accuracy
from core.pretraining.encoders import Encoder
from core.pretraining.live import material_of
from core.pretraining.material import Material, of_images
from core.pretraining.words import word_list

SEEDS = range(5)
QUICK = ("pretrained_svm", "rbf_svm", "nearest_neighbour", "pca_logistic")


@pytest.fixture(scope="module")
def material() -> Material:
    """Digits and the encoder that the default of the page leaves behind."""
    wanted = phases.experiment_of("denoising", "mnist5k")
    data = load_dataset("mnist5k")
    run = training.fit(wanted.config, data, num_epochs=wanted.num_epochs)
    return of_images(data, encoders.of(run.model))


def by_seed(arm: str, material: Material, num_labels: int) -> np.ndarray:
    draws = [labelled.draw(material.y_train, num_labels, seed) for seed in SEEDS]
    return np.array([accuracy(arm, material, rows, seed) for seed, rows in enumerate(draws)])


def test_with_a_hundred_labels_the_pretrained_codes_are_ahead_on_the_same_labels(
    material: Material,
) -> None:
    assert LABELS["few"].experiment.config.num_labels == 100
    ahead = by_seed("pretrained_svm", material, 100) - by_seed("rbf_svm", material, 100)
    assert ahead.mean() > 0
    assert (by_seed("pretrained_svm", material, 100)
            - by_seed("nearest_neighbour", material, 100)).min() > 0  # fmt: skip


def test_the_chapter_is_right_that_with_a_hundred_labels_those_that_spread_are_ahead(
    material: Material,
) -> None:
    stop = STOPS["labels"]
    assert stop.place.presets[stop.preset].experiment.config.num_labels == 100
    answers = sections_in("en", "course")["labels: answers"].split("\n- ")
    assert "hands each label on to its neighbours" in answers[stop.right]
    rows = labelled.draw(material.y_train, 100, 0)
    found = {arm: accuracy(arm, material, rows, 0) for arm in ARMS}
    spreading = [found.pop("pretrained_spreading"), found.pop("pca_spreading")]
    assert min(spreading) > max(found.values()) + 0.02
    assert abs(spreading[0] - spreading[1]) < 0.03
    assert abs(found["pretrained_frozen"] - found["from_scratch"]) < 0.05
    assert abs(found["pretrained_fine_tuned"] - found["from_scratch"]) < 0.03, "nothing to catch up"


def test_with_ten_labels_it_matters_which_they_are_and_that_they_spread(
    material: Material,
) -> None:
    found = np.array([by_seed(arm, material, 10) for arm in QUICK])
    assert np.ptp(found, axis=1).mean() > 2 * np.ptp(found.mean(axis=1))
    for arm in ("pretrained_spreading", "pca_spreading"):
        assert by_seed(arm, material, 10).mean() > found.mean() + 0.15


def test_with_all_labels_pretraining_buys_nothing(material: Material) -> None:
    rows = labelled.draw(material.y_train, 4_000, 0)
    fine, scratch = (
        accuracy(arm, material, rows, 0) for arm in ("pretrained_fine_tuned", "from_scratch")
    )
    assert abs(fine - scratch) < 0.015
    assert min(fine, scratch) > 0.93


def test_typical_labels_are_worth_more_than_odd_ones(material: Material) -> None:
    codes, labels = material.codes(material.x_train[:800]), material.y_train[:800]
    typical, odd = [], []
    for label in range(10):
        rows = np.flatnonzero(labels == label)
        away = np.square(codes[rows] - codes[rows].mean(axis=0)).sum(axis=1)
        typical.append(rows[away.argmin()])
        odd.append(rows[away.argmax()])
    found = [accuracy("pretrained_svm", material, np.array(rows), 0) for rows in (typical, odd)]
    drawn = by_seed("pretrained_svm", material, 10)
    assert found[0] > drawn.max() > drawn.min() > found[1]


@pytest.mark.parametrize("kind", phases.NETWORKS)
def test_every_kind_leaves_an_encoder_of_these_images(kind: str) -> None:
    wanted = phases.experiment_of(kind, "mnist5k")
    run = training.fit(wanted.config, load_dataset("mnist5k"), num_epochs=1)
    found = of_images(load_dataset("mnist5k"), encoders.of(run.model))
    assert found.codes_test.shape == (1_000, wanted.config.latent_dim)
    assert np.isfinite(found.codes_test).all()


def test_of_words_phase_one_keeps_which_word_it_is_and_not_which_language() -> None:
    from core.characters import spelling

    state = spelling.init_state(word_list())
    state, _ = spelling.advance(word_list(), state, num_updates=25, planned_updates=25)
    found = material_of(encoders.make(state.weights, None), None)
    rows = labelled.draw(found.y_train, LABELS["words"].experiment.config.num_labels, 0)
    letters, codes = (accuracy(arm, found, rows, 0) for arm in ("pca_logistic", "pretrained_svm"))
    assert letters > codes > 2 / len(found.class_names)


def test_the_labels_of_words_are_in_no_unlabelled_list() -> None:
    words = word_list()
    assert words.num_trained == len(words.words) == len(set(words.words)) == 20_000
    assert np.ptp(words.log_frequency) == 0
    assert isinstance(encoders.make([np.zeros((2, 3))], None), Encoder)
