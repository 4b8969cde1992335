"""Square patches of the two photographs in scikit-learn, plain or whitened."""

import numpy as np

WHITENING_EPS = 0.05


def patches(num_train: int, num_test: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Grey patches for training and for testing, float32 [N, size²] in [0, 1] each: cut at random
    from the left four fifths of each photograph, and from the rest.
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
    x_train = _cut(left, num_train, size, rng)
    x_test = _cut(right, num_test, size, rng)
    return x_train, x_test


def _cut(photos: list[np.ndarray], count: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """`count` patches in all, [count, size²], equally many from each photograph."""
    rows = []
    for photo in photos:
        windows = np.lib.stride_tricks.sliding_window_view(photo, (size, size))
        count_each = count // len(photos)
        top = rng.integers(0, windows.shape[0], count_each)  # [count_each]
        left = rng.integers(0, windows.shape[1], count_each)  # [count_each]
        rows.append(windows[top, left].reshape(-1, size**2))  # [count_each, size²]
    return np.concatenate(rows)


def whiten(x_train: np.ndarray, x_test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """ZCA whitening (Bell & Sejnowski 1997): (x - mean) W with W = U diag((λ + ε·mean λ)^-½) Uᵀ,
    where λ and U are eigenvalues and eigenvectors of the covariance of x_train; x: [N, D].

    From each patch its own mean is subtracted first, so flat patches become 0.
    """
    x_train, x_test = (x - x.mean(axis=1, keepdims=True) for x in (x_train, x_test))
    mean = x_train.mean(axis=0)  # [D]
    values, vectors = np.linalg.eigh(np.cov(x_train - mean, rowvar=False))  # [D], [D, D]
    scale = 1 / np.sqrt(np.maximum(values, 0) + WHITENING_EPS * values.mean())
    w = (vectors * scale) @ vectors.T  # [D, D]
    return ((x_train - mean) @ w).astype(np.float32), ((x_test - mean) @ w).astype(np.float32)
