"""An experiment: everything that decides a run, and nothing else. Imports no TensorFlow."""

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from importlib import metadata
from typing import Any, ClassVar, NamedTuple

from core import knobs
from core.characters import tasks
from core.characters.tasks import TextTask
from core.configs import (
    MAX_SEED,
    CharacterConfig,
    SpellerConfig,
    check_size,
    num_parameters,
    to_dict,
)
from core.datasets import DATASETS, adopt, info_of, is_own, load_dataset, own_data
from core.engine.state import updates_per_epoch
from core.knobs import param, redeclare
from core.text.word_lists import WordList, load_words, version_of
from core.text.word_tables import LANGUAGES

MAX_MOVES = 100
MAX_UPDATES = 10**9
USUAL_LENGTH = {"word": 15, "text": 40}
SLOW_STEPS = 16
UPDATES_A_RECORD = 25
SPELLER_PRODUCTS = 2_000_000
ALL_LANGUAGES = "all"


class Move(NamedTuple):
    """A live knob that was moved: from update number `update` on, `name` has the value `value`."""

    update: int
    name: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A config, its data, its randomness, its length, and the moves made while it ran.

    Attributes:
        trainer: The module that trains its model: `begin`, `advance`, `shared_model`, `ANSWERS`.
        engine_version: The version of the trainer's arithmetic, initial weights and state layout.
            Raise it when one of them changes: what was trained before is then not reused.

    Raises:
        ValueError: A sentence that names the first impossible value.
    """

    trainer: ClassVar[str] = "core.training"
    engine_version: ClassVar[int] = 1

    config: Any
    dataset: str = param(
        "mnist5k",
        label="Data",
        help="The images to copy. The first three are bundled; the full sets need their file or "
        "a network.",
        options=tuple(DATASETS),
        also=is_own,
        words={name: info.title for name, info in DATASETS.items()},
    )
    seed: int = param(
        0,
        label="Seed",
        help="Decides the initial weights and the order of the images. Same seed, same run.",
        limits=(0, MAX_SEED),
    )
    num_epochs: int = param(
        100,
        label="Epochs at most",
        help="Where training ends if nothing ends it before; the right edge of the curve.",
        limits=(1, 5000),
        stops=(1, 10, 30, 60, 100, 200, 500, 1000),
        live=True,
    )
    early_stopping: bool = param(
        True,
        label="Stop by itself",
        help="Stops when ten epochs together have not lowered the test loss by 1 %.",
        options=(True, False),
        live=True,
    )
    moves: tuple[Move, ...] = ()

    def __post_init__(self) -> None:
        knobs.check(self)
        self._check_size()
        self._check_range()
        self._check_moves()

    def _check_size(self) -> None:
        check_size(self.config, self.input_dim)

    def _check_range(self) -> None:
        if self.config.family == "denoising" and info_of(self.dataset).kind == "contrasts":
            raise ValueError(
                f"Noise is cut at 0 and 1, {self.dataset!r} takes any sign: choose 'photo_patches'."
            )

    def _check_moves(self) -> None:
        if len(self.moves) > MAX_MOVES:
            raise ValueError(f"A run holds at most {MAX_MOVES} moves; received {len(self.moves)}.")
        last = 0
        for move in self.moves:
            if (
                move.name not in self.config.coefficients()
                or not last <= move.update <= MAX_UPDATES
            ):
                raise ValueError(
                    f"No knob can move like this: {move.name!r} at update {move.update!r}."
                )
            knobs.parse(type(self.config), move.name, str(move.value))
            last = move.update

    def load(self) -> Any:
        """The data. Raises DatasetUnavailable."""
        return load_dataset(self.dataset)

    def own(self) -> Any:
        """The data if they are somebody's own, which no worker can load by itself."""
        return own_data(self.dataset)

    @property
    def data_name(self) -> str:
        """What its data are known by."""
        return self.dataset

    @property
    def data_version(self) -> str:
        """Of the data of this name; own data have their content in their name."""
        return str(info_of(self.dataset).version)

    @property
    def version(self) -> str:
        """What, beside the knobs, decides the numbers of a run: two runs with the same knobs and
        another version may differ.
        """
        return f"engine {self.engine_version}, data {self.data_version}, Keras {_minor('keras')}"

    def adopt(self, own: Any) -> None:
        """Makes own data known where they have come to."""
        adopt(self.dataset, own)

    @staticmethod
    def title_of(dataset: str) -> str:
        """What the data of that name are called."""
        return info_of(dataset).title

    @property
    def input_dim(self) -> int:
        """D, the number of pixels."""
        return info_of(self.dataset).input_dim

    @property
    def num_train(self) -> int:
        """Rows to train on."""
        return info_of(self.dataset).num_train

    @property
    def num_parameters(self) -> int | None:
        """How many numbers training adjusts; None where only a worker knows."""
        return num_parameters(self.config, self.input_dim)

    @property
    def products_a_row(self) -> int:
        """About how many multiplications one row needs on its way through the network."""
        return num_parameters(self.config, self.input_dim)

    @property
    def updates_per_epoch(self) -> int:
        return updates_per_epoch(self.num_train, self.config.batch_size)

    @property
    def num_updates(self) -> int:
        """Updates of the whole run, should nothing stop it."""
        return self.num_epochs * self.updates_per_epoch

    def steered(self, at: int, wanted: Mapping[str, Any]) -> "Experiment":
        """With live knobs turned at update `at`; moves that were still to come are forgotten.

        Before the first update it is the config that changes: nothing has moved yet.
        """
        if at == 0:
            return replace(self, config=replace(self.config, **wanted), moves=())
        before = replace(self, moves=tuple(move for move in self.moves if move.update < at))
        now = before.coefficients_at(at)
        new = (Move(at, name, value) for name, value in wanted.items() if value != now[name])
        return replace(before, moves=(*before.moves, *new))

    def coefficients_at(self, update: int) -> dict[str, float]:
        """The live knobs in update number `update`, and the planned length."""
        moved = {move.name: move.value for move in self.moves if move.update <= update}
        return self.config.coefficients(self.num_updates) | moved

    def key_before(self, update: int) -> str:
        """Equal for two experiments exactly when they have the same weights at `update`; 32 hex
        digits.
        """
        decides = {
            "config": to_dict(self.config),
            "dataset": self.dataset,
            "seed": self.seed,
            "moves": [move for move in self.moves if move.update < update],
            "version": self.version,
            "planned": self.num_updates if self.config.learning_rate_decay != "constant" else None,
        }
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class TextExperiment(Experiment):
    """The same for a character model: its data are a task."""

    trainer: ClassVar[str] = "core.characters.trainer"

    dataset: str = redeclare(
        Experiment,
        "dataset",
        "language",
        label="Task",
        help="What the network is asked about a text.",
        options=tuple(tasks.TASKS),
        also=tasks.is_own,
        words={name: info.title for name, info in tasks.TASKS.items()},
    )

    def _check_size(self) -> None:
        """A worker does it: the size of the network hangs on the texts."""

    def load(self) -> TextTask:
        return tasks.load_task(self.dataset)

    def own(self) -> TextTask | None:
        return tasks.own_task(self.dataset)

    @property
    def data_version(self) -> str:
        return tasks.version_of(self.dataset)

    def adopt(self, own: Any) -> None:
        tasks.adopt(self.dataset, own)

    @staticmethod
    def title_of(dataset: str) -> str:
        return tasks.info_of(dataset).title

    @property
    def num_parameters(self) -> int | None:
        return None

    @property
    def num_train(self) -> int:
        return tasks.info_of(self.dataset).epoch_texts

    @property
    def products_a_row(self) -> int:
        config, length = self.config, USUAL_LENGTH[tasks.info_of(self.dataset).kind]
        if config.inputs == "word":
            return config.word_embedding_dim
        if config.architecture == "cnn":
            return length * config.char_embedding_dim * config.filters * sum(config.kernel_sizes)
        return SLOW_STEPS * length * config.units * (config.units + config.char_embedding_dim)


