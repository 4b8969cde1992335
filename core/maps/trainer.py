"""A map while it forms: what the job layer asks for, and what a page asks it. Imports no
TensorFlow.

N points, D dimensions.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from core.analysis import map_quality
from core.analysis.pca import components_of
from core.configs.maps import MapConfig
from core.engine.state import Record, State, TrainingDiverged
from core.maps import tsne
from core.maps.points import Points
from core.maps.tsne import ITERATIONS_A_FRAME, Moving

NUM_JUDGED = 2_000
FEWEST_FOR_THREADS = 1_000


def begin(config: MapConfig, points: Points, seed: int) -> State:
    """The state before the first iteration. Raises ValueError, as `core.projection.tsne`."""
    if points.start is not None:
        return _state(tsne.begin_at(points.start), seed)
    return _state(tsne.begin(points.x, config.start, seed), seed)


def advance(
    config: MapConfig,
    points: Points,
    state: State,
    coefficients: dict[str, float],
    *,
    num_updates: int,
) -> tuple[State, list[Record]]:
    """Goes on for `num_updates` iterations; a record every 25 of them, with `tsne_kl`.

    Raises:
        TrainingDiverged: Points have left the finite numbers.
        ValueError: As `core.projection.tsne`.
    """
    affinity, num_jobs = _affinities(points, config.perplexity), _num_jobs(points)
    moving, records, last = _moving(state), [], state.update + num_updates
    while moving.iteration < last:
        to_record = ITERATIONS_A_FRAME - moving.iteration % ITERATIONS_A_FRAME
        moving = tsne.advance(
            affinity,
            moving,
            min(last - moving.iteration, to_record),
            learning_rate=coefficients["learning_rate"],
            early_exaggeration=coefficients["early_exaggeration"],
            num_jobs=num_jobs,
        )
        if not np.isfinite(moving.positions).all():
            raise TrainingDiverged(
                "Points have left the finite numbers, at a learning rate of "
                f"{coefficients['learning_rate']:g}. Choose a smaller one, or 0."
            )
        if moving.iteration % ITERATIONS_A_FRAME == 0:
            parts = {"tsne_kl": moving.tsne_kl, "total": moving.tsne_kl}
            frame = moving.iteration // ITERATIONS_A_FRAME
            records.append(Record(frame, parts, {}, parts, dict(coefficients)))
    return _state(moving, state.seed), records


def shared_model(_: MapConfig, __: Points, state: State) -> Moving:
    """The map itself."""
    return _moving(state)


def place(model: Moving, points: Points, x: np.ndarray) -> dict[str, Any]:
    """Where a new point x [D] belongs: position [2], the rows of its ten nearest points in the
    space of the codes, and their distances.
    """
    positions = tsne.place(points.x, model.positions, x[None])
    count = min(map_quality.NUM_NEIGHBOURS, len(points.x))
    rows, distances = map_quality.nearest(points.x, x[None], count)
    return {"position": positions[0], "rows": rows[0], "distances": distances[0]}


def neighbours(_: Moving, points: Points) -> dict[str, Any]:
    """rows: the ten nearest other points of each, int32 [N, 10]; pca: [N, 2], the two main
    directions.
    """
    rows, basis = map_quality.neighbours(points.x), components_of(points.x, 2)
    return {"rows": rows, "pca": basis.project(points.x), "kept": basis.kept}


def judge(model: Moving, points: Points) -> dict[str, Any]:
    """How far the map, PCA's map and the codes themselves can be trusted: (trustworthiness,
    10-nearest-neighbour accuracy or None) by "map", "pca" and "codes", on at most 2,000 points.
    """
    some = slice(0, NUM_JUDGED)
    labels = None if points.labels is None else points.labels[some]
    return {
        "map": _marks(points.x[some], model.positions[some], labels),
        "pca": _judged_pca(points),
        "codes": _marks(points.x[some], points.x[some], labels),
    }


@functools.lru_cache(maxsize=4)
def _judged_pca(points: Points) -> tuple[float, float | None]:
    some = slice(0, NUM_JUDGED)
    flat = components_of(points.x, 2).project(points.x)[some]
    labels = None if points.labels is None else points.labels[some]
    return _marks(points.x[some], flat, labels)


def _marks(
    x: np.ndarray, positions: np.ndarray, labels: np.ndarray | None
) -> tuple[float, float | None]:
    accuracy = None if labels is None else map_quality.knn_accuracy(positions, labels)
    return map_quality.trustworthiness(x, positions), accuracy


ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    answer.__name__: answer for answer in (place, neighbours, judge)
}


@functools.lru_cache(maxsize=8)
def _affinities(points: Points, perplexity: float) -> Any:
    return tsne.affinities(points.x, perplexity, _num_jobs(points))


def _num_jobs(points: Points) -> int:
    return 2 if len(points.x) >= FEWEST_FOR_THREADS else 1


def _state(moving: Moving, seed: int) -> State:
    optimizer = (moving.velocity, moving.gains)
    sums = (np.float32(moving.tsne_kl),)
    return State((moving.positions,), optimizer, seed, moving.iteration, sums)


def _moving(state: State) -> Moving:
    velocity, gains = state.optimizer or (state.weights[0] * 0, state.weights[0] * 0 + 1)
    return Moving(state.update, state.weights[0], velocity, gains, float(state.sums[0]))
