"""Every preset of the denoising page is true before it is pretty."""

import functools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.datasets import Dataset, load_dataset
from core.presets import DENOISING
from core.queries import denoising
from core.queries.questions import ClassicalDenoisers, Filters, Scores
from core.training import Run, fit

pytestmark = pytest.mark.trains

EPOCHS = 24
CLEAN, SNOW = ("masking", 0.0), ("gaussian", 0.4)
FILTERS = ("ridge", "median", "blur")
# `make check` trains these.
OTHERS = ("gaussian", "dropout", "salt_and_pepper", "beyond")


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_dataset("mnist5k")


@functools.cache
def run(name: str) -> Run:
    """A preset, in larger batches and longer steps than on the page: a third of the time."""
    experiment = DENOISING[name].experiment
    config = replace(experiment.config, batch_size=128, learning_rate=3e-3)
    data = load_dataset(experiment.dataset)
    return fit(config, data, num_epochs=EPOCHS, seed=experiment.seed)


def noise_of(name: str) -> tuple[str, float]:
    config: Any = DENOISING[name].experiment.config
    return config.corruption, getattr(config, config.level_knob)


def psnr(name: str, digits: Dataset, corruption: tuple[str, float]) -> float:
    return float(denoising.scores(run(name).model, digits, Scores([corruption]))[0])


def marks(digits: Dataset, corruption: tuple[str, float]) -> dict[str, float]:
    found = denoising.denoisers(None, digits, ClassicalDenoisers(corruption))
    return {name: mark.psnr for name, mark in found.items()}


def boldness(name: str, digits: Dataset) -> float:
    """Ink in the copies of clean test images, over the ink in these."""
    return float(run(name).reconstruct(digits.x_test).mean() / digits.x_test.mean())


def smoothness(name: str, digits: Dataset) -> float:
    """Mean correlation of a weight with the one below it, in the middle of the image."""
    kernels = denoising.filters(run(name).model, digits, Filters())
    middle = kernels.reshape(-1, 28, 28)[:, 4:24, 4:24]
    pairs = zip(middle[:, 1:], middle[:, :-1], strict=True)
    return float(np.mean([np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in pairs]))


@pytest.mark.parametrize(
    "name", ["masking", *(pytest.param(name, marks=pytest.mark.slow) for name in OTHERS)]
)
def test_the_network_beats_every_filter_on_its_own_noise(name: str, digits: Dataset) -> None:
    filters = marks(digits, noise_of(name))
    assert psnr(name, digits, noise_of(name)) > 0.5 + max(filters[each] for each in FILTERS)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gaussian", "masking", "dropout", "salt_and_pepper"])
def test_a_network_that_never_saw_noise_does_not(name: str, digits: Dataset) -> None:
    assert psnr("no_noise", digits, noise_of(name)) < marks(digits, noise_of(name))["ridge"]


def test_a_median_filter_makes_masked_digits_worse(digits: Dataset) -> None:
    filters = marks(digits, noise_of("masking"))
    assert filters["median"] < filters["nothing"]


def test_the_median_gains_most_on_salt_and_pepper(digits: Dataset) -> None:
    gains = {
        name: marks(digits, noise_of(name))["median"] - marks(digits, noise_of(name))["nothing"]
        for name in ("gaussian", "masking", "dropout", "salt_and_pepper", "beyond")
    }
    assert max(gains, key=lambda name: gains[name]) == "salt_and_pepper"


@pytest.mark.slow
def test_masking_makes_clean_digits_bold_and_dropout_less_so(digits: Dataset) -> None:
    assert boldness("masking", digits) > 1.2
    assert 1 < boldness("dropout", digits) < 1 + (boldness("masking", digits) - 1) / 2


@pytest.mark.slow
def test_under_heavy_noise_about_every_second_digit_is_another_one(digits: Dataset) -> None:
    restored = run("beyond").reconstruct(denoising.corrupted(digits.x_test, noise_of("beyond")))
    distances = np.square(digits.x_train).sum(axis=1) - 2 * restored @ digits.x_train.T
    assert digits.y_train is not None
    right = digits.y_train[distances.argmin(axis=1)] == digits.y_test
    assert 0.35 < right.mean() < 0.65


@pytest.mark.slow
def test_the_best_copier_is_the_one_without_noise(digits: Dataset) -> None:
    copies = {name: psnr(name, digits, CLEAN) for name in DENOISING}
    assert max(copies, key=lambda name: copies[name]) == "no_noise"
    snow = {name: psnr(name, digits, SNOW) for name in ("no_noise", "gaussian")}
    assert snow["no_noise"] < marks(digits, SNOW)["ridge"] < snow["gaussian"]


@pytest.mark.slow
def test_filters_learned_under_noise_are_smoother(digits: Dataset) -> None:
    assert smoothness("gaussian", digits) > 0.1 + smoothness("no_noise", digits)


@pytest.mark.slow
def test_training_on_one_noise_helps_little_against_another(digits: Dataset) -> None:
    gaussian, masking = noise_of("gaussian"), noise_of("masking")
    assert psnr("gaussian", digits, gaussian) > psnr("masking", digits, gaussian) + 3
    assert psnr("masking", digits, masking) > psnr("gaussian", digits, masking) + 1
