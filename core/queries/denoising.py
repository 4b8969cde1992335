"""Queries to a denoising autoencoder on corrupted test images: `ANSWERS` for the job layer.

A corruption is a kind and a level, see `core.engine.draws.corrupt`. Its random numbers are the same
in every query: they depend on a fixed seed and the number of the row.

N images, D pixels; x clean, x_tilde corrupted, x_hat restored.
"""

import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from core.analysis import denoisers as classical
from core.configs import Corruption
from core.datasets import Dataset
from core.engine.draws import corrupt
from core.queries.autoencoder import examples, weights

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


def restored(model: Any, data: Dataset, corruption: Corruption) -> dict[str, Any]:
    """Ten test images, corrupted and restored, x, x_tilde, x_hat [10, D]; `psnr` in decibels and
    `mse` over the first 2,000 test images.
    """
    x = data.x_test[:NUM_TESTED]
    quality = classical.quality(x, np.asarray(model(corrupted(x, corruption))))
    return _images(model, data.x_test[examples(data)], corruption) | quality._asdict()


def gallery(model: Any, data: Dataset, corruption: Corruption) -> dict[str, Any]:
    """The first 36 test images, corrupted and restored: x, x_tilde, x_hat [36, D]."""
    return _images(model, data.x_test[:NUM_IN_GALLERY], corruption)


def _images(model: Any, x: np.ndarray, corruption: Corruption) -> dict[str, Any]:
    x_tilde = corrupted(x, corruption)
    return {"x": x, "x_tilde": x_tilde, "x_hat": np.asarray(model(x_tilde))}


def scores(model: Any, data: Dataset, corruptions: Sequence[Corruption]) -> dict[str, Any]:
    """psnr [number of corruptions]: in decibels, of the first 1,000 test images, restored from each
    corruption.
    """
    x = data.x_test[:NUM_SCORED]
    psnrs = [classical.psnr(x, np.asarray(model(corrupted(x, each)))) for each in corruptions]
    return {"psnr": np.array(psnrs)}


def previews(_: Any, data: Dataset, corruptions: Sequence[Corruption]) -> dict[str, Any]:
    """Ten test images, x [10, D], and the same under each of M corruptions, x_tilde [M, 10, D]."""
    x = data.x_test[examples(data)]
    return {"x": x, "x_tilde": np.array([corrupted(x, each) for each in corruptions])}


def filters(model: Any, _: Dataset) -> dict[str, Any]:
    """kernels [U, D]: weights of the first layer's units; the 48 of largest norm, largest first."""
    kernel = model.encoder.layers[1].get_weights()[0].T  # [units, D]
    strongest = np.argsort(-np.square(kernel).sum(axis=1), kind="stable")[:NUM_FILTERS]
    return {"kernels": kernel[strongest]}


def drawn(model: Any, _: Dataset, x_tilde: np.ndarray) -> dict[str, Any]:
    """x_hat [D]: the restored image of one corrupted drawing x_tilde [D]."""
    return {"x_hat": np.asarray(model(x_tilde[None]))[0]}


def denoisers(_: Any, data: Dataset, corruption: Corruption) -> dict[str, Any]:
    """(psnr, mse, description) of each classical denoiser by its name, on the first 2,000 test
    images; fitted on at most 10,000 training images, once a data set and corruption (cached).
    """
    cached = _denoiser_cache.setdefault(data, {})
    if corruption not in cached:
        x = data.x_train[:NUM_FITTED]
        x_test = data.x_test[:NUM_TESTED]
        x_tilde = corrupted(x_test, corruption)
        image_shape = data.image_shape or (1, data.input_dim)
        fitted = classical.fit_denoisers(x, corrupted(x, corruption, FIT_SEED), image_shape)
        cached[corruption] = {
            name: (*classical.quality(x_test, denoiser.restore(x_tilde)), denoiser.description)
            for name, denoiser in fitted.items()
        }
    return cached[corruption]


_denoiser_cache: "weakref.WeakKeyDictionary[Dataset, dict[Corruption, dict[str, Any]]]" = (
    weakref.WeakKeyDictionary()
)

ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    answer.__name__: answer
    for answer in (restored, gallery, scores, previews, filters, denoisers, drawn, weights)
}
