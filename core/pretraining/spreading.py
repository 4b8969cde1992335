"""Label spreading over a graph of neighbours among labelled and unlabelled points.

Source: D. Zhou et al., Learning with local and global consistency (2004), with their α of 0.99.
N points, M new points, D dimensions, K classes.
"""

import numpy as np
from scipy import sparse
from sklearn.neighbors import NearestNeighbors

NUM_NEIGHBOURS = 10
ALPHA = 0.99
NUM_ROUNDS = 100


class Graph:
    """The 10 nearest neighbours of every point of x [N, D], as undirected edges."""

    def __init__(self, x: np.ndarray) -> None:
        self._num_points = len(x)
        num_neighbours = min(NUM_NEIGHBOURS, len(x) - 1)
        self._search = NearestNeighbors(n_neighbors=num_neighbours, algorithm="brute").fit(x)
        neighbours = self._search.kneighbors(None, return_distance=False)  # [N, num_neighbours]
        pairs = (np.repeat(np.arange(len(x)), num_neighbours), neighbours.ravel())
        ones = np.ones(neighbours.size, np.float32)
        edges = sparse.csr_matrix((ones, pairs), (len(x), len(x)))  # [N, N]
        edges = edges.maximum(edges.T)
        scale = sparse.diags(1 / np.sqrt(np.asarray(edges.sum(axis=1)).ravel()))  # [N, N]
        self._edges = (scale @ edges @ scale).tocsr()  # [N, N]
        self._last_query: tuple[np.ndarray, np.ndarray] | None = None

    def spread(self, rows: np.ndarray, labels: np.ndarray, num_classes: int) -> np.ndarray:
        """Shares of the classes at every point, float32 [N, K], from the labels of some rows: 100
        rounds of F ← α S F + (1 - α) Y with the normalised edges S and the labels Y.
        """
        known = np.zeros((self._num_points, num_classes), np.float32)  # [N, K]
        known[rows, labels] = 1
        shares = known
        for _ in range(NUM_ROUNDS):
            shares = ALPHA * (self._edges @ shares) + (1 - ALPHA) * known  # [N, K]
        return shares / np.maximum(shares.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)

    def near(self, x: np.ndarray) -> np.ndarray:
        """The rows of the 10 nearest points of each new point of x [M, D], int [M, 10]. Those of
        the last x are kept: every draw of labels asks for the same.
        """
        if self._last_query is None or self._last_query[0] is not x:
            self._last_query = (x, self._search.kneighbors(x, return_distance=False))
        return self._last_query[1]
