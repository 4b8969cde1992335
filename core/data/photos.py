"""Squares cut from the photographs that come with scikit-learn, plain or whitened."""

import numpy as np

WHITENING_EPS = 0.05


def patches(num_train: int, num_test: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Grey squares, float32 [N, size²] in [0, 1]: those for training from the left four fifths of
    each photograph, those for testing from the rest.
    """
    from sklearn.datasets import load_sample_images

    rng = np.random.default_rng(0)
    photos = [
        np.asarray(photo, dtype=np.float32).mean(axis=2) / 255
        for photo in load_sample_images().images
    ]
    edges = [photo.shape[1] * 4 // 5 for photo in photos]
    left = [photo[:, :edge] for photo, edge in zip(photos, edges, strict=True)]
    right = [photo[:, edge:] for photo, edge in zip(photos, edges, strict=True)]
    return _cut(left, num_train, size, rng), _cut(right, num_test, size, rng)


def _cut(photos: list[np.ndarray], count: int, size: int, rng: np.random.Generator) -> np.ndarray:
    rows = []
    for photo in photos:
        windows = np.lib.stride_tricks.sliding_window_view(photo, (size, size))
        top, side = (rng.integers(0, limit, count // len(photos)) for limit in windows.shape[:2])
        rows.append(windows[top, side].reshape(-1, size**2))
    return np.concatenate(rows)


def whiten(x_train: np.ndarray, x_test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """ZCA whitening (Bell & Sejnowski 1997): x W with W = U diag((λ + ε·mean λ)^-½) Uᵀ of the
    patches' covariance.

    Each patch is centred first, so flat patches become 0.
    """
    x_train, x_test = (x - x.mean(axis=1, keepdims=True) for x in (x_train, x_test))
    mean = x_train.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(x_train - mean, rowvar=False))
    scale = 1 / np.sqrt(np.maximum(values, 0) + WHITENING_EPS * values.mean())
    w = (vectors * scale) @ vectors.T
    return ((x_train - mean) @ w).astype(np.float32), ((x_test - mean) @ w).astype(np.float32)
