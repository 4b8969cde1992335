"""The answers of a denoising autoencoder about corrupted test images; see `core.queries.questions`.

A corruption is a kind and a level, see `core.engine.draws.corrupt`. Its random numbers are the same
in every query: they depend on a fixed seed and the number of the row.

N images, D pixels; x clean, x_tilde corrupted, x_hat restored.
"""

import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from core.analysis import denoisers as classical
from core.configs import Corruption
from core.datasets import Dataset
from core.engine.draws import corrupt
from core.queries.autoencoder import examples, weights
from core.queries.questions import (
    ClassicalDenoisers,
    Corrupted,
    FilterMark,
    Filters,
    Gallery,
    Previews,
    Restoration,
    Restore,
    Restored,
    RestoreDrawing,
    Scores,
    Weights,
)
from core.question import Question

NUM_TESTED = 2_000
NUM_SCORED = 1_000
NUM_FITTED = 10_000
NUM_IN_GALLERY = 36
NUM_FILTERS = 48
ROWS_A_BLOCK = 500
TEST_SEED = 2**31 - 3
FIT_SEED = 2**31 - 4


def corrupted(x: np.ndarray, corruption: Corruption, seed: int = TEST_SEED) -> np.ndarray:
    """x_tilde [N, D], always the same for the same x [N, D], corruption and seed."""
    kind, level = corruption
    blocks = []
    for start in range(0, len(x), ROWS_A_BLOCK):
        rows = x[start : start + ROWS_A_BLOCK]
        filled = np.resize(rows, (ROWS_A_BLOCK, x.shape[1]))  # of one shape: compiled once
        x_tilde = corrupt(tf.constant(filled), kind, level, tf.constant([seed, start]))
        blocks.append(x_tilde.numpy()[: len(rows)])
    return np.concatenate(blocks)


def restore(model: Any, data: Dataset, question: Restore) -> Restoration:
    """The answer to `Restore`."""
    x = data.x_test[:NUM_TESTED]
    quality = classical.quality(x, np.asarray(model(corrupted(x, question.corruption))))
    images = _restored(model, data.x_test[examples(data)], question.corruption)
    return Restoration(*images, *quality)


def gallery(model: Any, data: Dataset, question: Gallery) -> Restored:
    """The answer to `Gallery`."""
    return _restored(model, data.x_test[:NUM_IN_GALLERY], question.corruption)


def _restored(model: Any, x: np.ndarray, corruption: Corruption) -> Restored:
    x_tilde = corrupted(x, corruption)
    return Restored(x, x_tilde, np.asarray(model(x_tilde)))


def scores(model: Any, data: Dataset, question: Scores) -> np.ndarray:
    """The answer to `Scores`."""
    x = data.x_test[:NUM_SCORED]
    tested = (np.asarray(model(corrupted(x, each))) for each in question.corruptions)
    return np.array([classical.psnr(x, x_hat) for x_hat in tested])


def previews(_: Any, data: Dataset, question: Previews) -> Corrupted:
    """The answer to `Previews`."""
    x = data.x_test[examples(data)]
    return Corrupted(x, np.array([corrupted(x, each) for each in question.corruptions]))


def filters(model: Any, _: Dataset, __: Filters) -> np.ndarray:
    """The answer to `Filters`."""
    kernel = model.encoder.layers[1].get_weights()[0].T  # [units, D]
    strongest = np.argsort(-np.square(kernel).sum(axis=1), kind="stable")[:NUM_FILTERS]
    return np.asarray(kernel[strongest])


def restore_drawing(model: Any, _: Dataset, question: RestoreDrawing) -> np.ndarray:
    """The answer to `RestoreDrawing`."""
    return np.asarray(model(question.x_tilde[None]))[0]


def denoisers(_: Any, data: Dataset, question: ClassicalDenoisers) -> dict[str, FilterMark]:
    """The answer to `ClassicalDenoisers`: fitted on at most 10,000 training images, once a data set
    and corruption (cached).
    """
    corruption = question.corruption
    cached = _denoiser_cache.setdefault(data, {})
    if corruption not in cached:
        x = data.x_train[:NUM_FITTED]
        x_test = data.x_test[:NUM_TESTED]
        x_tilde = corrupted(x_test, corruption)
        image_shape = data.image_shape or (1, data.input_dim)
        fitted = classical.fit_denoisers(x, corrupted(x, corruption, FIT_SEED), image_shape)
        cached[corruption] = {
            name: FilterMark(
                *classical.quality(x_test, denoiser.restore(x_tilde)), denoiser.description
            )
            for name, denoiser in fitted.items()
        }
    return cached[corruption]


_denoiser_cache: "weakref.WeakKeyDictionary[Dataset, dict[Corruption, dict[str, FilterMark]]]" = (
    weakref.WeakKeyDictionary()
)

ANSWERS: dict[type[Question[Any]], Callable[[Any, Any, Any], Any]] = {
    Restore: restore,
    Gallery: gallery,
    Scores: scores,
    Previews: previews,
    Filters: filters,
    ClassicalDenoisers: denoisers,
    RestoreDrawing: restore_drawing,
    Weights: lambda model, data, _: weights(model, data),
}