@dataclass(frozen=True, kw_only=True)
class SpellingExperiment(Experiment):
    """The same for a speller: its data are the words of a language, or those of all twelve without
    saying which, to pretrain on; its epochs are 25 updates.
    """

    trainer: ClassVar[str] = "core.spelling.trainer"

    dataset: str = redeclare(
        Experiment,
        "dataset",
        "en",
        label="Language",
        help="Whose words it learns to correct.",
        options=tuple(LANGUAGES),
        also=lambda name: name == ALL_LANGUAGES,
        words=LANGUAGES,
    )
    num_epochs: int = redeclare(
        Experiment,
        "num_epochs",
        24,
        help="Each has 25 updates of 512 words; 24 take about half a minute.",
        stops=(6, 12, 24, 48, 96),
    )
    early_stopping: bool = redeclare(Experiment, "early_stopping", False)

    def _check_size(self) -> None:
        """All networks have one size."""

    def load(self) -> WordList:
        if self.dataset == ALL_LANGUAGES:
            from core.pretraining.words import word_list

            return word_list()
        return load_words(self.dataset, self.config.num_words)

    def own(self) -> None:
        return None

    @property
    def data_version(self) -> str:
        if self.dataset == ALL_LANGUAGES:
            return tasks.version_of("language")
        return version_of(self.dataset)

    def adopt(self, own: Any) -> None:
        """Nobody brings a language."""

    @staticmethod
    def title_of(dataset: str) -> str:
        return LANGUAGES.get(dataset, "Words of twelve languages")

    @property
    def num_parameters(self) -> int | None:
        return None

    @property
    def num_train(self) -> int:
        return UPDATES_A_RECORD * self.config.batch_size

    @property
    def products_a_row(self) -> int:
        return SPELLER_PRODUCTS


@functools.cache
def _minor(package: str) -> str:
    """Major and minor version of an installed package."""
    return ".".join(metadata.version(package).split(".")[:2])


def experiment_class(config_class: type) -> type[Experiment]:
    """What an experiment with such a config is."""
    from core.maps.config import MapConfig, MapExperiment
    from core.pretraining.config import LabelConfig, LabelExperiment

    if issubclass(config_class, MapConfig):
        return MapExperiment
    if issubclass(config_class, LabelConfig):
        return LabelExperiment
    if issubclass(config_class, SpellerConfig):
        return SpellingExperiment
    return TextExperiment if issubclass(config_class, CharacterConfig) else Experiment


def values_of(experiment: Experiment) -> dict[str, Any]:
    """Every knob by name, its own and its config's together; inverse of `make`, moves apart."""
    owners = (experiment.config, experiment)
    return {name: getattr(each, name) for each in owners for name in knobs.params(each)}


def make(config_class: type, values: dict[str, Any]) -> Experiment:
    """An experiment from values by name, its own and its config's together."""
    own = {field.name for field in fields(Experiment)}
    config = config_class(**{name: value for name, value in values.items() if name not in own})
    rest = {name: value for name, value in values.items() if name in own}
    return experiment_class(config_class)(config=config, **rest)


def owner(config_class: type, name: str) -> type:
    """The class that declares the knob `name`. Raises KeyError where there is none."""
    for candidate in (config_class, experiment_class(config_class)):
        if name in knobs.params(candidate):
            return candidate
    raise KeyError(name)
