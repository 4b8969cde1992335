"""Principal component analysis: of any rows, and of a data set, where its error is the least that
any linear code of a given size can reach.
"""

import weakref
from typing import NamedTuple

import numpy as np

from core.datasets import Dataset

MAX_DIMENSIONS = 100
KEPT_DIMENSIONS = 50


class Pca(NamedTuple):
    """PCA of a data set.

    Attributes:
        mean: Of the training rows, [D].
        components: One a row, largest variance first, [D, D].
        errors: Mean squared error per feature of the test rows, reconstructed from 0, 1, ... D
            components, [D + 1].
    """

    mean: np.ndarray
    components: np.ndarray
    errors: np.ndarray


class Basis(NamedTuple):
    """The first K principal components of some rows.

    Attributes:
        mean: Of the rows, [D].
        components: One a row, largest variance first, [K, D].
        kept: Share of the variance that lies along the components.
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
    input_dim = x.shape[1]
    mean = x.mean(axis=0)  # [D]
    covariance = np.cov(x, rowvar=False).reshape((input_dim, input_dim))
    values, vectors = np.linalg.eigh(covariance)  # [D], [D, D]; smallest first, vectors in columns
    kept = values[::-1][:count].sum() / max(values.sum(), 1e-300)
    num_missing = max(0, count - input_dim)
    components = np.pad(vectors.T[::-1][:count], ((0, num_missing), (0, 0)))  # [count, D]
    return Basis(mean, components, float(kept))


def reduction(x: np.ndarray) -> Basis | None:
    """The first 50 principal components of x [N, D] if D > 100, else None, as before t-SNE in van
    der Maaten & Hinton (2008).
    """
    return components_of(x, KEPT_DIMENSIONS) if x.shape[1] > MAX_DIMENSIONS else None


_cache: "weakref.WeakKeyDictionary[Dataset, Pca]" = weakref.WeakKeyDictionary()


def fit(data: Dataset) -> Pca:
    """The principal components of the training rows; computed once a data set (cached)."""
    if data not in _cache:
        _cache[data] = _fit(data)
    return _cache[data]


def _fit(data: Dataset) -> Pca:
    mean = data.x_train.mean(axis=0, dtype=np.float64)  # [D]
    covariance = np.cov(data.x_train, rowvar=False).reshape((data.input_dim, data.input_dim))
    _, vectors = np.linalg.eigh(covariance)
    components = vectors.T[::-1]  # [D, D]
    squares = np.square((data.x_test - mean) @ components.T).mean(axis=0)  # [D]
    residuals = squares.sum() - np.concatenate([[0.0], np.cumsum(squares)])  # [D + 1]
    return Pca(mean, components, np.maximum(residuals, 0.0) / data.input_dim)


def principal_angles(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Angles in degrees, smallest first, between the spaces that the rows of a [K, D] and b [K, D]
    span: arccos of the singular values of Q_a Q_bᵀ (Björck & Golub 1973).
    """
    q_a, q_b = (np.linalg.qr(np.asarray(rows, dtype=np.float64).T)[0] for rows in (a, b))
    cosines = np.linalg.svd(q_a.T @ q_b, compute_uv=False)  # [K]
    return np.rad2deg(np.arccos(np.clip(cosines, -1.0, 1.0)))
