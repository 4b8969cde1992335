"""The knobs of phase 2, and the experiments that learn from few labels. Imports no TensorFlow."""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

from core import knobs
from core.characters import tasks
from core.datasets import DATASETS, info_of, is_own, own_data
from core.experiments import Experiment
from core.knobs import LiveKnobs, param, redeclare
from core.maps.config import is_offered
from core.pretraining import encoders, labelled
from core.pretraining.encoders import Encoder
from core.pretraining.words import NUM_TRAIN as NUM_WORDS

SOURCES = {
    "denoising": "A denoising autoencoder",
    "stacked": "A plain autoencoder",
    "sparse": "A sparse autoencoder",
    "variational": "A variational autoencoder",
    "words": "Words: a reader that undoes typos",
}
NEURAL = ("pretrained_frozen", "pretrained_fine_tuned", "from_scratch")
PRETRAINED = (
    "pretrained_frozen",
    "pretrained_svm",
    "pretrained_spreading",
    "pretrained_fine_tuned",
)
ARMS = (
    *PRETRAINED,
    "from_scratch",
    "rbf_svm",
    "nearest_neighbour",
    "pca_logistic",
    "pca_spreading",
)
BUDGETS = (10, 20, 50, 100, 200, 500, 1_000, 4_000)
ALL = 70_000
LABELLED = ("mnist5k", "digits8", "mnist", "fashion_mnist")


def has_classes(dataset: str) -> bool:
    """Whether phase 2 can learn the classes of these images: of this page's, or of own ones."""
    return dataset in LABELLED or (is_own(dataset) and info_of(dataset).num_classes > 1)


@dataclass(frozen=True, kw_only=True)
class LabelConfig(LiveKnobs):
    """Who pretrains, and what may be labelled."""

    family: ClassVar[str] = "labels"
    batch_size: ClassVar[int] = labelled.BATCH_SIZE
    learning_rate_decay: ClassVar[str] = "constant"  # type: ignore[misc]

    source: str = param(
        "denoising",
        label="Pretrained by",
        help="What learns without labels first, and gives its encoder: trained on this page, a run "
        "of another page, or a kept run.",
        options=tuple(SOURCES),
        also=is_offered,
        words=SOURCES,
    )
    num_labels: int = param(
        100,
        label="Labels",
        help="How many training images a classifier may know the class of. Everything else of them "
        "stays unlabelled.",
        limits=(2, ALL),
        stops=(10, 20, 50, 100, 200, 500, 1_000, 2_000, 4_000, 10_000, ALL),
        words={ALL: "all"},
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

    def __post_init__(self) -> None:
        knobs.check(self)


@dataclass(frozen=True, kw_only=True)
class LabelExperiment(Experiment):
    """Phase 2 with one draw of labels: its encoder is known by its name, its epochs are records.
    `ALL` labels are as many as the data have.

    Attributes:
        encoder: The name of a `core.pretraining.encoders.Encoder`.
        bought: The rows that somebody has labelled by hand, instead of a draw.
    """

    trainer: ClassVar[str] = "core.pretraining.trainer"

    dataset: str = redeclare(
        Experiment,
        "dataset",
        "mnist5k",
        help="Images with labels, most of which nobody may look at.",
        options=LABELLED,
        also=is_own,
        words={name: DATASETS[name].title for name in LABELLED},
    )
    seed: int = redeclare(
        Experiment,
        "seed",
        0,
        help="Decides which images are labelled, and the first weights. Same seed, same run.",
    )
    num_epochs: int = redeclare(
        Experiment,
        "num_epochs",
        labelled.NUM_RECORDS,
        label="Records at most",
        help="The networks are tested 40 times on their way.",
        stops=(10, 20, 40),
    )
    early_stopping: bool = redeclare(Experiment, "early_stopping", False, options=(False,))
    encoder: str = ""
    bought: tuple[int, ...] = ()

    def _check_size(self) -> None:
        if not self.has_words:
            labelled.check_classes(info_of(self.dataset).num_classes)
        if not self.bought and self.num_labels > self.num_train:
            raise ValueError(
                f"There are {self.num_train:,} images to label; received "
                f"{self.num_labels:,} labels. Choose fewer, or larger data."
            )

    @property
    def has_words(self) -> bool:
        """Whether words are classified, not images."""
        return bool(self.config.source == "words")

    def load(self) -> Any:
        """What the arms learn from (`core.pretraining.trainer.Lesson`). Raises ValueError where the
        encoder is not known, or the labels are not there.
        """
        from core.pretraining import trainer

        return trainer.lesson(self._encoder(), None if self.has_words else self.dataset, self)

    def _encoder(self) -> Encoder:
        found = encoders.find(self.encoder)
        if found is None:
            raise ValueError("The pretrained encoder is gone. Press reset.")
        return found

    def own(self) -> tuple[Encoder | None, Any]:
        return encoders.find(self.encoder), own_data(self.dataset)

    def adopt(self, own: Any) -> None:
        if own is not None:
            encoder, data = own
            super().adopt(data)
            object.__setattr__(self, "_held", encoder and encoders.adopt(encoder))

    @property
    def data_name(self) -> str:
        return f"{self.dataset} {self.encoder}"

    @property
    def data_version(self) -> str:
        return tasks.version_of("language") if self.has_words else super().data_version

    @property
    def num_parameters(self) -> None:
        return None

    @property
    def num_train(self) -> int:
        return NUM_WORDS if self.has_words else info_of(self.dataset).num_train

    @property
    def num_labels(self) -> int:
        """How many labels have been paid for."""
        wanted = int(self.config.num_labels)
        return len(self.bought) or (self.num_train if wanted == ALL else wanted)

    @property
    def products_a_row(self) -> int:
        found = encoders.find(self.encoder)
        return 3 * sum(array.size for array in found.weights) if found else 1

    @property
    def updates_per_epoch(self) -> int:
        return labelled.updates_a_record(self.num_labels)

    def key_before(self, update: int) -> str:
        text = f"{super().key_before(update)} {self.encoder} {self.bought}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class SweepExperiment(LabelExperiment):
    """All arms at one number of labels after the other, with one seed: an update trains all of them
    to the end.
    """

    trainer: ClassVar[str] = "core.pretraining.sweep"

    @property
    def updates_per_epoch(self) -> int:
        return 1

    @property
    def products_a_row(self) -> int:
        return labelled.num_updates(labelled.BATCH_SIZE) * super().products_a_row


def budgets(num_train: int) -> tuple[int, ...]:
    """Numbers of labels for a curve, up to all there are, or to 4,000 of more."""
    most = min(num_train, BUDGETS[-1])
    return (*(count for count in BUDGETS if count < most), most)
