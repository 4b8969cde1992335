"""Labels that spread over a graph of neighbours, so that unlabelled points take part.

Source: D. Zhou et al., Learning with local and global consistency (2004), with their α of 0.99.
N points, D dimensions, K classes.
"""

import numpy as np
from scipy import sparse
from sklearn.neighbors import NearestNeighbors

NUM_NEIGHBOURS = 10
ALPHA, NUM_STEPS = 0.99, 100


class Graph:
    """The 10 nearest neighbours of every point of x [N, D], as undirected edges."""

    def __init__(self, x: np.ndarray) -> None:
        self._count, most = len(x), min(NUM_NEIGHBOURS, len(x) - 1)
        self._search = NearestNeighbors(n_neighbors=most, algorithm="brute").fit(x)
        rows = self._search.kneighbors(None, return_distance=False)
        where = (np.repeat(np.arange(len(x)), most), rows.ravel())
        ones = np.ones(rows.size, np.float32)
        edges = sparse.csr_matrix((ones, where), (len(x), len(x)))
        edges = edges.maximum(edges.T)
        scale = sparse.diags(1 / np.sqrt(np.asarray(edges.sum(axis=1)).ravel()))
        self._edges = (scale @ edges @ scale).tocsr()
        self._asked: tuple[np.ndarray, np.ndarray] | None = None

    def spread(self, rows: np.ndarray, labels: np.ndarray, num_classes: int) -> np.ndarray:
        """Shares of the classes at every point, float32 [N, K], from the labels of some rows: 100
        steps of F ← α S F + (1 - α) Y with the normalised edges S.
        """
        known = np.zeros((self._count, num_classes), np.float32)
        known[rows, labels] = 1
        found = known
        for _ in range(NUM_STEPS):
            found = ALPHA * (self._edges @ found) + (1 - ALPHA) * known
        return found / np.maximum(found.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)

    def near(self, x: np.ndarray) -> np.ndarray:
        """The rows of the nearest points of each new point, int [M, 10]; remembered for the x asked
        last, which every draw of labels asks again.
        """
        if self._asked is None or self._asked[0] is not x:
            self._asked = (x, self._search.kneighbors(x, return_distance=False))
        return self._asked[1]
