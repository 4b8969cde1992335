"""Principal component analysis: of any rows, and of a data set as a yardstick, the best that any
linear code of a given size can do.
"""

import weakref
from typing import NamedTuple

import numpy as np

from core.datasets import Dataset

MOST_DIMENSIONS, KEPT_DIMENSIONS = 100, 50


class Pca(NamedTuple):
    """mean [D]; components [D, D], one a row, largest variance first; errors [D + 1]: mean squared
    error a feature on the test rows with 0, 1, ... D components.
    """

    mean: np.ndarray
    components: np.ndarray
    errors: np.ndarray


class Basis(NamedTuple):
    """Principal components: mean [D], components [K, D], largest variance first, and the share of
    the variance that they keep.
    """

    mean: np.ndarray
    components: np.ndarray
    kept: float

    def project(self, x: np.ndarray) -> np.ndarray:
        """Coordinates of the rows of x along the components, float32 [N, K]."""
        return ((x - self.mean) @ self.components.T).astype(np.float32)


def components_of(x: np.ndarray, count: int) -> Basis:
    """The first `count` principal components of x [N, D]; beyond D they are 0."""
    x = np.asarray(x, np.float64)
    mean = x.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(x, rowvar=False).reshape((x.shape[1],) * 2))
    kept = values[::-1][:count].sum() / max(values.sum(), 1e-300)
    missing = max(0, count - x.shape[1])
    return Basis(mean, np.pad(vectors.T[::-1][:count], ((0, missing), (0, 0))), float(kept))


def reduction(x: np.ndarray) -> Basis | None:
    """What brings more than 100 dimensions down to 50 principal components, as van der Maaten and
    Hinton did before t-SNE; None where there are fewer.
    """
    return components_of(x, KEPT_DIMENSIONS) if x.shape[1] > MOST_DIMENSIONS else None


_fitted: "weakref.WeakKeyDictionary[Dataset, Pca]" = weakref.WeakKeyDictionary()


def fit(data: Dataset) -> Pca:
    """The principal components of the training rows; computed once a data set."""
    if data not in _fitted:
        _fitted[data] = _fit(data)
    return _fitted[data]


def _fit(data: Dataset) -> Pca:
    mean = data.x_train.mean(axis=0, dtype=np.float64)
    _, vectors = np.linalg.eigh(np.cov(data.x_train, rowvar=False).reshape((data.input_dim,) * 2))
    components = vectors.T[::-1]
    shares = np.square((data.x_test - mean) @ components.T).mean(axis=0)
    left = shares.sum() - np.concatenate([[0.0], np.cumsum(shares)])
    return Pca(mean, components, np.maximum(left, 0.0) / data.input_dim)


def principal_angles(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Angles in degrees, smallest first, between the spaces that the rows of a [K, D] and b [K, D]
    span: arccos of the singular values of Q_a Q_bᵀ (Björck & Golub 1973).
    """
    q_a, q_b = (np.linalg.qr(np.asarray(rows, dtype=np.float64).T)[0] for rows in (a, b))
    cosines = np.linalg.svd(q_a.T @ q_b, compute_uv=False)
    return np.rad2deg(np.arccos(np.clip(cosines, -1.0, 1.0)))
