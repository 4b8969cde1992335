"""Every preset is true before it is pretty: what it teaches, on a model trained here."""

import functools
from dataclasses import replace

import numpy as np
import pytest

from core.analysis import pca
from core.data.toys import SEQUENCE_SCALE
from core.datasets import load_dataset
from core.models.trainer import shared_model
from core.presets import AUTOENCODER
from core.queries.autoencoder import VIEWS
from core.queries.questions import Factors, Pca, PureNoise
from core.training import advance, fit, init_state

pytestmark = pytest.mark.trains


@functools.cache
def run(name, **changes):
    """The finished run of a preset, perhaps with a knob or two elsewhere."""
    experiment = AUTOENCODER[name].experiment
    epochs = changes.pop("num_epochs", experiment.num_epochs)
    config = replace(experiment.config, **changes)
    data = load_dataset(experiment.dataset)
    return fit(config, data, num_epochs=epochs, seed=experiment.seed)


def explained(name, **changes):
    return run(name, **changes).history[-1].readings["variance_explained"]


def error(name, **changes):
    return run(name, **changes).history[-1].readings["rmse"] ** 2


def view(question, preset, **changes):
    data = load_dataset(AUTOENCODER[preset].experiment.dataset)
    return VIEWS[question](run(preset, **changes).model, data)


def pca_error(preset, size):
    return pca.fit(load_dataset(AUTOENCODER[preset].experiment.dataset)).errors[size]


def test_two_numbers_say_a_sequence_with_a_rule():
    own = np.array([[70, 68, 66, 64, 62, 60, 58, 56]]) / SEQUENCE_SCALE
    copy = run("sequences").reconstruct(own)
    assert np.abs(copy - own).max() * SEQUENCE_SCALE < 0.5
    assert explained("sequences") > 0.999
    assert explained("sequences", latent_dim=1) < 0.99


def test_random_numbers_need_a_code_each():
    assert explained("random") == pytest.approx(2 / 8, abs=0.04)
    assert explained("random", latent_dim=8) > 0.999


def test_six_to_six_copies_and_compresses_nothing():
    assert explained("copy") > 0.999


def test_three_codes_find_three_factors_and_two_do_not():
    assert explained("factors") > 0.999
    assert view(Factors, "factors").r_squared.min() > 0.99
    assert view(Factors, "factors", latent_dim=2).r_squared.min() < 0.8


@pytest.mark.slow
def test_the_error_falls_as_the_bottleneck_widens_and_the_gain_shrinks():
    quick = {"batch_size": 128, "learning_rate": 3e-3, "num_epochs": 6}
    errors = [error("undercomplete", latent_dim=size, **quick) for size in (2, 5, 20, 50)]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] - errors[1] > errors[2] - errors[3]
    assert errors[1] < pca_error("undercomplete", 5)


@pytest.mark.slow
def test_a_linear_network_turns_into_pca_long_after_its_error_has_met_it():
    experiment = AUTOENCODER["linear"].experiment
    config, data = experiment.config, load_dataset(experiment.dataset)
    state, met, angle = init_state(config, data.input_dim, experiment.seed), None, None
    for epoch in range(1, experiment.num_epochs + 1):
        state, (record,) = advance(
            config, data, state, config.coefficients(), num_updates=experiment.updates_per_epoch
        )
        if met is None and record.readings["rmse"] ** 2 < 1.02 * pca_error("linear", 10):
            met = epoch
            angle = VIEWS[Pca](shared_model(config, data, state), data).largest_angle
    last = VIEWS[Pca](shared_model(config, data, state), data).largest_angle
    assert angle > 20
    assert last < 5
    assert met < experiment.num_epochs / 2


@pytest.mark.slow
def test_relu_codes_are_worse_than_pca_and_relu_layers_better():
    assert error("relu_codes", num_epochs=25) > pca_error("linear", 10)
    assert error("relu_layers", num_epochs=25) < pca_error("linear", 10)


def test_an_overcomplete_network_copies_even_noise():
    assert view(PureNoise, "overcomplete").copy_score > 0.4
    assert view(PureNoise, "overcomplete", latent_dim=10).copy_score < 0


@pytest.mark.slow
def test_relu_codings_die_and_linear_ones_do_not():
    assert run("stacked", num_epochs=6).history[-1].readings["dead_latents"] == 0
    relu = run("stacked", num_epochs=6, latent_activation="relu", learning_rate=3e-3)
    assert relu.history[-1].readings["dead_latents"] >= 3


@pytest.mark.slow
def test_mixed_data_cost_both_kinds_and_many_codes_help_both():
    data, mixed = load_dataset("digits_and_photos"), run("mixed", num_epochs=8)
    wide = run("mixed", num_epochs=6, learning_rate=3e-3, hidden_units=(), latent_dim=300)
    for kind in (0, 1):
        own = replace(data, x_train=data.x_train[data.y_train == kind], y_train=None)
        alone, x = fit(mixed.config, own, num_epochs=16), data.x_test[data.y_test == kind]
        errors = [np.square(x - each.reconstruct(x)).mean() for each in (wide, alone, mixed)]
        assert errors[0] < errors[1] < errors[2]
