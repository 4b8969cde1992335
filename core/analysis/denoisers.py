"""Quality of restored images, and denoisers that are not networks: the identity, a median filter, a
Gaussian blur, ridge regression. Imports no TensorFlow.

N images, D pixels; x clean, x_tilde corrupted, x_hat restored, all [N, D].
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from core.message import Message

MEDIAN_WIDTHS = (3, 5, 7)
BLUR_STDDEVS = (0.3, 0.5, 0.7, 0.9, 1.2, 1.6)
RIDGE_STRENGTHS = 10.0 ** np.arange(-4, 1.01, 0.25)
HELD_OUT_PART = 10
NUM_IMAGES_TO_SELECT = 500

Restore = Callable[[np.ndarray], np.ndarray]


class Denoiser(NamedTuple):
    """A function x_tilde -> x_hat, and a phrase that says how its parameter was set."""

    restore: Restore
    description: str


class Quality(NamedTuple):
    """`psnr` in decibels, and `mse`."""

    psnr: float
    mse: float


def psnr(x: np.ndarray, x_hat: np.ndarray) -> float:
    """Mean over the images of 10 log10(1 / mse), in decibels, for pixels between 0 and 1.

    Infinite if one image is restored perfectly.
    """
    with np.errstate(divide="ignore"):
        return float(np.mean(-10 * np.log10(_errors(x, x_hat))))


def quality(x: np.ndarray, x_hat: np.ndarray) -> Quality:
    """PSNR and mean squared error of restored images against the clean ones."""
    return Quality(psnr(x, x_hat), float(_errors(x, x_hat).mean()))


def _errors(x: np.ndarray, x_hat: np.ndarray) -> np.ndarray:
    """Mean squared error of each image, float64 [N]."""
    return np.square(np.asarray(x, np.float64) - x_hat).mean(axis=1)


def fit_denoisers(
    x: np.ndarray, x_tilde: np.ndarray, image_shape: tuple[int, int]
) -> dict[str, Denoiser]:
    """Every denoiser by its name, with the parameter that restores these training images best."""
    x_few = x[:NUM_IMAGES_TO_SELECT]
    x_tilde_few = x_tilde[:NUM_IMAGES_TO_SELECT]
    return {
        "nothing": Denoiser(lambda corrupted: corrupted, Message("the corrupted image as it is")),
        "median": fit_median(x_few, x_tilde_few, image_shape),
        "blur": fit_blur(x_few, x_tilde_few, image_shape),
        "ridge": fit_ridge(x, x_tilde),
    }


def fit_median(x: np.ndarray, x_tilde: np.ndarray, image_shape: tuple[int, int]) -> Denoiser:
    """The median of a square round each pixel, of the width in `MEDIAN_WIDTHS` with least error."""
    from scipy.ndimage import median_filter

    def with_width(width: int) -> Denoiser:
        return Denoiser(
            lambda corrupted: median_filter(
                corrupted.reshape(-1, *image_shape), size=(1, width, width)
            ).reshape(corrupted.shape),
            Message("the median of {width} × {width} pixels round each", width=width),
        )

    return _best((with_width(width) for width in MEDIAN_WIDTHS), x, x_tilde)


def fit_blur(x: np.ndarray, x_tilde: np.ndarray, image_shape: tuple[int, int]) -> Denoiser:
    """A Gaussian mean round each pixel, with the stddev in `BLUR_STDDEVS` of least error."""
    from scipy.ndimage import gaussian_filter

    def with_stddev(stddev: float) -> Denoiser:
        return Denoiser(
            lambda corrupted: gaussian_filter(
                corrupted.reshape(-1, *image_shape), (0, stddev, stddev)
            ).reshape(corrupted.shape),
            Message("a Gaussian mean round each pixel, {stddev:g} pixels wide", stddev=stddev),
        )

    return _best((with_stddev(stddev) for stddev in BLUR_STDDEVS), x, x_tilde)


def fit_ridge(x: np.ndarray, x_tilde: np.ndarray) -> Denoiser:
    """Ridge regression from corrupted to clean images, clipped to [0, 1]:
    x_hat = mean(x) + (x_tilde - mean(x_tilde)) W with W = (C + λ I)⁻¹ K,
    C the covariance [D, D] of x_tilde and K that of x_tilde with x.

    The strength λ, relative to the mean of C's diagonal, is the one of `RIDGE_STRENGTHS` with the
    least error on the last tenth of the images, on which W is not fitted.
    """
    num_held_out = max(1, len(x) // HELD_OUT_PART)
    num_fitted = max(1, len(x) - num_held_out)
    x_mean = x[:num_fitted].mean(axis=0)  # [D]
    x_tilde_mean = x_tilde[:num_fitted].mean(axis=0)  # [D]
    clean = x[:num_fitted] - x_mean  # [N, D]
    corrupted = x_tilde[:num_fitted] - x_tilde_mean  # [N, D]
    values, vectors = np.linalg.eigh(corrupted.T @ corrupted / num_fitted)  # [D], [D, D]
    rotated = vectors.T @ (corrupted.T @ clean / num_fitted)  # [D, D]
    mean_variance = max(float(values.mean()), 1e-12)

    def with_strength(strength: float) -> Denoiser:
        ridge = np.maximum(values, 0) + strength * mean_variance  # [D]
        w = vectors @ (rotated / ridge[:, None])  # [D, D]
        return Denoiser(
            lambda x_tilde: np.clip(x_mean + (x_tilde - x_tilde_mean) @ w, 0, 1),
            Message(
                "the best linear map from corrupted to clean, fitted on {num_fitted:,} "
                "training images, of strength {strength:.2g}",
                num_fitted=num_fitted,
                strength=strength,
            ),
        )

    candidates = (with_strength(float(strength)) for strength in RIDGE_STRENGTHS)
    return _best(candidates, x[-num_held_out:], x_tilde[-num_held_out:])


def _best(candidates: Iterable[Denoiser], x: np.ndarray, x_tilde: np.ndarray) -> Denoiser:
    """The candidate with the least mean squared error."""
    return min(candidates, key=lambda denoiser: _errors(x, denoiser.restore(x_tilde)).mean())
