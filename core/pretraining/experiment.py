"""The experiments that learn from few labels. Imports no TensorFlow."""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from core.configs.labels import ALL
from core.datasets import DATASETS, info_of, is_own, own_data
from core.engine.state import Record
from core.experiments import Experiment
from core.knobs import redeclare
from core.message import Message
from core.pretraining import encoders, labelled
from core.pretraining.encoders import Encoder
from core.spelling.word_lists import NUM_FROM_ALL as NUM_WORDS
from core.text import tasks

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
LABELLED = ("mnist5k", "digits8", "mnist", "fashion_mnist")


def has_classes(dataset: str) -> bool:
    """Whether phase 2 can learn the classes of these images: of `LABELLED`, or of own ones."""
    return dataset in LABELLED or (is_own(dataset) and info_of(dataset).num_classes > 1)


class Labelling(NamedTuple):
    """An encoder, images or words, and which of them have a label.

    Attributes:
        encoder: The pretrained one.
        dataset: The name of a data set; None for words.
        num_labels, seed, balanced: See `core.pretraining.labelled.draw`.
        bought: The rows that were chosen to be labelled, instead of a draw.
    """

    encoder: Encoder
    dataset: str | None
    num_labels: int
    seed: int
    balanced: bool
    bought: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class LabelExperiment(Experiment):
    """Phase 2 with one draw of labels; its encoder is given by its name, its epochs are records.
    `ALL` labels are as many as the data have.

    Attributes:
        encoder: The name of a `core.pretraining.encoders.Encoder`.
        bought: The rows that were chosen to be labelled, instead of a draw.
    """

    engine_version: ClassVar[int] = 2

    dataset: str = redeclare(
        Experiment,
        "dataset",
        "mnist5k",
        help="Labelled images; most labels are hidden from the methods.",
        options=LABELLED,
        accepts=is_own,
        value_names={name: DATASETS[name].title for name in LABELLED},
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
                Message(
                    "There are {images:,} images to label; received {labels:,} labels. Choose "
                    "fewer, or larger data.",
                    images=self.num_train,
                    labels=self.num_labels,
                )
            )

    @property
    def has_words(self) -> bool:
        """Whether words are classified, not images."""
        return bool(self.config.source == "words")

    @classmethod
    def on(cls, config: Any, data: Labelling, **settings: Any) -> "LabelExperiment":
        """An experiment with the labels of a labelling, whose seed is that of the experiment."""
        return super().on(config, data, **settings | {"seed": data.seed})

    @classmethod
    def _naming(cls, data: Labelling) -> dict[str, Any]:
        names = {"encoder": data.encoder.name, "bought": data.bought}
        return names if data.dataset is None else names | {"dataset": data.dataset}

    def _fits(self, data: Any) -> bool:
        return self.load() == data

    def load(self) -> Labelling:
        """What the arms learn from.

        Raises:
            ValueError: The encoder is not registered in this process.
        """
        return Labelling(
            self._encoder(),
            None if self.has_words else self.dataset,
            self.num_labels,
            self.seed,
            self.config.balanced,
            self.bought,
        )

    def _encoder(self) -> Encoder:
        encoder = encoders.find(self.encoder)
        if encoder is None:
            raise ValueError(Message("The pretrained encoder is gone. Press reset."))
        return encoder

    def own(self) -> tuple[Encoder | None, Any]:
        return encoders.find(self.encoder), own_data(self.dataset)

    def adopt(self, own: Any) -> None:
        if own is not None:
            encoder, data = own
            super().adopt(data)
            held = encoders.adopt(encoder) if encoder else None
            object.__setattr__(self, "_held", held)

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
        """How many labels the arms learn from."""
        drawn = int(self.config.num_labels)
        return len(self.bought) or (self.num_train if drawn == ALL else drawn)

    @property
    def products_a_row(self) -> int:
        encoder = encoders.find(self.encoder)
        return 3 * sum(array.size for array in encoder.weights) if encoder else 1

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

    @property
    def family(self) -> str:
        return "sweep"

    @property
    def updates_per_epoch(self) -> int:
        return 1

    @property
    def products_a_row(self) -> int:
        return labelled.num_updates(labelled.BATCH_SIZE) * super().products_a_row


def accuracy_of(record: Record, arm: str) -> float:
    """The test accuracy of an arm in a record of phase 2."""
    return float(record.readings[arm])  # type: ignore[arg-type]


def best_arm(record: Record) -> tuple[str, float]:
    """The arm with the highest test accuracy, and that accuracy."""
    arm = max(ARMS, key=lambda name: accuracy_of(record, name))
    return arm, accuracy_of(record, arm)


def budgets(num_train: int) -> tuple[int, ...]:
    """Numbers of labels for a curve, up to all there are, or to 4,000 of more."""
    most = min(num_train, BUDGETS[-1])
    return (*(count for count in BUDGETS if count < most), most)
