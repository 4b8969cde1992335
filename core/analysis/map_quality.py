"""How far a map can be trusted: neighbours in the space of the codes, and on the map.

N points, M new ones, D dimensions; x: [N, D], positions on the map: [N, 2].
"""

import numpy as np

NUM_NEIGHBOURS = 10


def nearest(x: np.ndarray, new: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows of x nearest to each new row, nearest first, and their distances: [M, count]."""
    squares = np.square(new).sum(axis=1)[:, None] + np.square(x).sum(axis=1) - 2 * new @ x.T
    rows = np.argpartition(squares, count - 1, axis=1)[:, :count]
    found = np.take_along_axis(squares, rows, axis=1)
    order = np.argsort(found, axis=1, kind="stable")
    distances = np.sqrt(np.maximum(np.take_along_axis(found, order, axis=1), 0))
    return np.take_along_axis(rows, order, axis=1), distances


def neighbours(x: np.ndarray, count: int = NUM_NEIGHBOURS) -> np.ndarray:
    """The nearest other points of every point, nearest first: int32 [N, min(count, N - 1)]."""
    from sklearn.neighbors import NearestNeighbors

    count = min(count, len(x) - 1)
    return (
        NearestNeighbors(n_neighbors=count).fit(x).kneighbors(None, count, False).astype(np.int32)
    )


def knn_accuracy(x: np.ndarray, labels: np.ndarray, count: int = NUM_NEIGHBOURS) -> float:
    """Share of the points whose 10 nearest other points would guess their class, by majority; of
    two equally frequent classes the lower one.
    """
    votes = labels[neighbours(x, count)]
    counts = np.stack([(votes == label).sum(axis=1) for label in range(labels.max() + 1)], axis=1)
    return float(np.mean(counts.argmax(axis=1) == labels))


def trustworthiness(x: np.ndarray, positions: np.ndarray, count: int = NUM_NEIGHBOURS) -> float:
    """1 where all neighbours on the map are neighbours in x too, lower by how far off they are
    there (Venna & Kaski 2001); of the 10 nearest.
    """
    from sklearn.manifold import trustworthiness as measure

    return float(measure(x, positions, n_neighbors=max(1, min(count, (len(x) - 1) // 2))))
