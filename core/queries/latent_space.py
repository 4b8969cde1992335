"""Queries to a variational autoencoder: codes of test images, generated images, the latent loss of
a batch; `ANSWERS` for the job layer. Imports no TensorFlow.

N images, D pixels, Z latent_dim.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.datasets import Dataset
from core.engine.state import rows_of_epoch, updates_per_epoch
from core.queries.autoencoder import NUM_CLOUDS

NUM_SAMPLES = 100
NUM_SHOWN = 10
NUM_CANDIDATES = 5


def mapped(_: Any, data: Dataset) -> dict[str, Any]:
    """The images of the view `clouds`, x [N, D], their labels int [N] or None, and the names of the
    classes.
    """
    labels = None if data.y_test is None else data.y_test[:NUM_CLOUDS]
    return {"x": data.x_test[:NUM_CLOUDS], "labels": labels, "class_names": data.class_names}


def mapped_codes(model: Any, data: Dataset) -> dict[str, Any]:
    """The codes of those images, z [N, Z]; of a variational autoencoder their means."""
    return {"z": np.asarray(model.encoder(data.x_test[:NUM_CLOUDS]))}


def generated(model: Any, data: Dataset, sigma: float, seed: int) -> dict[str, Any]:
    """A hundred images decoded from z = sigma · epsilon, epsilon drawn from N(0, 1): the first ten,
    x [10, D]; the training image nearest to each, nearest [10, D]; and the squared distances of
    all, distances [100].
    """
    epsilon = np.random.default_rng(seed).normal(size=(NUM_SAMPLES, model.config.latent_dim))
    z = (sigma * epsilon).astype(np.float32)  # [100, Z]
    return _beside_nearest(np.asarray(model.decoder(z)), data)


def tested(_: Any, data: Dataset) -> dict[str, Any]:
    """The answer of `generated` for the first hundred test images, which no model is trained on."""
    return _beside_nearest(data.x_test[:NUM_SAMPLES], data)


def _beside_nearest(x: np.ndarray, data: Dataset) -> dict[str, Any]:
    rows, distances = nearest(x, data.x_train)  # [N], [N]
    return {
        "x": x[:NUM_SHOWN],
        "nearest": data.x_train[rows[:NUM_SHOWN]],
        "distances": distances,
    }


def nearest(x: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The row of `among` [M, D] that is nearest to each of x [N, D], int [N], and its squared
    distance Σ_i (x_i - y_i)², float64 [N].

    The five nearest by ‖y‖² - 2 x·y in single precision are compared in double precision.
    """
    rough = np.einsum("md,md->m", among, among) - 2 * x @ among.T  # [N, M]
    count = min(NUM_CANDIDATES, len(among))
    candidates = np.argpartition(rough, count - 1, axis=1)[:, :count]  # [N, 5]
    exact = np.square(among[candidates].astype(np.float64) - x[:, None]).sum(axis=2)  # [N, 5]
    best = exact.argmin(axis=1)  # [N]
    each = np.arange(len(x))
    return candidates[each, best], exact[each, best]


def batch(model: Any, data: Dataset, seed: int, update: int) -> dict[str, Any]:
    """Statistics for the latent loss of the batch of an update, with the present weights.

    Returns:
        square, variance, log_var: Means over the batch of μ², σ² and log σ², [Z].
        num_rows: B.
    """
    size = min(model.config.batch_size, len(data.x_train))
    epoch, index = divmod(update, updates_per_epoch(len(data.x_train), size))
    rows = rows_of_epoch(len(data.x_train), size, seed, epoch)[index * size : (index + 1) * size]
    mean, log_var = (np.asarray(a, np.float64) for a in model.posterior(data.x_train[rows]))
    return {
        "square": np.square(mean).mean(axis=0),
        "variance": np.exp(log_var).mean(axis=0),
        "log_var": log_var.mean(axis=0),
        "num_rows": len(rows),
    }


ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    answer.__name__: answer for answer in (mapped, mapped_codes, generated, tested, batch)
}
