"""What the denoising page asks a model while it trains: its `ANSWERS` for the job layer.

A test corruption is a kind and a level, see `core.engine.draws.corrupt`; it is always drawn alike.
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

NUM_TESTED, NUM_SCORED, NUM_FITTED = 2_000, 1_000, 10_000
NUM_IN_GALLERY, NUM_FILTERS, BLOCK = 36, 48, 500
TEST_SEED, FIT_SEED = 2**31 - 3, 2**31 - 4


def ruin(x: np.ndarray, corruption: Corruption, seed: int = TEST_SEED) -> np.ndarray:
    """x_tilde [N, D], always the same for the same x, corruption and seed."""
    kind, level = corruption
    blocks = []
    for start in range(0, len(x), BLOCK):  # of one size, or each would be compiled anew
        rows = x[start : start + BLOCK]
        filled = np.resize(rows, (BLOCK, x.shape[1]))
        ruined = corrupt(tf.constant(filled), kind, level, tf.constant([seed, start]))
        blocks.append(ruined.numpy()[: len(rows)])
    return np.concatenate(blocks)


def restored(model: Any, data: Dataset, corruption: Corruption) -> dict[str, Any]:
    """Ten test images, ruined and restored, x, x_tilde, x_hat [10, D]; and `psnr` and `mse` over
    the first 2,000 test images.
    """
    x = data.x_test[:NUM_TESTED]
    quality = classical.quality(x, np.asarray(model(ruin(x, corruption))))
    return _shown(model, data.x_test[examples(data)], corruption) | quality._asdict()


def gallery(model: Any, data: Dataset, corruption: Corruption) -> dict[str, Any]:
    """The first 36 test images, ruined and restored: x, x_tilde, x_hat [36, D]."""
    return _shown(model, data.x_test[:NUM_IN_GALLERY], corruption)


def _shown(model: Any, x: np.ndarray, corruption: Corruption) -> dict[str, Any]:
    x_tilde = ruin(x, corruption)
    return {"x": x, "x_tilde": x_tilde, "x_hat": np.asarray(model(x_tilde))}


def scores(model: Any, data: Dataset, corruptions: Sequence[Corruption]) -> dict[str, Any]:
    """psnr [corruptions]: what the model makes of each, on the first 1,000 test images."""
    x = data.x_test[:NUM_SCORED]
    found = [classical.psnr(x, np.asarray(model(ruin(x, each)))) for each in corruptions]
    return {"psnr": np.array(found)}


def previews(_: Any, data: Dataset, corruptions: Sequence[Corruption]) -> dict[str, Any]:
    """Ten test images, x [10, D], and what each corruption makes of them, x_tilde [K, 10, D]."""
    x = data.x_test[examples(data)]
    return {"x": x, "x_tilde": np.array([ruin(x, each) for each in corruptions])}


def filters(model: Any, _: Dataset) -> dict[str, Any]:
    """kernels [U, D]: what the units of the first layer look for, the strongest 48."""
    kernel = model.encoder.layers[1].get_weights()[0].T
    strongest = np.argsort(-np.square(kernel).sum(axis=1), kind="stable")[:NUM_FILTERS]
    return {"kernels": kernel[strongest]}


def drawn(model: Any, _: Dataset, x_tilde: np.ndarray) -> dict[str, Any]:
    """x_hat [D]: what the model makes of one ruined drawing x_tilde [D]."""
    return {"x_hat": np.asarray(model(x_tilde[None]))[0]}


def denoisers(_: Any, data: Dataset, corruption: Corruption) -> dict[str, Any]:
    """(psnr, mse, words) of each classical denoiser by its name, on the first 2,000 test images;
    fitted once on at most 10,000 training images.
    """
    known = _known.setdefault(data, {})
    if corruption not in known:
        x, x_test = data.x_train[:NUM_FITTED], data.x_test[:NUM_TESTED]
        x_tilde, shape = ruin(x_test, corruption), data.image_shape or (1, data.input_dim)
        fitted = classical.fit_denoisers(x, ruin(x, corruption, FIT_SEED), shape)
        known[corruption] = {
            name: (*classical.quality(x_test, each.restore(x_tilde)), each.words)
            for name, each in fitted.items()
        }
    return known[corruption]


_known: "weakref.WeakKeyDictionary[Dataset, dict[Corruption, dict[str, Any]]]" = (
    weakref.WeakKeyDictionary()
)

ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    answer.__name__: answer
    for answer in (restored, gallery, scores, previews, filters, denoisers, drawn, weights)
}
