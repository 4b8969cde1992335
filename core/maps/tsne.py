"""t-SNE in slices (van der Maaten & Hinton 2008). Imports no TensorFlow.

N points, M new points, D dimensions; x: [N, D], positions on the map: [N, 2].
"""

import os
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from core.analysis.map_quality import NUM_NEIGHBOURS, nearest
from core.analysis.pca import components_of
from core.configs.maps import STARTS
from core.message import Message

# Threads that spin while they wait for each other cost four times the work on a busy machine; this
# counts only before the first library that uses OpenMP is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

EARLY_ITERATIONS = 250
NUM_ITERATIONS = 1_000
ITERATIONS_A_FRAME = 25
MOMENTUM = 0.8
NEIGHBOURS_A_PERPLEXITY = 3
MIN_POINTS = 4
MAX_POINTS_EXACT_NEIGHBOURS = 20_000
FFT = {"negative_gradient_method": "fft", "ints_in_interval": 2, "min_num_intervals": 20}
BARNES_HUT = {"negative_gradient_method": "bh"}
MIN_POINTS_FFT = 2_000
"""With fewer points every iteration is by Barnes and Hut's tree."""
MAX_POINTS_BARNES_HUT = 10_000
"""With no more points the iterations from `BARNES_HUT_FROM` on are."""
BARNES_HUT_FROM = 750
EARLY_RATE_FEW_POINTS = 50.0
RATE_FEW_POINTS = 200.0
START_STDDEV = 1e-4
START_JITTER = 1e-2
"""Of positions that begin at principal components, in standard deviations of the first."""
PLACING_PERPLEXITY = 5.0
PLACING_ITERATIONS = 100


class Frame(NamedTuple):
    """A map after some iterations.

    Attributes:
        iteration: How many were made.
        positions: float64 [N, 2].
        tsne_kl: KL(P ‖ Q) = Σ p_ij log(p_ij / q_ij), in nats, which t-SNE minimises.
    """

    iteration: int
    positions: np.ndarray
    tsne_kl: float


class MapState(NamedTuple):
    """The state of gradient descent between two slices.

    Attributes:
        iteration: How many were made.
        positions: float64 [N, 2].
        velocity: The last update with its momentum, [N, 2].
        gains: Factors of the learning rate, [N, 2].
        tsne_kl: See `Frame`; NaN before the first iteration.
    """

    iteration: int
    positions: np.ndarray
    velocity: np.ndarray
    gains: np.ndarray
    tsne_kl: float


def frame(state: MapState) -> Frame:
    """The frame of a state."""
    return Frame(state.iteration, state.positions, state.tsne_kl)


def largest_perplexity(num_points: int) -> int:
    """The largest perplexity that a map of so many points can have."""
    return (num_points - 1) // NEIGHBOURS_A_PERPLEXITY


def check(x: np.ndarray, perplexity: float) -> np.ndarray:
    """x as float64 [N, D], after checks.

    Raises:
        ValueError: As `core.projection.tsne`.
    """
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 2 or len(x) < MIN_POINTS or x.shape[1] < 1:
        raise ValueError(
            Message(
                "A map needs at least {least} points as rows [N, D]; received the shape {shape}.",
                least=MIN_POINTS,
                shape=x.shape,
            )
        )
    if not np.isfinite(x).all():
        rows = np.flatnonzero(~np.isfinite(x).all(axis=1))
        raise ValueError(
            Message(
                "Codes must be finite numbers; received others in {count:,} of {points:,} "
                "rows, first in row {first}. Train with a smaller learning rate.",
                count=len(rows),
                points=len(x),
                first=rows[0],
            )
        )
    if (x == x[0]).all():
        raise ValueError(
            Message(
                "All {points:,} points are the same: received one code for all of them, and "
                "no map can tell them apart. Train the network for longer, or choose other "
                "points.",
                points=len(x),
            )
        )
    most = largest_perplexity(len(x))
    if not 1 <= perplexity <= most:
        raise ValueError(
            Message(
                "With {points:,} points the perplexity may be 1 to {most:,}; received "
                "{received:g}. Choose a smaller one, or more points.",
                points=len(x),
                most=most,
                received=perplexity,
            )
        )
    return x


def begin(x: np.ndarray, start: str, seed: int) -> MapState:
    """The state before the first iteration; `start` is one of `core.configs.maps.STARTS`.

    Raises:
        ValueError: An unknown start, or as `core.projection.tsne`.
    """
    x = check(x, 1)
    if start not in STARTS:
        raise ValueError(f"start must be one of {', '.join(STARTS)}; received {start!r}.")
    rng = np.random.default_rng(seed)
    positions = rng.normal(size=(len(x), 2))  # [N, 2]
    if start == "pca":
        projected = components_of(x, 2).project(x).astype(np.float64)  # [N, 2]
        positions = projected / projected.std(axis=0).max() + START_JITTER * positions
    return begin_at(START_STDDEV * positions / positions[:, 0].std())


def begin_at(positions: np.ndarray) -> MapState:
    """The state before the first iteration at given positions [N, 2]."""
    zeros = np.zeros_like(positions, dtype=np.float64)
    return MapState(0, positions.astype(np.float64), zeros, np.ones_like(zeros), float("nan"))


