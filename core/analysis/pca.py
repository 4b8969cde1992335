"""Principal component analysis as a yardstick: the best that any linear code of a given size can
do."""

import weakref
from typing import NamedTuple

import numpy as np

from core.datasets import Dataset


class Pca(NamedTuple):
    """mean [D]; components [D, D], one a row, largest variance first; errors [D + 1]: mean squared
    error a feature on the test rows with 0, 1, ... D components.
    """

    mean: np.ndarray
    components: np.ndarray
    errors: np.ndarray


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
