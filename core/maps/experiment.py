"""The experiment that a map is. Imports no TensorFlow."""

import hashlib
from dataclasses import dataclass
from typing import Any

from core.experiments import Experiment
from core.knobs import redeclare
from core.maps import points
from core.maps.points import Points
from core.maps.tsne import ITERATIONS_A_FRAME, NUM_ITERATIONS

POINT_PRODUCTS = 100_000


@dataclass(frozen=True, kw_only=True)
class MapExperiment(Experiment):
    """A map: its epochs are frames of 25 iterations, its data the points of that name, which no
    worker can load by itself; `dataset` says which images the network is trained on.
    """

    seed: int = redeclare(
        Experiment,
        "seed",
        0,
        help="Decides where points begin. Another seed is another map of the same points: compare.",
    )
    num_epochs: int = redeclare(
        Experiment,
        "num_epochs",
        NUM_ITERATIONS // ITERATIONS_A_FRAME,
        label="Frames at most",
        help="A frame is 25 iterations. The first ten are the early exaggeration.",
        limits=(1, 400),
        stops=(10, 20, 30, 40, 80),
    )
    early_stopping: bool = redeclare(Experiment, "early_stopping", False, options=(False,))
    points: str = ""

    def _check_size(self) -> None:
        """There is no network."""

    def load(self) -> Points:
        """The points. Raises ValueError where they are not known."""
        found = points.find(self.points)
        if found is None:
            raise ValueError("The points of this map are gone. Press reset.")
        return found

    def own(self) -> Points | None:
        return points.find(self.points)

    @property
    def data_name(self) -> str:
        return self.points

    def adopt(self, own: Any) -> None:
        if own is not None:
            self._hold(points.adopt(own))

    def _hold(self, own: Points) -> None:
        """Keeps the points alive for as long as this experiment."""
        object.__setattr__(self, "_held", own)

    @property
    def num_parameters(self) -> None:
        return None

    @property
    def num_train(self) -> int:
        return self.config.num_points

    @property
    def products_a_row(self) -> int:
        return POINT_PRODUCTS * self.config.num_points

    @property
    def updates_per_epoch(self) -> int:
        return ITERATIONS_A_FRAME

    def key_before(self, update: int) -> str:
        text = f"{super().key_before(update)} {self.points}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]
