"""What the presets of the variational page say is true of models trained here."""

import functools
from dataclasses import replace

import numpy as np
import pytest

from core.configs import VariationalConfig
from core.datasets import load_dataset
from core.engine.state import TrainingDiverged
from core.presets import VARIATIONAL
from core.queries import latent_space
from core.queries.questions import RealImages, Samples
from core.training import advance, fit, init_state

pytestmark = pytest.mark.trains

EPOCHS, REACH = 20, 3.5


@functools.cache
def run(name):
    """A preset, in larger batches and longer steps than on the page: a third of the time."""
    config = VARIATIONAL[name].experiment.config
    config = replace(config, batch_size=128, learning_rate=3e-3)
    return fit(config, load_dataset("mnist5k"), num_epochs=EPOCHS)


def digits():
    return load_dataset("mnist5k")


def reading(name, wanted, epoch=EPOCHS):
    return run(name).history[epoch - 1].readings[wanted]


def codes(name):
    return run(name).encode(digits().x_test)


def share_of_neighbours_alike(name):
    """How often the nearest code among the test images is of the same class."""
    z = codes(name)
    far = np.square(z[:, None] - z[None]).sum(axis=2) + 1e9 * np.eye(len(z))
    return np.mean(digits().y_test[far.argmin(axis=1)] == digits().y_test)


def spread_of_copies(name):
    """Variance of a pixel over the copies, as a share of that over the test images."""
    copies = run(name).reconstruct(digits().x_test)
    return copies.var(axis=0).mean() / digits().x_test.var(axis=0).mean()


def test_on_the_map_classes_gather_and_the_crowd_stays_near_the_prior():
    assert share_of_neighbours_alike("map") > 0.45
    assert np.mean(np.abs(codes("map")).max(axis=1) < REACH) > 0.95
    assert np.allclose(codes("map").std(axis=0), 1, atol=0.5)


def test_between_the_digits_of_the_map_a_digit_turns_into_another_one():
    line = np.linspace([-1.5, -1.5], [1.5, 1.5], 61).astype(np.float32)
    pictures = run("map").decode(line)
    steps = np.linalg.norm(np.diff(pictures, axis=0), axis=1)
    assert steps.max() < 0.2 * np.linalg.norm(pictures[0] - pictures[-1])


@pytest.mark.slow
def test_ten_codes_copy_better_and_tell_more():
    assert (
        reading("codings10", "variance_explained")
        > 0.55
        > 0.4
        > reading("map", "variance_explained")
    )
    assert reading("codings10", "elbo") > reading("map", "elbo") + 20
    assert reading("codings10", "latent_kl") > 2 * reading("map", "latent_kl")
    assert share_of_neighbours_alike("codings10") > 0.7


def test_samples_are_as_far_from_the_training_images_as_real_ones():
    new = latent_space.samples(run("codings10").model, digits(), Samples(1.0, 0)).distances
    real = latent_space.real_images(None, digits(), RealImages()).distances
    assert new.min() > 1
    assert np.median(new) == pytest.approx(np.median(real), rel=0.25)


def test_without_a_price_the_clouds_shrink_to_points_that_scatter():
    sigmas = [reading("beta0", "mean_sigma", epoch) for epoch in (1, 5, EPOCHS)]
    assert sigmas[0] > 2 * sigmas[1] > 4 * sigmas[2]
    assert sigmas[2] < 0.02
    assert codes("beta0").std() > 4 * codes("map").std()
    assert np.mean(np.abs(codes("beta0")).max(axis=1) < REACH) < 0.4
    assert reading("beta0", "reconstruction_nats") < reading("map", "reconstruction_nats")


def test_a_large_beta_blurs():
    assert spread_of_copies("blur") < 0.4 * spread_of_copies("map")
    assert reading("blur", "mean_sigma") > 4 * reading("map", "mean_sigma")
    assert reading("blur", "reconstruction_nats") > 20 + reading("map", "reconstruction_nats")
    assert reading("blur", "active_latents") == 2


def test_a_larger_one_collapses_the_posterior():
    assert reading("collapse", "active_latents") == 0
    assert reading("collapse", "latent_kl") < 0.01
    assert reading("collapse", "mean_sigma") == pytest.approx(1, abs=0.01)
    assert spread_of_copies("collapse") < 1e-3


def test_over_beta_the_latent_loss_falls_and_the_reconstruction_rises():
    config = VariationalConfig(hidden_units=(64,), latent_dim=8, batch_size=64, learning_rate=3e-3)
    runs = (
        fit(replace(config, beta=beta), load_dataset("digits8"), num_epochs=12)
        for beta in (0.1, 1.0, 4.0, 16.0)
    )
    told, lost = zip(
        *((r.history[-1].readings["latent_kl"], r.history[-1].readings["reconstruction_nats"])
          for r in runs), strict=True
    )  # fmt: skip
    assert all(a > b for a, b in zip(told, told[1:], strict=False))
    assert all(a < b for a, b in zip(lost, lost[1:], strict=False))


def test_the_parts_of_the_latent_loss_add_up():
    told = reading("codings10", "latent_kls")
    assert sum(told) == pytest.approx(reading("codings10", "latent_kl"), rel=1e-5)
    assert min(told) >= 0


def test_a_loss_that_is_no_number_stops_with_a_sentence_and_spares_the_state():
    data = load_dataset("digits8")
    config = VariationalConfig(
        hidden_units=(), reconstruction_loss="mse", output_activation="linear", optimizer="sgd",
        learning_rate=10.0, batch_size=8192,
    )  # fmt: skip
    start = init_state(config, data.input_dim, 0)
    before = [array.copy() for array in start.weights]
    with pytest.raises(TrainingDiverged, match=r"learning rate of 10\b.*last good state is kept"):
        advance(config, data, start, config.coefficients(), num_updates=300)
    assert all(np.array_equal(a, b) for a, b in zip(start.weights, before, strict=True))
    calm, _ = advance(
        config, data, start, config.coefficients() | {"learning_rate": 1e-3}, num_updates=5
    )
    assert all(np.isfinite(array).all() for array in calm.weights)
