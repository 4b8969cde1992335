"""Plain autoencoders on Fashion-MNIST (Géron, Hands-On Machine Learning, chapter 17)."""

from dataclasses import replace
from statistics import median

import keras

from benchmarks.reach.table import Claim, Say
from core.analysis import pca
from core.configs import StackedConfig
from core.datasets import Dataset, load_dataset
from core.models.layers import DenseTranspose
from core.training import fit

SEEDS = (0, 1, 2)
GERON = StackedConfig(latent_activation="relu", output_activation="linear", optimizer="nadam")


def measure(say: Say) -> list[Claim]:
    """Everything, in about a quarter of an hour on two cores."""
    data = fashion()
    say(f"Fashion-MNIST, {len(SEEDS)} seeds each, ours and plain Keras")
    return [
        _against_keras("stacked 784-100-30-100-784, 20 epochs", GERON, data, 20, "0.0132"),
        _against_keras(
            "the same, tied weights, 10 epochs", replace(GERON, tied_weights=True), data, 10,
            "0.0133",
        ),
        _linear_codes(data),
        _pca(data),
    ]  # fmt: skip


def fashion() -> Dataset:
    """The chapter's split: the last 5,000 training images validate."""
    data = load_dataset("fashion_mnist")
    x = data.x_train
    return replace(data, x_train=x[:55_000], x_test=x[55_000:], y_train=None, y_test=None)


def _against_keras(
    what: str, config: StackedConfig, data: Dataset, epochs: int, published: str
) -> Claim:
    ours = tuple(_test_mse(config, data, epochs, seed) for seed in SEEDS)
    theirs = tuple(_keras_mse(config.tied_weights, data, epochs, seed) for seed in SEEDS)
    kept = median(ours) <= 1.03 * median(theirs)
    name = f"Fashion-MNIST, {what}: test mse"
    asked = "at most 3 % above plain Keras"
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
