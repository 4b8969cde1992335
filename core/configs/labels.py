"""The knobs of learning from few labels: `LabelConfig`. Imports no TensorFlow."""

from dataclasses import dataclass
from typing import ClassVar

from core.configs.sources import CodesConfig, names_a_run
from core.knobs import param

SOURCES = {
    "denoising": "A denoising autoencoder",
    "stacked": "A plain autoencoder",
    "sparse": "A sparse autoencoder",
    "variational": "A variational autoencoder",
    "words": "Words: a reader that undoes typos",
}
ALL = 70_000


@dataclass(frozen=True, kw_only=True)
class LabelConfig(CodesConfig):
    """The pretrained encoder, and the labels that a classifier on it may use."""

    family: ClassVar[str] = "labels"
    batch_size: ClassVar[int] = 50

    source: str = param(
        "denoising",
        label="Pretrained by",
        help="What learns without labels first, and gives its encoder: trained on this page, a run "
        "of another page, or a kept run.",
        options=tuple(SOURCES),
        accepts=names_a_run,
        value_names=SOURCES,
    )
    num_labels: int = param(
        100,
        label="Labels",
        help="How many training images a classifier may know the class of. Everything else of them "
        "stays unlabelled.",
        limits=(2, ALL),
        stops=(10, 20, 50, 100, 200, 500, 1_000, 2_000, 4_000, 10_000, ALL),
        value_names={ALL: "all"},
    )
    balanced: bool = param(
        True,
        label="Balanced",
        help="Every class is drawn equally often. Off: as chance has it, as in life; a rare class "
        "may have no label at all.",
        options=(True, False),
    )
    learning_rate: float = param(
        1e-3,
        label="Learning rate",
        help="Step size of phase 2. The softmax on a frozen encoder takes steps ten times as long.",
        limits=(0.0, 1.0),
        stops=(1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1),
        live=True,
    )

    @property
    def trains_on_images(self) -> bool:
        """Whether the encoder is trained for this experiment, on images."""
        return self.trains and self.source != "words"
