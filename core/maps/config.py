"""The knobs of a map, and the experiment that a map is. Imports no TensorFlow."""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

from core import knobs
from core.configs import AutoencoderConfig
from core.experiments import Experiment
from core.knobs import LiveKnobs, param, redeclare
from core.maps import points
from core.maps.points import Points
from core.projection import ITERATIONS_A_FRAME, NUM_ITERATIONS, STARTS

POINT_PRODUCTS = 100_000
SOURCES = {
    "network": "A network trained here",
    "language": "Words, by language",
    "speller": "Words, by the speller",
}
_more_sources: set[str] = set()


def offer_source(name: str) -> None:
    """Makes another source choosable: a kept run, a run of another page."""
    _more_sources.add(name)


def is_offered(name: object) -> bool:
    """Whether somebody has offered a source of that name."""
    return name in _more_sources


def _has_pictures(config: Any) -> bool:
    return config.source not in ("language", "speller")


@dataclass(frozen=True, kw_only=True)
class MapConfig(LiveKnobs):
    """What is mapped, and how."""

    family: ClassVar[str] = "map"
    batch_size: ClassVar[int] = 1
    learning_rate_decay: ClassVar[str] = "constant"  # type: ignore[misc]

    source: str = param(
        "network",
        label="Codes of",
        help="Whose codes become points: a network that this page trains, the word vectors of a "
        "character model, a run of another page, or a kept run.",
        options=tuple(SOURCES),
        also=is_offered,
        words=SOURCES,
    )
    space: str = param(
        "codes",
        label="Points are",
        help="What a point is: the codes of an image, or its pixels without any network.",
        options=("codes", "pixels"),
        words={"codes": "codings", "pixels": "raw pixels"},
        active_when=_has_pictures,
    )
    latent_dim: int = redeclare(
        AutoencoderConfig,
        "latent_dim",
        30,
        stops=(2, 5, 10, 30, 100, 300),
        active_when=lambda config: (config.source, config.space) == ("network", "codes"),
    )
    num_points: int = param(
        2_000,
        label="Points",
        help="How many, test images first, then training images; at most all there are. More "
        "points: finer islands, a slower map.",
        limits=(4, 70_000),
        stops=(200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 70_000),
    )
    perplexity: float = param(
        30.0,
        label="Perplexity",
        help="About how many neighbours a point tries to stay near. Small: many crumbs, found in "
        "pure noise too. Large: few smooth islands.",
        limits=(1.0, 1_000.0),
        stops=(2.0, 5.0, 10.0, 30.0, 50.0, 100.0, 200.0),
    )
    early_exaggeration: float = param(
        12.0,
        label="Early exaggeration",
        help="How many times as hard neighbours attract in the first 250 iterations, so that they "
        "find each other before islands part.",
        limits=(1.0, 100.0),
        stops=(1.0, 4.0, 12.0, 30.0),
        live=True,
    )
    learning_rate: float = param(
        0.0,
        label="Learning rate",
        help="The length of an iteration's move. 0: automatic. In the first 250 iterations 50 "
        "(below 600 points less, above 2,400 more), then 200 (below 200 points less, above 2,000 a "
        "tenth of them). Too small: KL is still high at the end.",
        limits=(0.0, 100_000.0),
        stops=(0.0, 10.0, 50.0, 200.0, 1_000.0),
        words={0.0: "automatic"},
        live=True,
    )
    start: str = param(
        "pca",
        label="Start from",
        help="Where points begin: at their two principal components, shaken a little by the seed, "
        "or anywhere. From anywhere, every seed is another map.",
        options=STARTS,
        words={"pca": "PCA", "random": "random places"},
    )

    def __post_init__(self) -> None:
        knobs.check(self)


@dataclass(frozen=True, kw_only=True)
class MapExperiment(Experiment):
    """A map: its epochs are frames of 25 iterations, its data the points of that name, which no
    worker can load by itself; `dataset` says which images the network is trained on.
    """

    trainer: ClassVar[str] = "core.maps.trainer"

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
