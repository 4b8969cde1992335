"""Marks of restored images, classical denoisers against their oracles, and what the page asks."""

import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from core.analysis import denoisers
from core.configs import DenoisingConfig, StackedConfig, VariationalConfig
from core.datasets import Dataset, load_dataset
from core.models.trainer import ANSWERS, shared_model
from core.queries import denoising
from core.queries.questions import (
    ClassicalDenoisers,
    Codes,
    CodesOf,
    EncoderWeights,
    Filters,
    Gallery,
    LatentLoss,
    MappedCodes,
    MappedImages,
    Pictures,
    PointsCopied,
    Previews,
    RealImages,
    Restore,
    RestoreDrawing,
    Samples,
    Scores,
    Weights,
)
from core.training import Run, advance, fit, init_state

pytestmark = pytest.mark.trains

SHAPE = (7, 7)
HALF_MASKED = ("masking", 0.5)


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_dataset("digits8")


@pytest.fixture(scope="module")
def run(digits: Dataset) -> Run:
    config = DenoisingConfig(hidden_units=(), latent_dim=20, learning_rate=1e-2)
    return fit(config, digits, num_epochs=2)


def test_psnr_is_the_mean_over_images() -> None:
    x = np.zeros((2, 50))
    x_hat = np.stack([np.full(50, 0.1), np.full(50, 0.01)])
    assert denoisers.psnr(x, x_hat) == pytest.approx((20 + 40) / 2)
    assert denoisers.quality(x, x_hat).mse == pytest.approx((1e-2 + 1e-4) / 2)
    assert denoisers.psnr(x, x) == np.inf


