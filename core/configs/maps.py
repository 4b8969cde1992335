"""The knobs of a map: `MapConfig`. Imports no TensorFlow."""

from dataclasses import dataclass
from typing import Any, ClassVar

from core.configs.autoencoders import AutoencoderConfig
from core.configs.sources import CodesConfig, names_a_run
from core.knobs import param, redeclare

SOURCES = {
    "network": "A network trained here",
    "language": "Words, by language",
    "speller": "Words, by the speller",
}
STARTS = ("pca", "random")


def _maps_images(config: Any) -> bool:
    return config.source not in ("language", "speller")


@dataclass(frozen=True, kw_only=True)
class MapConfig(CodesConfig):
    """The points of a t-SNE map, and the knobs of t-SNE."""

    family: ClassVar[str] = "map"
    batch_size: ClassVar[int] = 1

    source: str = param(
        "network",
        label="Codes of",
        help="Whose codes become points: a network that this page trains, the word vectors of a "
        "character model, a run of another page, or a kept run.",
        options=tuple(SOURCES),
        accepts=names_a_run,
        value_names=SOURCES,
    )
    space: str = param(
        "codes",
        label="Points are",
        help="What a point is: the codes of an image, or its pixels without any network.",
        options=("codes", "pixels"),
        value_names={"codes": "codings", "pixels": "raw pixels"},
        active_when=_maps_images,
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
        value_names={0.0: "automatic"},
        live=True,
    )
    start: str = param(
        "pca",
        label="Start from",
        help="Where points begin: at their two principal components, shaken a little by the seed, "
        "or anywhere. From anywhere, every seed is another map.",
        options=STARTS,
        value_names={"pca": "PCA", "random": "random places"},
    )

    @property
    def trains_on_images(self) -> bool:
        """Whether the model that gives the codes is trained for this map, on images."""
        return self.source == "network"

    @property
    def maps_pixels(self) -> bool:
        """Whether the points are raw pixels and no model has to be trained."""
        return (self.source, self.space) == ("network", "pixels")
