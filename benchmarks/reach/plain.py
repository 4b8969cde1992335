"""Plain autoencoders: Géron's on Fashion-MNIST, Hinton and Salakhutdinov's on MNIST."""

import time
from dataclasses import replace
from statistics import median

import keras
import numpy as np
from scipy.ndimage import affine_transform

from benchmarks.reach.table import Claim, Say
from core import pca
from core.configs import StackedConfig
from core.datasets import Dataset, load_dataset
from core.layers import DenseTranspose
from core.training import fit

SEEDS = (0, 1, 2)
GERON = StackedConfig(latent_activation="relu", output_activation="linear", optimizer="nadam")
DEEP = StackedConfig(hidden_units=(1000, 500, 250), learning_rate_decay="cosine", batch_size=64)
COPIES, DEEP_EPOCHS, MAX_MINUTES = 4, 18, 15
DEGREES, PIXELS, STRETCH, SHEAR = 8.0, 1.0, 0.06, 0.1


def measure(say: Say) -> list[Claim]:
    """Everything, in about half an hour on two cores."""
    fashion = load_dataset("fashion_mnist")
    x = fashion.x_train
    data = replace(fashion, x_train=x[:55_000], x_test=x[55_000:], y_train=None, y_test=None)
    claims = [
        _against_keras("stacked 784-100-30-100-784, 20 epochs", GERON, data, 20, "0.0132"),
        _against_keras(
            "the same, tied weights, 10 epochs", replace(GERON, tied_weights=True), data, 10,
            "0.0133",
        ),
        _linear_codes(data),
        _pca(data),
    ]  # fmt: skip
    say("Fashion-MNIST is done")
    return [*claims, *_deep(say)]


def _against_keras(
    what: str, config: StackedConfig, data: Dataset, epochs: int, published: str
) -> Claim:
    ours = tuple(_test_mse(config, data, epochs, seed) for seed in SEEDS)
    theirs = tuple(_keras_mse(config.tied_weights, data, epochs, seed) for seed in SEEDS)
    kept = median(ours) <= 1.03 * median(theirs)
    name, asked = f"Fashion-MNIST, {what}: test mse", "at most 3 % above plain Keras"
    return Claim(name, ours, asked, kept, ("Keras fit", theirs), published)


def _linear_codes(data: Dataset) -> Claim:
    config = replace(GERON, latent_activation="linear")
    ours = tuple(_test_mse(config, data, 20, seed) for seed in SEEDS)
    name = "Fashion-MNIST, stacked with linear codings, 20 epochs: test mse"
    return Claim(name, ours, "at most 0.0127", median(ours) <= 0.0127)


def _pca(data: Dataset) -> Claim:
    error = float(pca.fit(data).errors[30])
    name = "Fashion-MNIST, the page's PCA line at 30 components: test mse"
    return Claim(name, (error,), "0.0157", round(error, 4) == 0.0157, None, "0.0157")


def _test_mse(config: StackedConfig, data: Dataset, epochs: int, seed: int) -> float:
    record = fit(config, data, num_epochs=epochs, seed=seed).history[-1]
    return record.validation["reconstruction"]


def _keras_mse(tied: bool, data: Dataset, epochs: int, seed: int) -> float:
    """The chapter's network in plain Keras, its own shuffling and initial weights."""
    keras.utils.set_random_seed(seed)
    first, code = (keras.layers.Dense(n, activation="relu") for n in (100, 30))
    if tied:
        decoder = [DenseTranspose(code, "relu"), DenseTranspose(first)]
    else:
        decoder = [keras.layers.Dense(100, activation="relu"), keras.layers.Dense(784)]
    model = keras.Sequential([keras.Input((784,)), first, code, *decoder])
    model.compile("nadam", "mse")
    model.fit(data.x_train, data.x_train, epochs=epochs, verbose=0)
    return float(model.evaluate(data.x_test, data.x_test, verbose=0))


def _deep(say: Say) -> list[Claim]:
    """784-1000-500-250-30 and back, on the digits and slightly warped copies of them."""
    data, started = load_dataset("mnist"), time.perf_counter()
    warped = warped_copies(data.x_train, COPIES, seed=0)
    more = replace(data, x_train=np.concatenate([data.x_train, *warped]), y_train=None)
    run = fit(DEEP, more, num_epochs=DEEP_EPOCHS)
    minutes = (time.perf_counter() - started) / 60
    error = float(np.square(data.x_test - run.reconstruct(data.x_test)).sum(axis=1).mean())
    line = float(pca.fit(data).errors[30]) * data.input_dim
    say(f"The deep autoencoder took {minutes:.1f} minutes")
    name = "MNIST, 784-1000-500-250-30 and back: squared error a test image"
    return [
        Claim(name, (error,), "at most 3.6; 3.00 as the aim", error <= 3.6,
              ("PCA", (line,)), "3.00 (PCA 13.87)"),
        Claim("its minutes of training, the warping included", (minutes,),
              f"at most {MAX_MINUTES}", minutes <= MAX_MINUTES),
    ]  # fmt: skip


def warped_copies(x: np.ndarray, count: int, seed: int) -> list[np.ndarray]:
    """`count` copies of x [N, 784], each image turned, moved, stretched and sheared a little.

    Grey levels stay multiples of 1/255.
    """
    rng = np.random.default_rng(seed)
    return [np.stack([_warp(row, rng) for row in x]) for _ in range(count)]


def _warp(row: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    angle, shear = np.deg2rad(rng.uniform(-DEGREES, DEGREES)), rng.uniform(-SHEAR, SHEAR)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    stretch = np.diag(1 + rng.uniform(-STRETCH, STRETCH, 2))
    matrix = turn @ stretch @ np.array([[1, 0], [shear, 1]])
    middle = np.array([13.5, 13.5])
    offset = middle - matrix @ middle + rng.uniform(-PIXELS, PIXELS, 2)
    image = affine_transform(row.reshape(28, 28), matrix, offset, order=1)
    return (np.rint(np.clip(image, 0, 1) * 255) / 255).astype(np.float32).ravel()
