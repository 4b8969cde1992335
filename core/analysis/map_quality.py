"""Quality measures of a map: nearest neighbours, k-NN accuracy, trustworthiness.

N points, M new ones, D dimensions; x: [N, D], positions on the map: [N, 2].
"""

import numpy as np

NUM_NEIGHBOURS = 10


def nearest(x: np.ndarray, new: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows of x [N, D] nearest to each row of new [M, D], nearest first, int [M, count], and
    their Euclidean distances [M, count].
    """
    squares = np.square(new).sum(axis=1)[:, None] + np.square(x).sum(axis=1) - 2 * new @ x.T
    rows = np.argpartition(squares, count - 1, axis=1)[:, :count]  # [M, count], in no order
    squares_of_rows = np.take_along_axis(squares, rows, axis=1)  # [M, count]
    order = np.argsort(squares_of_rows, axis=1, kind="stable")  # [M, count]
    distances = np.sqrt(np.maximum(np.take_along_axis(squares_of_rows, order, axis=1), 0))
    return np.take_along_axis(rows, order, axis=1), distances


def neighbours(x: np.ndarray, count: int = NUM_NEIGHBOURS) -> np.ndarray:
    """The nearest other points of every point, nearest first: int32 [N, min(count, N - 1)]."""
    from sklearn.neighbors import NearestNeighbors

    count = min(count, len(x) - 1)
    index = NearestNeighbors(n_neighbors=count).fit(x)
    return index.kneighbors(None, count, return_distance=False).astype(np.int32)


def knn_accuracy(x: np.ndarray, labels: np.ndarray, count: int = NUM_NEIGHBOURS) -> float:
    """Share of the points whose class is the majority class of their 10 nearest other points; of
    equally frequent classes the one with the lower label counts.
    """
    votes = labels[neighbours(x, count)]  # [N, count]
    counts = np.stack(
        [(votes == label).sum(axis=1) for label in range(labels.max() + 1)], axis=1
    )  # [N, K]
    return float(np.mean(counts.argmax(axis=1) == labels))


def trustworthiness(x: np.ndarray, positions: np.ndarray, count: int = NUM_NEIGHBOURS) -> float:
    """Trustworthiness with 10 neighbours (Venna & Kaski 2001): 1 if all neighbours on the map are
    neighbours in x, lower the higher their distance ranks in x.
    """
    from sklearn.manifold import trustworthiness as measure

    return float(measure(x, positions, n_neighbors=max(1, min(count, (len(x) - 1) // 2))))
