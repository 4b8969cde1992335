"""The points of a map, registered by a name made of their content. Imports no TensorFlow.

N points, D dimensions.
"""

import hashlib
import weakref
from dataclasses import dataclass

import numpy as np

PREFIX = "points-"
WIDTH_RATIO = 10.0


@dataclass(frozen=True, eq=False)
class Points:
    """The points of a map; equal to any others with the same name, which is made of the content.

    Attributes:
        name: A hash of the arrays.
        x: Codes, float32 [N, D].
        labels: Classes, int [N], or None.
        start: Initial positions on the map, [N, 2], or None for those of the knob `start`.
    """

    name: str
    x: np.ndarray
    labels: np.ndarray | None = None
    start: np.ndarray | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Points) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


_known: "weakref.WeakValueDictionary[str, Points]" = weakref.WeakValueDictionary()


def make(
    x: np.ndarray, labels: np.ndarray | None = None, start: np.ndarray | None = None
) -> Points:
    """Registers points under their name; the registry holds them weakly."""
    digest = hashlib.sha256()
    for array in (x, labels, start):
        digest.update(b"none" if array is None else np.ascontiguousarray(array).tobytes())
    return adopt(Points(f"{PREFIX}{digest.hexdigest()[:20]}", x, labels, start))


def adopt(points: Points) -> Points:
    """Registers points that another process has made; returns those registered under that name."""
    return _known.setdefault(points.name, points)


def find(name: str) -> Points | None:
    """The registered points of that name, or None."""
    return _known.get(name)


def first_of(points: Points, count: int) -> Points:
    """The first `count` of some points, without initial positions."""
    labels = points.labels
    return make(points.x[:count], None if labels is None else labels[:count])


def two_clusters(count: int = 150, dim: int = 10, seed: int = 0) -> Points:
    """Two clusters of `count` points, gaussian in `dim` dimensions; the second one is stretched to
    ten times the width of the first.
    """
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(2 * count, dim))  # [N, D]
    x[count:] = WIDTH_RATIO * x[count:] + 10 * WIDTH_RATIO * np.eye(dim)[0]
    return make(x.astype(np.float32), np.repeat([0, 1], count))
