"""The trainer of the maps (docs/architecture.md) and its answers to questions. Imports no
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
from core.maps.questions import (
    JudgeMap,
    Neighbours,
    Place,
    Placed,
    PointNeighbours,
    Qualities,
    Quality,
)
from core.maps.tsne import ITERATIONS_A_FRAME, MapState
from core.message import Message
from core.question import Question

NUM_JUDGED = 2_000
MIN_POINTS_FOR_THREADS = 1_000


def begin(config: MapConfig, points: Points, seed: int) -> State:
    """The state before the first iteration.

    Raises:
        ValueError: As `core.projection.tsne`.
    """
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
    """The state `num_updates` iterations later, and a record every 25 of them, with `tsne_kl`.

    Raises:
        TrainingDiverged: Positions are no longer finite.
        ValueError: As `core.projection.tsne`.
    """
    affinity = _affinities(points, config.perplexity)
    map_state = _map_state(state)
    last = state.update + num_updates
    records = []
    while map_state.iteration < last:
        to_record = ITERATIONS_A_FRAME - map_state.iteration % ITERATIONS_A_FRAME
        map_state = tsne.advance(
            affinity,
            map_state,
            min(last - map_state.iteration, to_record),
            learning_rate=coefficients["learning_rate"],
            early_exaggeration=coefficients["early_exaggeration"],
            num_jobs=_num_jobs(points),
        )
        if not np.isfinite(map_state.positions).all():
            raise TrainingDiverged(
                Message(
                    "Points have left the finite numbers, at a learning rate of {rate:g}. "
                    "Choose a smaller one, or 0.",
                    rate=coefficients["learning_rate"],
                )
            )
        if map_state.iteration % ITERATIONS_A_FRAME == 0:
            parts = {"tsne_kl": map_state.tsne_kl, "total": map_state.tsne_kl}
            frame = map_state.iteration // ITERATIONS_A_FRAME
            records.append(Record(frame, parts, {}, parts, dict(coefficients)))
    return _state(map_state, state.seed), records


def shared_model(_: MapConfig, __: Points, state: State) -> MapState:
    """The state of the map: a map has no other model."""
    return _map_state(state)


def place(model: MapState, points: Points, question: Place) -> Placed:
    """The answer to `Place`."""
    x = question.x[None]  # [1, D]
    positions = tsne.place(points.x, model.positions, x)
    count = min(map_quality.NUM_NEIGHBOURS, len(points.x))
    rows, distances = map_quality.nearest(points.x, x, count)
    return Placed(positions[0], rows[0], distances[0])


def neighbours(_: MapState, points: Points, __: Neighbours) -> PointNeighbours:
    """The answer to `Neighbours`."""
    rows = map_quality.neighbours(points.x)
    basis = components_of(points.x, 2)
    return PointNeighbours(rows, basis.project(points.x), basis.kept)


def judge(model: MapState, points: Points, _: JudgeMap) -> Qualities:
    """The answer to `JudgeMap`."""
    judged = slice(0, NUM_JUDGED)
    labels = None if points.labels is None else points.labels[judged]
    return Qualities(
        _quality(points.x[judged], model.positions[judged], labels),
        _pca_quality(points),
        _quality(points.x[judged], points.x[judged], labels),
    )


@functools.lru_cache(maxsize=4)
def _pca_quality(points: Points) -> Quality:
    judged = slice(0, NUM_JUDGED)
    positions = components_of(points.x, 2).project(points.x)[judged]
    labels = None if points.labels is None else points.labels[judged]
    return _quality(points.x[judged], positions, labels)


def _quality(x: np.ndarray, positions: np.ndarray, labels: np.ndarray | None) -> Quality:
    """Trustworthiness of positions [N, 2] for x [N, D], and their 10-nearest-neighbour accuracy."""
    accuracy = None if labels is None else map_quality.knn_accuracy(positions, labels)
    return map_quality.trustworthiness(x, positions), accuracy


ANSWERS: dict[type[Question[Any]], Callable[[Any, Any, Any], Any]] = {
    Place: place,
    Neighbours: neighbours,
    JudgeMap: judge,
}


@functools.lru_cache(maxsize=8)
def _affinities(points: Points, perplexity: float) -> Any:
    return tsne.affinities(points.x, perplexity, _num_jobs(points))


def _num_jobs(points: Points) -> int:
    return 2 if len(points.x) >= MIN_POINTS_FOR_THREADS else 1


def _state(map_state: MapState, seed: int) -> State:
    """The state as the job layer keeps it: `weights` holds the positions."""
    optimizer = (map_state.velocity, map_state.gains)
    sums = (np.float32(map_state.tsne_kl),)
    return State((map_state.positions,), optimizer, seed, map_state.iteration, sums)


def _map_state(state: State) -> MapState:
    """The inverse of `_state`; a state without an optimizer's arrays is at rest."""
    positions = state.weights[0]
    velocity, gains = state.optimizer or (positions * 0, positions * 0 + 1)
    return MapState(state.update, positions, velocity, gains, float(state.sums[0]))
