"""How good a restored image is, and what restores images without learning a network: doing nothing,
a median filter, a Gaussian blur, a linear map. Imports no TensorFlow.

N images, D pixels; x clean, x_tilde corrupted, x_hat restored, all [N, D].
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

MEDIAN_WIDTHS = (3, 5, 7)
BLUR_STDDEVS = (0.3, 0.5, 0.7, 0.9, 1.2, 1.6)
RIDGE_STRENGTHS = 10.0 ** np.arange(-4, 1.01, 0.25)
HELD_OUT = 10
NUM_TRIED = 500

Restore = Callable[[np.ndarray], np.ndarray]


class Denoiser(NamedTuple):
    """What restores, and in words how it was set."""

    restore: Restore
    words: str


class Quality(NamedTuple):
    """`psnr` in decibels, and `mse`."""

    psnr: float
    mse: float


def psnr(x: np.ndarray, x_hat: np.ndarray) -> float:
    """Mean over the images of 10 log10(1 / mse) in decibels, for pixels between 0 and 1.

    Infinite as soon as one copy is perfect.
    """
    with np.errstate(divide="ignore"):
        return float(np.mean(-10 * np.log10(_errors(x, x_hat))))


def quality(x: np.ndarray, x_hat: np.ndarray) -> Quality:
    """How near restored images are to the clean ones."""
    return Quality(psnr(x, x_hat), float(_errors(x, x_hat).mean()))


def _errors(x: np.ndarray, x_hat: np.ndarray) -> np.ndarray:
    return np.square(np.asarray(x, np.float64) - x_hat).mean(axis=1)


def fit_denoisers(
    x: np.ndarray, x_tilde: np.ndarray, image_shape: tuple[int, int]
) -> dict[str, Denoiser]:
    """Every classical denoiser, set by training images and the same images corrupted."""
    return {
        "nothing": Denoiser(lambda corrupted: corrupted, "the corrupted image as it is"),
        "median": fit_median(x[:NUM_TRIED], x_tilde[:NUM_TRIED], image_shape),
        "blur": fit_blur(x[:NUM_TRIED], x_tilde[:NUM_TRIED], image_shape),
        "ridge": fit_ridge(x, x_tilde),
    }


def fit_median(x: np.ndarray, x_tilde: np.ndarray, image_shape: tuple[int, int]) -> Denoiser:
    """Each pixel becomes the median of a square round it, of the width that restores these best."""
    from scipy.ndimage import median_filter

    def with_width(width: int) -> Denoiser:
        return Denoiser(
            lambda corrupted: median_filter(
                corrupted.reshape(-1, *image_shape), size=(1, width, width)
            ).reshape(corrupted.shape),
            f"the median of {width} × {width} pixels round each",
        )

    return _best((with_width(width) for width in MEDIAN_WIDTHS), x, x_tilde)


def fit_blur(x: np.ndarray, x_tilde: np.ndarray, image_shape: tuple[int, int]) -> Denoiser:
    """Each pixel becomes a Gaussian mean of those round it, as wide as restores these best."""
    from scipy.ndimage import gaussian_filter

    def with_stddev(stddev: float) -> Denoiser:
        return Denoiser(
            lambda corrupted: gaussian_filter(
                corrupted.reshape(-1, *image_shape), (0, stddev, stddev)
            ).reshape(corrupted.shape),
            f"a Gaussian mean round each pixel, {stddev:g} pixels wide",
        )

    return _best((with_stddev(stddev) for stddev in BLUR_STDDEVS), x, x_tilde)


def fit_ridge(x: np.ndarray, x_tilde: np.ndarray) -> Denoiser:
    """The best linear map from corrupted to clean, clipped to [0, 1]:
    x_hat = mean(x) + (x_tilde - mean(x_tilde)) W with W = (C + λ I)⁻¹ K,
    C the covariance [D, D] of x_tilde and K that of x_tilde with x.

    The strength λ, a share of the mean of C's diagonal, is the one of `RIDGE_STRENGTHS` that
    restores the last tenth of the images best, on which W is not fitted.
    """
    held_out = max(1, len(x) // HELD_OUT)
    kept = max(1, len(x) - held_out)
    means = x[:kept].mean(axis=0), x_tilde[:kept].mean(axis=0)
    clean, corrupted = x[:kept] - means[0], x_tilde[:kept] - means[1]
    values, vectors = np.linalg.eigh(corrupted.T @ corrupted / kept)
    turned = vectors.T @ (corrupted.T @ clean / kept)
    unit = max(float(values.mean()), 1e-12)

    def with_strength(strength: float) -> Denoiser:
        matrix = vectors @ (turned / (np.maximum(values, 0) + strength * unit)[:, None])
        return Denoiser(
            lambda seen: np.clip(means[0] + (seen - means[1]) @ matrix, 0, 1),
            f"the best linear map from corrupted to clean, fitted on {kept:,} training images, "
            f"of strength {strength:.2g}",
        )

    candidates = (with_strength(float(strength)) for strength in RIDGE_STRENGTHS)
    return _best(candidates, x[-held_out:], x_tilde[-held_out:])


def _best(candidates: Iterable[Denoiser], x: np.ndarray, x_tilde: np.ndarray) -> Denoiser:
    return min(candidates, key=lambda each: _errors(x, each.restore(x_tilde)).mean())
