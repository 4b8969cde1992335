"""t-SNE in slices (van der Maaten & Hinton 2008). Imports no TensorFlow.

N points, D dimensions; x: [N, D], positions on the map: [N, 2].
"""

import os
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from core.analysis.map_quality import NUM_NEIGHBOURS, nearest
from core.analysis.pca import components_of
from core.configs.maps import STARTS

# Threads that spin while they wait for each other cost four times the work on a busy machine; this
# counts only before the first library that uses OpenMP is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

EARLY_ITERATIONS, NUM_ITERATIONS = 250, 1_000
ITERATIONS_A_FRAME = 25
MOMENTUM = 0.8
NEIGHBOURS_A_PERPLEXITY = 3
FEWEST_POINTS = 4
MOST_EXACT, MOST_TREE, FEWEST_INTERPOLATED = 20_000, 10_000, 2_000
SLOW_EARLY, SLOW = 50.0, 200.0
COARSE = {"negative_gradient_method": "fft", "ints_in_interval": 2, "min_num_intervals": 20}
TREE, TREE_FROM = {"negative_gradient_method": "bh"}, 750
START_SPREAD, JITTER = 1e-4, 1e-2
PLACING_PERPLEXITY, PLACING_ITERATIONS = 5.0, 100


class Frame(NamedTuple):
    """A map on its way: iterations made, positions [N, 2], and the divergence
    KL(P ‖ Q) = Σ p_ij log(p_ij / q_ij) that t-SNE makes small.
    """

    iteration: int
    positions: np.ndarray
    tsne_kl: float


class Moving(NamedTuple):
    """All that gradient descent carries from slice to slice; velocity and gains: [N, 2]."""

    iteration: int
    positions: np.ndarray
    velocity: np.ndarray
    gains: np.ndarray
    tsne_kl: float


def frame(moving: Moving) -> Frame:
    """What of a state is shown."""
    return Frame(moving.iteration, moving.positions, moving.tsne_kl)


def largest_perplexity(num_points: int) -> int:
    """The largest perplexity that a map of so many points can have."""
    return (num_points - 1) // NEIGHBOURS_A_PERPLEXITY


def check(x: np.ndarray, perplexity: float) -> np.ndarray:
    """x as float64, fit for a map.

    Raises:
        ValueError: As `core.projection.tsne`.
    """
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 2 or len(x) < FEWEST_POINTS or x.shape[1] < 1:
        raise ValueError(
            f"A map needs at least {FEWEST_POINTS} points as rows [N, D]; received the shape "
            f"{x.shape}."
        )
    if not np.isfinite(x).all():
        rows = np.flatnonzero(~np.isfinite(x).all(axis=1))
        raise ValueError(
            f"Codes must be finite numbers; received others in {len(rows):,} of {len(x):,} rows, "
            f"first in row {rows[0]}. Train with a smaller learning rate."
        )
    if (x == x[0]).all():
        raise ValueError(
            f"All {len(x):,} points are the same: received one code for all of them, and no map "
            "can tell them apart. Train the network for longer, or choose other points."
        )
    most = largest_perplexity(len(x))
    if not 1 <= perplexity <= most:
        raise ValueError(
            f"With {len(x):,} points the perplexity may be 1 to {most:,}; received {perplexity:g}. "
            "Choose a smaller one, or more points."
        )
    return x


def begin(x: np.ndarray, start: str, seed: int) -> Moving:
    """The state before the first iteration. Raises ValueError, as `core.projection.tsne`."""
    x = check(x, 1)
    if start not in STARTS:
        raise ValueError(f"start must be one of {', '.join(STARTS)}; received {start!r}.")
    rng = np.random.default_rng(seed)
    positions = rng.normal(size=(len(x), 2))
    if start == "pca":
        flat = components_of(x, 2).project(x).astype(np.float64)
        positions = flat / flat.std(axis=0).max() + JITTER * positions
    return begin_at(START_SPREAD * positions / positions[:, 0].std())


def begin_at(positions: np.ndarray) -> Moving:
    """The same from positions [N, 2] of one's own."""
    zeros = np.zeros_like(positions, dtype=np.float64)
    return Moving(0, positions.astype(np.float64), zeros, np.ones_like(zeros), float("nan"))


def affinities(x: np.ndarray, perplexity: float, num_jobs: int) -> Any:
    """P, the sparse symmetric matrix [N, N] of how near the points are to each other: from the
    3 · perplexity nearest neighbours, exact up to 20,000 points. Raises ValueError, as
    `core.projection.tsne`.
    """
    from openTSNE.affinity import PerplexityBasedNN

    x = check(x, perplexity)
    is_exact = len(x) <= MOST_EXACT
    found = PerplexityBasedNN(
        x,
        perplexity,
        method="exact" if is_exact else "approx",
        n_jobs=1 if is_exact else num_jobs,  # scikit-learn has threads of its own
        random_state=0,
    )
    return found.P


