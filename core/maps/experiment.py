"""The experiment of a map. Imports no TensorFlow."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from core.characters.experiment import TextExperiment
from core.configs import CharacterConfig, SpellerConfig, StackedConfig
from core.configs.maps import MapConfig
from core.experiments import Experiment
from core.knobs import redeclare
from core.maps import points
from core.maps.points import Points
from core.maps.tsne import ITERATIONS_A_FRAME, NUM_ITERATIONS, largest_perplexity
from core.message import Message
from core.spelling.experiment import SpellingExperiment

PRODUCTS_A_POINT = 100_000
NETWORK_EPOCHS = 20
LANGUAGE_EPOCHS = 8


@dataclass(frozen=True, kw_only=True)
class MapExperiment(Experiment):
    """A map: its epochs are frames of 25 iterations, its data the points of that name, which travel
    with it, since no worker can load them; `dataset` names the images of the network behind them.
    """

    engine_version: ClassVar[int] = 1

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
        """Checks nothing: a map has no network."""

    @classmethod
    def _naming(cls, data: Any) -> dict[str, Any]:
        return {"points": data if isinstance(data, str) else data.name}

    def _fits(self, data: Any) -> bool:
        return self.load() == data

    def load(self) -> Points:
        """The points.

        Raises:
            ValueError: They are not registered in this process.
        """
        known = points.find(self.points)
        if known is None:
            raise ValueError(Message("The points of this map are gone. Press reset."))
        return known

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
        return PRODUCTS_A_POINT * self.config.num_points

    @property
    def updates_per_epoch(self) -> int:
        return ITERATIONS_A_FRAME

    def key_before(self, update: int) -> str:
        text = f"{super().key_before(update)} {self.points}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def of(self, points: Points) -> "MapExperiment":
        """The map of other points by the same knobs."""
        config = replace(self.config, num_points=len(points.x))
        return replace(self, config=config, points=points.name)

    def of_pixels(self, pixels: Points) -> "MapExperiment":
        """The map of the pixels of the same images, by the same knobs."""
        config = MapConfig(
            num_points=len(pixels.x),
            space="pixels",
            perplexity=self.config.perplexity,
            start=self.config.start,
            early_exaggeration=self.config.early_exaggeration,
            learning_rate=self.config.learning_rate,
        )
        return replace(self, config=config, points=pixels.name)


def map_of(points: Points, *, seed: int = 0, **knobs: Any) -> MapExperiment:
    """A map of some points by the default knobs but those given; the perplexity is lowered to the
    largest that so many points allow.
    """
    count = len(points.x)
    perplexity = min(knobs.pop("perplexity", MapConfig.perplexity), largest_perplexity(count))
    config = MapConfig(num_points=count, perplexity=max(1.0, float(perplexity)), **knobs)
    return MapExperiment(config=config, seed=seed, points=points.name)


def network_of(settings: MapExperiment) -> Experiment:
    """The experiment whose codes are mapped; for a map of pixels the smallest network on the same
    data, which stays untrained.
    """
    if settings.config.source == "language":
        return TextExperiment(config=CharacterConfig(), num_epochs=LANGUAGE_EPOCHS)
    if settings.config.source == "speller":
        return SpellingExperiment(config=SpellerConfig())
    if settings.config.maps_pixels:
        smallest = StackedConfig(hidden_units=(), latent_dim=2)
        return Experiment(config=smallest, dataset=settings.dataset)
    network = StackedConfig(latent_dim=settings.config.latent_dim)
    return Experiment(config=network, dataset=settings.dataset, num_epochs=NETWORK_EPOCHS)
