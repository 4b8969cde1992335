"""Maps of points: t-SNE (van der Maaten & Hinton 2008) as it goes on, PCA, and how far a map can be
trusted. Imports no TensorFlow.

N points, D dimensions; x: [N, D], positions on the map: [N, 2].
"""

from collections.abc import Iterator

import numpy as np

from core.analysis.map_quality import (
    NUM_NEIGHBOURS,
    knn_accuracy,
    nearest,
    neighbours,
    trustworthiness,
)
from core.analysis.pca import Basis, reduction
from core.analysis.pca import components_of as pca
from core.maps.tsne import (
    ITERATIONS_A_FRAME,
    NUM_ITERATIONS,
    Frame,
    advance,
    affinities,
    begin,
    begin_at,
    check,
    frame,
    largest_perplexity,
    place,
)

__all__ = [
    "ITERATIONS_A_FRAME",
    "NUM_ITERATIONS",
    "NUM_NEIGHBOURS",
    "Basis",
    "Frame",
    "advance",
    "affinities",
    "begin",
    "begin_at",
    "check",
    "knn_accuracy",
    "largest_perplexity",
    "nearest",
    "neighbours",
    "pca",
    "place",
    "reduction",
    "trustworthiness",
    "tsne",
]


def tsne(
    x: np.ndarray,
    *,
    perplexity: float = 30,
    seed: int = 0,
    num_jobs: int = 2,
    early_exaggeration: float = 12.0,
    start: str = "pca",
) -> Iterator[Frame]:
    """A t-SNE map of the rows of x [N, D] while it forms: the start, then a frame every 25 of 1,000
    iterations, positions float64 [N, 2]. Same x, settings, seed and number of threads, same map.

    Args:
        perplexity: About how many neighbours each point shall stay near to.
        num_jobs: Threads.
        early_exaggeration: How many times as hard neighbours attract in the first 250 iterations.
        start: "pca" begins at the first two principal components, shaken a little by the seed;
            "random" anywhere.

    Raises:
        ValueError: A sentence: too few points, all of them equal, values that are no finite
            numbers, or a perplexity too large for so many points.
    """
    state = begin(x, start, seed)
    affinity = affinities(x, perplexity, num_jobs)
    yield frame(state)
    while state.iteration < NUM_ITERATIONS:
        state = advance(
            affinity, state, ITERATIONS_A_FRAME,
            early_exaggeration=early_exaggeration, num_jobs=num_jobs,
        )  # fmt: skip
        yield frame(state)
