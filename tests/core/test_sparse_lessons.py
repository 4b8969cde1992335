"""What the presets of the sparsity page say is true of models trained here."""

import functools
from dataclasses import replace

import numpy as np
import pytest

from core.configs import SparseConfig
from core.datasets import load_dataset
from core.models.trainer import shared_model
from core.presets import SPARSITY
from core.queries.autoencoder import VIEWS
from core.queries.questions import Activations, PureNoise, Units
from core.training import advance, fit

pytestmark = pytest.mark.trains

SHORT = 12


@functools.cache
def run(name, num_epochs=SHORT, **changes):
    experiment = SPARSITY[name].experiment
    config = replace(experiment.config, **changes)
    return fit(config, load_dataset(experiment.dataset), num_epochs=num_epochs)


def view(question, name, *arguments, **changes):
    model = run(name, *arguments, **changes).model
    return VIEWS[question](model, load_dataset(SPARSITY[name].experiment.dataset))


def activations(name, *arguments, **changes):
    """Of the units for the test images, [N, Z]."""
    data = load_dataset(SPARSITY[name].experiment.dataset)
    return run(name, *arguments, **changes).encode(data.x_test)


def reading(reading, name, *arguments, **changes):
    return run(name, *arguments, **changes).history[-1].readings[reading]


def orientation(pictures):
    """How far the power of each picture [P, 64] lies in one direction of the plane of frequencies,
    from 0 to 1; the median.
    """
    power = np.abs(np.fft.fft2(pictures.reshape(-1, 8, 8), s=(16, 16))) ** 2
    power[:, 0, 0] = 0
    angles = np.arctan2(np.fft.fftfreq(16)[:, None], np.fft.fftfreq(16)[None])
    turned = (power * np.exp(2j * angles)).sum(axis=(1, 2)) / power.sum(axis=(1, 2))
    return np.median(np.abs(turned))


@pytest.mark.slow
def test_l1_leaves_few_units_to_speak_and_none_leaves_nearly_all():
    assert reading("l0", "l1") < 0.5 * 300 < 0.7 * 300 < reading("l0", "free")
    assert reading("rmse", "free") < reading("rmse", "l1")
    assert view(Activations, "free").hoyer < 0.25 < view(Activations, "l1").hoyer


def test_the_default_of_the_page_is_selective():
    found = fit(SparseConfig(), load_dataset("mnist5k"), num_epochs=SHORT)
    assert VIEWS[Activations](found.model, load_dataset("mnist5k")).hoyer >= 0.5


@pytest.mark.slow
def test_a_target_keeps_every_unit_alive_and_lets_each_speak_up():
    quick = {"batch_size": 128, "learning_rate": 3e-3}
    assert reading("dead_latents", "kl", 40, **quick) == 0
    assert (activations("kl", 40, **quick) > 0.5).any(axis=0).all()
    assert view(Activations, "kl", 40, **quick).hoyer > 0.5


@pytest.mark.slow
def test_target_and_selectivity_pull_apart():
    strict, loose = view(Activations, "strict"), view(Activations, "kl")
    target = SPARSITY["strict"].experiment.config.sparsity_target
    assert strict.mean_activation == pytest.approx(target, rel=0.1)
    assert loose.mean_activation > 1.2 * target
    assert strict.hoyer < loose.hoyer - 0.15


def test_units_on_target_may_all_idle():
    idle = view(Activations, "idle")
    assert np.abs(idle.means - 0.1).max() < 0.05
    assert (activations("idle") > 0.5).mean() < 0.01
    assert idle.hoyer < 0.3


@pytest.mark.slow
def test_ten_times_the_price_kills_nearly_all_units():
    assert reading("dead_latents", "too_much") > 250
    assert reading("rmse", "too_much") > 1.2 * reading("rmse", "too_much", l1=1e-4)


def test_a_unit_norm_dictionary_finds_strokes():
    assert view(Activations, "strokes").hoyer > 0.7
    assert reading("l0", "strokes") < 80
    kernel = run("strokes").model.encoder.layers[-1].get_weights()[0]
    assert np.allclose(np.linalg.norm(kernel, axis=0), 1, atol=1e-3)


def test_neighbouring_pixels_of_whitened_patches_are_not_correlated_but_not_independent():
    x = load_dataset("whitened_patches").x_train.reshape(-1, 8, 8)
    left, right = x[:, :, :-1].ravel(), x[:, :, 1:].ravel()
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.05
    assert np.corrcoef(np.abs(left), np.abs(right))[0, 1] > 0.4
    grey = load_dataset("photo_patches").x_train.reshape(-1, 8, 8)
    assert np.corrcoef(grey[:, :, :-1].ravel(), grey[:, :, 1:].ravel())[0, 1] > 0.9


@pytest.mark.slow
def test_edges_appear_in_photographs_and_not_with_a_target():
    edges, none = view(Units, "edges", 100), view(Units, "no_edges", 40)
    assert orientation(edges.pictures) > 0.5
    assert orientation(none.pictures) < 0.25
    means = view(Activations, "no_edges", 40).means
    assert means.mean() == pytest.approx(0.1, rel=0.1)
    assert reading("rmse", "no_edges", 40) < reading("rmse", "edges", 100)


def test_without_a_price_an_overcomplete_network_copies_noise_and_a_price_ends_that():
    config, data = SPARSITY["copies"].experiment.config, load_dataset("photo_patches")
    free = run("copies", 60)
    assert view(PureNoise, "copies", 60).copy_score > 0.9
    coefficients = config.coefficients() | {"l1": 1e-3}
    state, _ = advance(config, data, free.state, coefficients, num_updates=30 * 125)
    later = VIEWS[PureNoise](shared_model(config, data, state), data).copy_score
    assert later < 0.5


@pytest.mark.parametrize(
    "extreme",
    [{"l1": 10.0}, {"sparsity_target": 1e-4, "sparsity_weight": 100.0, "l1": 0.0}],
)
def test_extreme_prices_stay_finite_and_say_that_all_are_dead(extreme):
    data = load_dataset("digits8")
    found = fit(SparseConfig(**extreme), data, num_epochs=10).history[-1]
    assert np.isfinite(list(found.parts.values())).all()
    assert found.readings["dead_latents"] == 300
