"""Questions to a map, and their answers. Imports no TensorFlow.

N points, D dimensions.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.question import Question

Quality = tuple[float, float | None]
"""Trustworthiness, and the accuracy of the ten nearest neighbours, or None without labels."""


class Placed(NamedTuple):
    """A new point: its position [2] on the map, the rows [10] of its nearest points in the space of
    the codes, and their distances [10].
    """

    position: np.ndarray
    rows: np.ndarray
    distances: np.ndarray


@dataclass(frozen=True, eq=False)
class Place(Question[Placed]):
    """Where a new point x [D] belongs."""

    x: np.ndarray

    by_hand = True


class PointNeighbours(NamedTuple):
    """The rows of the ten nearest other points of each, int32 [N, 10]; the points along two
    principal components, [N, 2]; and the share of the variance in these.
    """

    rows: np.ndarray
    pca: np.ndarray
    kept: float


@dataclass(frozen=True)
class Neighbours(Question[PointNeighbours]):
    """Which points are near each other."""

    of_data = True


class Qualities(NamedTuple):
    """The quality of the map, of the map by PCA, and of the codes themselves, on at most 2,000
    points.
    """

    map: Quality
    pca: Quality
    codes: Quality


@dataclass(frozen=True)
class JudgeMap(Question[Qualities]):
    """How well the map keeps neighbours and classes together."""
