"""What the page of the variational autoencoder asks a model: samples, neighbours, one batch."""

import numpy as np
import pytest

from core.configs import VariationalConfig
from core.datasets import Dataset
from core.engine.state import rows_of_epoch
from core.models.trainer import ANSWERS, shared_model
from core.queries import latent_space
from core.queries.autoencoder import VIEWS
from core.queries.questions import (
    Clouds,
    Decoder,
    LatentLoss,
    MappedCodes,
    MappedImages,
    RealImages,
    Samples,
)
from core.training import advance, init_state

pytestmark = pytest.mark.trains

CONFIG = VariationalConfig(hidden_units=(12,), latent_dim=3, batch_size=32)
UPDATES = 7


@pytest.fixture(scope="module")
def trained(easy):
    state = init_state(CONFIG, easy.input_dim, 4)
    state, _ = advance(CONFIG, easy, state, CONFIG.coefficients(), num_updates=UPDATES)
    return shared_model(CONFIG, easy, state)


def test_the_nearest_image_is_found_and_measured_exactly():
    rng = np.random.default_rng(0)
    x, among = (rng.random((count, 50)).astype(np.float32) for count in (20, 300))
    among[17] = x[3]
    rows, distances = latent_space.nearest(x, among)
    exact = np.square(x[:, None].astype(np.float64) - among).sum(axis=2)
    assert np.array_equal(rows, exact.argmin(axis=1))
    assert np.allclose(distances, exact.min(axis=1), rtol=1e-9, atol=0)
    assert (rows[3], distances[3]) == (17, 0)
    assert latent_space.nearest(x, among[:2])[0].max() == 1


def test_rows_of_an_epoch_are_all_rows_and_begin_anew_in_the_last_batch():
    rows = rows_of_epoch(80, 32, seed=1, epoch=2)
    assert len(rows) == 96
    assert sorted(rows[:80]) == list(range(80))
    assert np.array_equal(rows[80:], rows[:16])
    assert not np.array_equal(rows, rows_of_epoch(80, 32, seed=1, epoch=3))


@pytest.mark.parametrize("update", [0, 2, UPDATES - 1])
def test_the_terms_of_a_batch_are_those_of_its_rows(trained, easy, update):
    found = latent_space.latent_loss(trained, easy, LatentLoss(4, update))
    epoch, index = divmod(update, 3)
    rows = rows_of_epoch(80, 32, 4, epoch)[32 * index : 32 * (index + 1)]
    mean, log_var = (np.asarray(a, np.float64) for a in trained.posterior(easy.x_train[rows]))
    assert found.num_rows == 32
    assert np.allclose(found.square, (mean**2).mean(axis=0))
    assert np.allclose(found.log_var, log_var.mean(axis=0))
    assert np.allclose(found.variance, np.exp(log_var).mean(axis=0))


def test_samples_follow_their_seed_and_sigma(trained, easy):
    still = latent_space.samples(trained, easy, Samples(0.0, 1))
    assert np.ptp(still.x, axis=0).max() == 0
    first, again, other = (
        latent_space.samples(trained, easy, Samples(1.0, seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first.x, again.x)
    assert not np.allclose(first.x, other.x)
    assert len(first.distances) == latent_space.NUM_SAMPLES
    shown = np.square(first.x.astype(np.float64) - first.nearest).sum(axis=1)
    assert np.allclose(first.distances[: len(shown)], shown, atol=1e-9)


def test_an_image_of_the_training_would_be_found_out(trained, easy):
    copied = Dataset(easy.x_train, easy.x_train[:5])
    assert latent_space.real_images(trained, copied, RealImages()).distances.max() == 0
    assert latent_space.real_images(trained, easy, RealImages()).distances.min() > 0


def test_the_clouds_are_the_posterior_of_the_images_on_the_map(trained, easy):
    clouds = VIEWS[Clouds](trained, easy)
    mapped = ANSWERS[MappedImages](trained, easy, MappedImages())
    mean, log_var = trained.posterior(mapped.x)
    assert np.allclose(clouds.mean, mean)
    assert np.allclose(clouds.log_var, log_var)
    assert np.allclose(ANSWERS[MappedCodes](trained, easy, MappedCodes()), mean)
    assert mapped.labels is None
    decoder = VIEWS[Decoder](trained, easy)
    assert np.allclose(clouds.example_mean, decoder.z)