def test_the_linear_denoiser_is_ridge_regression(
    digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(denoisers, "RIDGE_STRENGTHS", (0.3,))
    x, x_tilde = digits.x_train[:400], denoising.corrupted(digits.x_train[:400], HALF_MASKED)
    strength = 360 * 0.3 * x_tilde[:360].var(axis=0).mean()
    oracle = Ridge(alpha=strength).fit(x_tilde[:360], x[:360])
    seen = denoising.corrupted(digits.x_test, HALF_MASKED)
    expected = np.clip(oracle.predict(seen), 0, 1)
    found = denoisers.fit_ridge(x, x_tilde).restore(seen)
    assert np.allclose(found, expected, atol=1e-4)


def test_more_noise_asks_for_a_stronger_ridge(digits: Dataset) -> None:
    x = digits.x_train[:300]
    weak, strong = (
        denoisers.fit_ridge(x, denoising.corrupted(x, ("gaussian", level))) for level in (0.02, 1.0)
    )
    assert float(weak.description.split()[-1]) < float(strong.description.split()[-1])


def test_a_median_removes_single_wrong_pixels_and_a_blur_spreads_them() -> None:
    x = np.zeros((1, 49), np.float32)
    x_tilde = x.copy()
    x_tilde[0, 24] = 1
    assert not denoisers.fit_median(x, x_tilde, SHAPE).restore(x_tilde).any()
    blurred = denoisers.fit_blur(x, x_tilde, SHAPE).restore(x_tilde)
    assert blurred.sum() == pytest.approx(1, rel=0.1)
    assert blurred.max() < 0.2


def test_widths_are_chosen_on_what_they_are_shown() -> None:
    x = np.zeros((4, 49), np.float32)
    x[:, 16:33] = 1
    narrow = denoisers.fit_blur(x, x, SHAPE)
    noisy = x + np.random.default_rng(0).normal(0, 2, x.shape).astype(np.float32)
    wide = denoisers.fit_blur(x, noisy, SHAPE)
    assert "0.3 pixels" in narrow.description
    assert "0.3 pixels" not in wide.description


@pytest.mark.parametrize("kind", ["gaussian", "masking", "dropout", "salt_and_pepper"])
def test_a_test_corruption_is_always_the_same_and_none_at_level_0(
    digits: Dataset, kind: str
) -> None:
    x = digits.x_test[:20]
    first, again = (denoising.corrupted(x, (kind, 0.4)) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, denoising.corrupted(x, (kind, 0.4), denoising.FIT_SEED))
    assert np.array_equal(denoising.corrupted(x, (kind, 0.0)), x)


def test_a_model_is_judged_by_the_corruption_that_is_asked_for(run: Run, digits: Dataset) -> None:
    answer = denoising.restore(run.model, digits, Restore(HALF_MASKED))
    x_tilde = denoising.corrupted(digits.x_test, HALF_MASKED)
    expected = denoisers.quality(digits.x_test, run.reconstruct(x_tilde))
    assert answer.psnr == pytest.approx(expected.psnr, abs=1e-4)
    assert answer.mse == pytest.approx(expected.mse, rel=1e-4)
    assert np.allclose(answer.x_hat, run.reconstruct(answer.x_tilde), atol=1e-5)
    assert (answer.x_tilde == 0).mean() > (answer.x == 0).mean() + 0.1
    scores = denoising.scores(run.model, digits, Scores([("masking", 0.0), HALF_MASKED]))
    assert scores[0] > scores[1]


def test_doing_nothing_is_the_worst_and_ridge_the_best_filter_on_small_digits(
    digits: Dataset,
) -> None:
    question = ClassicalDenoisers(("gaussian", 0.4))
    marks = denoising.denoisers(None, digits, question)
    assert min(marks, key=lambda name: marks[name].psnr) == "nothing"
    assert max(marks, key=lambda name: marks[name].psnr) == "ridge"
    assert denoising.denoisers(None, digits, question) is marks


def test_filters_are_the_strongest_rows_of_the_first_layer(run: Run, digits: Dataset) -> None:
    kernels = denoising.filters(run.model, digits, Filters())
    assert kernels.shape == (20, 64)
    lengths = np.linalg.norm(kernels, axis=1)
    assert (np.diff(lengths) <= 1e-6).all()


QUESTIONS = (
    Restore(HALF_MASKED),
    Gallery(HALF_MASKED),
    Scores((HALF_MASKED,)),
    Previews((HALF_MASKED,)),
    Filters(),
    ClassicalDenoisers(HALF_MASKED),
    RestoreDrawing(np.zeros(64, np.float32)),
    Weights(),
    MappedImages(),
    MappedCodes(),
    Samples(1.0, 0),
    RealImages(),
    LatentLoss(0, 0),
    Codes(20),
    Pictures(20),
    PointsCopied(20),
    CodesOf(np.zeros(64, np.float32)),
    EncoderWeights(),
)


def test_answers_bring_no_tensorflow_to_the_page(digits: Dataset) -> None:
    model = fit(VariationalConfig(hidden_units=(20,)), digits, num_epochs=1).model
    answers = [ANSWERS[type(question)](model, digits, question) for question in QUESTIONS]
    assert {type(question) for question in QUESTIONS} == ANSWERS.keys()
    code = "import pickle, sys; pickle.load(sys.stdin.buffer); print('tensorflow' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps((QUESTIONS, answers)),
        capture_output=True,
        check=True,
    )
    assert done.stdout.strip() == b"False"


def test_a_state_without_its_optimizer_is_good_to_look_at_and_harms_no_training(
    easy: Dataset,
) -> None:
    config = StackedConfig(hidden_units=(), latent_dim=3)
    start = init_state(config, 16, 0)
    trained, _ = advance(config, easy, start, config.coefficients(), num_updates=4)
    expected, _ = advance(config, easy, trained, config.coefficients(), num_updates=4)
    model = shared_model(config, easy, replace(start, optimizer=()))
    assert np.array_equal(model.variables[0].numpy(), start.weights[0])
    found, _ = advance(config, easy, trained, config.coefficients(), num_updates=4)
    assert np.array_equal(found.weights[0], expected.weights[0])
