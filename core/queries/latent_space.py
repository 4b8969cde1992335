"""The answers of a variational autoencoder: codes of test images, generated images, the latent loss
of a batch; see `core.queries.questions`. Imports no TensorFlow.

N images, D pixels, Z latent_dim.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.datasets import Dataset
from core.engine.state import rows_of_epoch, updates_per_epoch
from core.queries.autoencoder import NUM_CLOUDS
from core.queries.questions import (
    BatchStatistics,
    Generated,
    Images,
    LatentLoss,
    MappedCodes,
    MappedImages,
    RealImages,
    Samples,
)
from core.question import Question

NUM_SAMPLES = 100
NUM_SHOWN = 10
NUM_CANDIDATES = 5


def mapped_images(_: Any, data: Dataset, __: MappedImages) -> Images:
    """The answer to `MappedImages`."""
    labels = None if data.y_test is None else data.y_test[:NUM_CLOUDS]
    return Images(data.x_test[:NUM_CLOUDS], labels, data.class_names)


def mapped_codes(model: Any, data: Dataset, _: MappedCodes) -> np.ndarray:
    """The answer to `MappedCodes`."""
    return np.asarray(model.encoder(data.x_test[:NUM_CLOUDS]))


def samples(model: Any, data: Dataset, question: Samples) -> Generated:
    """The answer to `Samples`: decoded from z = sigma · epsilon, epsilon drawn from N(0, 1)."""
    rng = np.random.default_rng(question.seed)
    epsilon = rng.normal(size=(NUM_SAMPLES, model.config.latent_dim))
    z = (question.sigma * epsilon).astype(np.float32)  # [100, Z]
    return _beside_nearest(np.asarray(model.decoder(z)), data)


def real_images(_: Any, data: Dataset, __: RealImages) -> Generated:
    """The answer to `RealImages`."""
    return _beside_nearest(data.x_test[:NUM_SAMPLES], data)


def _beside_nearest(x: np.ndarray, data: Dataset) -> Generated:
    rows, distances = nearest(x, data.x_train)  # [N], [N]
    return Generated(x[:NUM_SHOWN], data.x_train[rows[:NUM_SHOWN]], distances)


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


def latent_loss(model: Any, data: Dataset, question: LatentLoss) -> BatchStatistics:
    """The answer to `LatentLoss`."""
    size = min(model.config.batch_size, len(data.x_train))
    epoch, index = divmod(question.update, updates_per_epoch(len(data.x_train), size))
    order = rows_of_epoch(len(data.x_train), size, question.seed, epoch)
    rows = order[index * size : (index + 1) * size]
    mean, log_var = (np.asarray(a, np.float64) for a in model.posterior(data.x_train[rows]))
    return BatchStatistics(
        np.square(mean).mean(axis=0),
        np.exp(log_var).mean(axis=0),
        log_var.mean(axis=0),
        len(rows),
    )


ANSWERS: dict[type[Question[Any]], Callable[[Any, Any, Any], Any]] = {
    MappedImages: mapped_images,
    MappedCodes: mapped_codes,
    Samples: samples,
    RealImages: real_images,
    LatentLoss: latent_loss,
}