def affinities(x: np.ndarray, perplexity: float, num_jobs: int) -> Any:
    """P, the sparse symmetric matrix [N, N] of the affinities of the points, from the
    3 · perplexity nearest neighbours of each, exact up to 20,000 points.

    Raises:
        ValueError: As `core.projection.tsne`.
    """
    from openTSNE.affinity import PerplexityBasedNN

    x = check(x, perplexity)
    is_exact = len(x) <= MAX_POINTS_EXACT_NEIGHBOURS
    neighbours = PerplexityBasedNN(
        x,
        perplexity,
        method="exact" if is_exact else "approx",
        n_jobs=1 if is_exact else num_jobs,  # scikit-learn has threads of its own
        random_state=0,
    )
    return neighbours.P


def advance(
    affinity: Any,
    state: MapState,
    num_iterations: int,
    *,
    learning_rate: float = 0.0,
    early_exaggeration: float = 12.0,
    num_jobs: int = 2,
) -> MapState:
    """The state `num_iterations` later; the same in one call or in many.

    Args:
        affinity: P, from `affinities`.
        learning_rate: 0 stands for N / 48 in the early iterations and N / 10 then; with few points
            for the smaller of 50 and N / 12, and of 200 and N.
        early_exaggeration: Factor of the attraction in the first 250 iterations.
        num_jobs: Threads.
    """
    last = state.iteration + num_iterations
    while state.iteration < last:
        is_early = state.iteration < EARLY_ITERATIONS
        changes = (EARLY_ITERATIONS, BARNES_HUT_FROM)
        state = _descend(
            affinity,
            state,
            min([last, *(change for change in changes if change > state.iteration)]),
            learning_rate=learning_rate or _rate(len(state.positions), is_early),
            exaggeration=early_exaggeration if is_early else 1.0,
            num_jobs=num_jobs,
        )
    return state


def _rate(num_points: int, is_early: bool) -> float:
    """The default learning rate. With many points it is lower than N / exaggeration (Belkina et al.
    2019), which gives purer clusters.
    """
    if is_early:
        return max(num_points / 48, min(num_points / 12, EARLY_RATE_FEW_POINTS))
    return max(num_points / 10, min(num_points, RATE_FEW_POINTS))


def _descend(
    affinity: Any,
    state: MapState,
    stop: int,
    *,
    learning_rate: float,
    exaggeration: float,
    num_jobs: int,
) -> MapState:
    """The state at iteration `stop`, by openTSNE with one method of the repulsive gradient."""
    from openTSNE import TSNEEmbedding
    from openTSNE.tsne import gradient_descent

    optimizer = gradient_descent()
    optimizer.update = state.velocity.copy()
    optimizer.gains = state.gains.copy()
    num_points = len(state.positions)
    is_late = state.iteration >= BARNES_HUT_FROM
    by_tree = num_points < MIN_POINTS_FFT or (num_points <= MAX_POINTS_BARNES_HUT and is_late)
    embedding = TSNEEmbedding(
        state.positions,
        SimpleNamespace(P=affinity.copy()),  # openTSNE scales P in place, and rounds it
        optimizer=optimizer,
        n_jobs=num_jobs,
        **(BARNES_HUT if by_tree else FFT),
    ).optimize(
        stop - state.iteration,
        inplace=True,
        learning_rate=learning_rate,
        exaggeration=exaggeration,
        momentum=MOMENTUM,
    )
    tsne_kl = float(embedding.kl_divergence)
    return MapState(stop, np.array(embedding), optimizer.update, optimizer.gains, tsne_kl)


def place(x: np.ndarray, positions: np.ndarray, new: np.ndarray) -> np.ndarray:
    """The positions [M, 2] of new rows [M, D] on the map `positions` [N, 2] of the rows of x, by
    openTSNE's `transform`, which moves no point of the map.

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
    middle = (positions.max(axis=0) + positions.min(axis=0)) / 2  # [2]
    embedding = TSNEEmbedding(positions, _ExactNeighbours(x), n_jobs=1, **FFT)
    perplexity = min(PLACING_PERPLEXITY, largest_perplexity(len(x)))
    placed = embedding.transform(
        new, perplexity=perplexity, k=NUM_NEIGHBOURS, n_iter=PLACING_ITERATIONS
    )
    return np.array(placed) + middle  # [M, 2]


class _ExactNeighbours:
    """Affinities of new points from their exact nearest neighbours: what openTSNE expects as the
    affinities of an embedding, as far as `transform` uses it.
    """

    def __init__(self, x: np.ndarray) -> None:
        from scipy.sparse import csr_matrix

        self.x = np.asarray(x, np.float64)  # [N, D]
        self.P = csr_matrix((len(x), len(x)))  # [N, N], all 0: unused

    def to_new(self, data: np.ndarray, perplexity: float, return_distances: bool) -> Any:
        """Affinities [M, N] of data [M, D], and the neighbours they are made of, [M, count]."""
        from openTSNE.affinity import joint_probabilities_nn

        count = min(len(self.x), int(NEIGHBOURS_A_PERPLEXITY * perplexity))
        rows, distances = nearest(self.x, data, count)  # [M, count] each
        probabilities = joint_probabilities_nn(
            rows, distances, np.array([perplexity]), symmetrize=False,
            normalization="point-wise", n_reference_samples=len(self.x), n_jobs=1,
        )  # fmt: skip
        return (probabilities, rows, distances) if return_distances else probabilities
