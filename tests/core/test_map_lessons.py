"""Every preset of the map page is true before it is pretty: on 500 test digits."""

import functools
import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial import procrustes

from components.parts.course.stops import STOPS
from core import projection
from core.configs import StackedConfig
from core.datasets import is_at_hand, load_dataset
from core.maps import points, trainer
from core.maps.experiment import network_of
from core.maps.points import Points
from core.presets import MAP
from core.training import fit

pytestmark = pytest.mark.trains

NUM, EPOCHS = 500, 10
CHAPTER = STOPS["map"]
SEEDS = (0, 1, 2, 3, 4, CHAPTER.turns["seed"])


@functools.cache
def coded(num_epochs: int, space: str = "codes") -> Points:
    """The first test digits, as pixels or as coded after so many epochs."""
    data = load_dataset("mnist5k")
    x, labels = data.x_test[:NUM], np.asarray(data.y_test)[:NUM]
    if space == "pixels":
        basis = projection.reduction(x)
        assert basis is not None
        return points.make(basis.project(x), labels)
    run = fit(StackedConfig(), data, num_epochs=num_epochs)
    return points.make(run.encode(x), labels)


@functools.cache
def mapped(name: str, num_epochs: int = EPOCHS) -> np.ndarray:
    """Positions at the end of a preset's map."""
    config: Any = replace(MAP[name].experiment.config, num_points=NUM)
    some = coded(num_epochs, config.space)
    state = trainer.begin(config, some, 0)
    iterations = projection.NUM_ITERATIONS
    return trainer.advance(config, some, state, config.coefficients(), num_updates=iterations)[
        0
    ].weights[0]


@functools.cache
def of_the_chapter() -> Points:
    """What the map of the chapter shows: its network, trained as the page does."""
    settings = MAP[CHAPTER.preset].experiment
    wanted, num_points = network_of(settings), settings.config.num_points
    assert (wanted.num_epochs, num_points) == (20, 1_000)
    data = load_dataset(wanted.dataset)
    run = fit(wanted.config, data, num_epochs=wanted.num_epochs, seed=wanted.seed)
    return points.make(run.encode(data.x_test[:num_points]), np.asarray(data.y_test)[:num_points])


@functools.cache
def chapter(seed: int) -> np.ndarray:
    """Positions at the end of the chapter's own map with a seed."""
    config: Any = MAP[CHAPTER.preset].experiment.config
    state, iterations = trainer.begin(config, of_the_chapter(), seed), projection.NUM_ITERATIONS
    rates = config.coefficients()
    state, _ = trainer.advance(config, of_the_chapter(), state, rates, num_updates=iterations)
    return state.weights[0]


def accuracy(positions: np.ndarray, some: Points) -> float:
    assert some.labels is not None
    return projection.knn_accuracy(positions, some.labels)


def crumbs(positions: np.ndarray) -> float:
    """How much farther the 20th nearest point is than the third."""
    near = projection.nearest(positions, positions, 21)[1]
    return float(np.median(near[:, 20] / near[:, 3]))


def test_the_codings_fall_into_islands_that_pca_lays_over_each_other() -> None:
    some = coded(EPOCHS)
    flat = projection.pca(some.x, 2).project(some.x)
    assert accuracy(mapped("codes"), some) > 0.75 > 0.5 > accuracy(flat, some)


def test_raw_pixels_find_islands_too() -> None:
    assert accuracy(mapped("pixels"), coded(0, "pixels")) > 0.75


def test_a_perplexity_of_two_makes_crumbs() -> None:
    assert crumbs(mapped("crumbs")) > 1.5 * crumbs(mapped("codes"))


def test_seeds_agree_on_the_islands_and_not_on_where_they_lie() -> None:
    some = of_the_chapter()
    one, other = chapter(0), chapter(CHAPTER.turns["seed"])
    assert accuracy(one, some) == pytest.approx(accuracy(other, some), abs=0.05)
    assert procrustes(one, other)[2] > 0.2  # what is left when turned, mirrored and scaled to fit


@pytest.mark.slow
def test_most_neighbours_stay_neighbours_with_another_seed() -> None:
    """About seven of the ten nearest; by chance it would be one in a hundred."""
    near = [projection.neighbours(chapter(seed)) for seed in SEEDS]
    assert near[0].shape == (1_000, 10)
    for one, other in itertools.combinations(near, 2):
        shared = (one[:, :, None] == other[:, None]).sum(axis=(1, 2))
        assert shared.mean() == pytest.approx(7, abs=0.5)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_island_of_nine_is_beside_those_of_four_and_seven_with_every_seed(seed: int) -> None:
    """From random places: of all middles that of 9 is the nearest."""
    labels, positions = of_the_chapter().labels, chapter(seed)
    middles = np.array([np.median(positions[labels == digit], axis=0) for digit in range(10)])
    for digit in (4, 7):
        assert np.argsort(np.linalg.norm(middles - middles[digit], axis=1))[1] == 9


def test_training_brings_classes_together() -> None:
    before, after = (accuracy(mapped("training", n), coded(n)) for n in (0, EPOCHS))
    assert 0.3 < before < after - 0.1


@pytest.mark.skipif(not is_at_hand("fashion_mnist"), reason="needs the file of Fashion-MNIST")
def test_some_clothes_are_islands_and_shirts_lie_among_others() -> None:
    data = load_dataset(MAP["clothes"].experiment.dataset)
    few = replace(data, x_train=data.x_train[:4_000], y_train=data.y_train[:4_000])
    labels = data.y_test[:NUM]
    some = points.make(fit(StackedConfig(), few, num_epochs=EPOCHS).encode(data.x_test[:NUM]))
    config: Any = replace(MAP["clothes"].experiment.config, num_points=NUM)
    state = trainer.begin(config, some, 0)
    state, _ = trainer.advance(config, some, state, config.coefficients(), num_updates=1_000)
    near = labels[projection.neighbours(state.weights[0])] == labels[:, None]
    alike = {name: near[labels == i].mean() for i, name in enumerate(data.class_names)}
    for name in ("Trouser", "Bag", "Ankle boot"):
        assert alike[name] > alike["Shirt"] + 0.2
    confused = labels[projection.neighbours(state.weights[0])][labels == 6]
    assert np.isin(confused, [0, 2, 4, 6]).mean() > 0.8


def test_words_and_their_language_come_from_the_character_model() -> None:
    assert MAP["words"].experiment.config.source == "language"