def advance(
    affinity: Any,
    moving: Moving,
    num_iterations: int,
    *,
    learning_rate: float = 0.0,
    early_exaggeration: float = 12.0,
    num_jobs: int = 2,
) -> Moving:
    """Goes on for `num_iterations`; the same in one call or in many.

    Args:
        affinity: P, from `affinities`.
        learning_rate: 0 stands for N / 48 in the early iterations and N / 10 then; with few points
            for the smaller of 50 and N / 12, and of 200 and N.
    """
    last = moving.iteration + num_iterations
    while moving.iteration < last:
        is_early = moving.iteration < EARLY_ITERATIONS
        changes = (EARLY_ITERATIONS, TREE_FROM)
        stop = min([last, *(at for at in changes if at > moving.iteration)])
        exaggeration = early_exaggeration if is_early else 1.0
        rate = learning_rate or _rate(len(moving.positions), is_early)
        moving = _descend(affinity, moving, stop, (rate, exaggeration), num_jobs)
    return moving


def _rate(num_points: int, is_early: bool) -> float:
    """Slower than N / exaggeration (Belkina et al. 2019) where there are many points: islands come
    out purer.
    """
    if is_early:
        return max(num_points / 48, min(num_points / 12, SLOW_EARLY))
    return max(num_points / 10, min(num_points, SLOW))


def _descend(
    affinity: Any, moving: Moving, stop: int, rates: tuple[float, float], num_jobs: int
) -> Moving:
    from openTSNE import TSNEEmbedding
    from openTSNE.tsne import gradient_descent

    optimizer, (learning_rate, exaggeration) = gradient_descent(), rates
    optimizer.update, optimizer.gains = moving.velocity.copy(), moving.gains.copy()
    count = len(moving.positions)
    exact = count < FEWEST_INTERPOLATED or (count <= MOST_TREE and moving.iteration >= TREE_FROM)
    embedding = TSNEEmbedding(
        moving.positions,
        SimpleNamespace(P=affinity.copy()),  # openTSNE scales P in place, and rounds it
        optimizer=optimizer,
        n_jobs=num_jobs,
        **(TREE if exact else COARSE),
    ).optimize(
        stop - moving.iteration,
        inplace=True,
        learning_rate=learning_rate,
        exaggeration=exaggeration,
        momentum=MOMENTUM,
    )
    tsne_kl = float(embedding.kl_divergence)
    return Moving(stop, np.array(embedding), optimizer.update, optimizer.gains, tsne_kl)


def place(x: np.ndarray, positions: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Where new rows [M, D] belong on the map of the rows of x: openTSNE's `transform`, which moves
    no point that is there; [M, 2].

    Raises:
        ValueError: New rows of another width, or values that are no finite numbers.
    """
    from openTSNE import TSNEEmbedding

    new = np.asarray(new, np.float64)
    if new.ndim != 2 or new.shape[1] != x.shape[1] or not np.isfinite(new).all():
        raise ValueError(
            f"New points must be finite numbers of the shape [M, {x.shape[1]}]; received the shape "
            f"{new.shape}."
        )
    middle = (positions.max(axis=0) + positions.min(axis=0)) / 2
    embedding = TSNEEmbedding(positions, _ExactNeighbours(x), n_jobs=1, **COARSE)
    perplexity = min(PLACING_PERPLEXITY, largest_perplexity(len(x)))
    placed = embedding.transform(
        new, perplexity=perplexity, k=NUM_NEIGHBOURS, n_iter=PLACING_ITERATIONS
    )
    return np.array(placed) + middle


class _ExactNeighbours:
    """Affinities of new points from their exact nearest neighbours, without an index."""

    def __init__(self, x: np.ndarray) -> None:
        from scipy.sparse import csr_matrix

        self.x, self.P = np.asarray(x, np.float64), csr_matrix((len(x), len(x)))

    def to_new(self, data: np.ndarray, perplexity: float, return_distances: bool) -> Any:
        from openTSNE.affinity import joint_probabilities_nn

        count = min(len(self.x), int(NEIGHBOURS_A_PERPLEXITY * perplexity))
        rows, distances = nearest(self.x, data, count)
        probabilities = joint_probabilities_nn(
            rows, distances, np.array([perplexity]), symmetrize=False,
            normalization="point-wise", n_reference_samples=len(self.x), n_jobs=1,
        )  # fmt: skip
        return (probabilities, rows, distances) if return_distances else probabilities
