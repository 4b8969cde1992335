"""`Experiment`: everything that determines the numbers of a run. Imports no TensorFlow."""

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from typing import Any, ClassVar, NamedTuple, Self

from core import knobs
from core.configs import MAX_SEED, check_size, num_parameters, to_dict
from core.datasets import DATASETS, adopt, info_of, is_own, load_dataset, name_of, own_data
from core.engine.state import updates_per_epoch
from core.knobs import param
from core.message import Message

MAX_MOVES = 100
MAX_UPDATES = 10**9


class Move(NamedTuple):
    """A change of a live knob: from update number `update` on, `name` has the value `value`."""

    update: int
    name: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A config, its data set, seed and length, and the moves of live knobs while it ran.

    Attributes:
        engine_version: The version of the trainer's arithmetic, initial weights and state layout.
            Raise it when one of them changes: checkpoints of another version are not reused.

    Raises:
        ValueError: A sentence that names the first impossible value.
    """

    engine_version: ClassVar[int] = 1

    config: Any
    dataset: str = param(
        "mnist5k",
        label="Data",
        help="The images to copy. The first three are bundled; the full sets need their file or "
        "a network.",
        options=tuple(DATASETS),
        accepts=is_own,
        value_names={name: info.title for name, info in DATASETS.items()},
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
        label="Early stopping",
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
                Message(
                    "Noise is cut at 0 and 1, {received!r} takes any sign: choose 'photo_patches'.",
                    received=self.dataset,
                )
            )

    def _check_moves(self) -> None:
        if len(self.moves) > MAX_MOVES:
            raise ValueError(
                Message(
                    "A run holds at most {most} moves; received {count}.",
                    most=MAX_MOVES,
                    count=len(self.moves),
                )
            )
        last = 0
        for move in self.moves:
            if (
                move.name not in self.config.coefficients()
                or not last <= move.update <= MAX_UPDATES
            ):
                raise ValueError(
                    Message(
                        "No knob can move like this: {knob!r} at update {update!r}.",
                        knob=move.name,
                        update=move.update,
                    )
                )
            knobs.parse(type(self.config), move.name, str(move.value))
            last = move.update

    @classmethod
    def on(cls, config: Any, data: Any, **settings: Any) -> Self:
        """An experiment on some data, or on those of a name; it never stops by itself.

        Args:
            settings: Its seed, num_epochs and moves.

        Raises:
            ValueError: The config asks for other data than these.
        """
        experiment = cls(config=config, early_stopping=False, **cls._naming(data), **settings)
        if not isinstance(data, str) and not experiment._fits(data):
            raise ValueError(
                Message(
                    "The config asks for other data than these. Choose the config by which they "
                    "were made."
                )
            )
        return experiment

    def _fits(self, _: Any) -> bool:
        """Whether the config asks for the data that gave this experiment their name. A data set or
        a task does not depend on the config.
        """
        return True

    @classmethod
    def _naming(cls, data: Any) -> dict[str, Any]:
        """The fields that name some data."""
        return {"dataset": data if isinstance(data, str) else name_of(data)}

    def load(self) -> Any:
        """The data set. Raises DatasetUnavailable."""
        return load_dataset(self.dataset)

    def own(self) -> Any:
        """The data set if it is a reader's own, which a worker cannot load by itself; else None."""
        return own_data(self.dataset)

    @property
    def family(self) -> str:
        """Its key in `core.families.FAMILIES`."""
        return str(self.config.family)

    @property
    def data_name(self) -> str:
        """The name of its data, unique in this process."""
        return self.dataset

    @property
    def data_version(self) -> str:
        """The version of the data set; the name of own data depends on their content already."""
        return str(info_of(self.dataset).version)

    @property
    def version(self) -> str:
        """Versions of engine, data and Keras: runs with equal knobs and another version may have
        other numbers.
        """
        return f"engine {self.engine_version}, data {self.data_version}, Keras {_minor('keras')}"

    @property
    def program(self) -> tuple[Any, ...]:
        """Equal for experiments that one compiled program trains: live knobs, seed and length do
        not matter.
        """
        return type(self), self.config.compiled(), self.data_name

    def adopt(self, own: Any) -> None:
        """Registers own data, which another process has sent, in this process."""
        adopt(self.dataset, own)

    @staticmethod
    def title_of(dataset: str) -> str:
        """The title of a data set, for readers."""
        return info_of(dataset).title

    @property
    def input_dim(self) -> int:
        """D, the number of input features."""
        return info_of(self.dataset).input_dim

    @property
    def num_train(self) -> int:
        """Number of training rows."""
        return info_of(self.dataset).num_train

    @property
    def num_parameters(self) -> int | None:
        """Number of trainable parameters; None where it depends on data that a worker loads."""
        return num_parameters(self.config, self.input_dim)

    @property
    def products_a_row(self) -> int:
        """Approximate number of multiplications of a forward pass of one row."""
        return num_parameters(self.config, self.input_dim)

    @property
    def updates_per_epoch(self) -> int:
        return updates_per_epoch(self.num_train, self.config.batch_size)

    @property
    def num_updates(self) -> int:
        """Updates of the whole run, without early stopping."""
        return self.num_epochs * self.updates_per_epoch

    def steered(self, at: int, wanted: Mapping[str, Any]) -> "Experiment":
        """This experiment with live knobs moved at update `at`; later moves are dropped.

        At update 0 the config is changed instead.

        Args:
            wanted: Values of live knobs by name.
        """
        if at == 0:
            return replace(self, config=replace(self.config, **wanted), moves=())
        before = replace(self, moves=tuple(move for move in self.moves if move.update < at))
        present = before.coefficients_at(at)
        new = (Move(at, name, value) for name, value in wanted.items() if value != present[name])
        return replace(before, moves=(*before.moves, *new))

    def coefficients_at(self, update: int) -> dict[str, float]:
        """The live knobs in update number `update`, and `planned_updates` if they depend on it."""
        moved = {move.name: move.value for move in self.moves if move.update <= update}
        return self.config.coefficients(self.num_updates) | moved

    def key_before(self, update: int) -> str:
        """A hash of all that determines the weights at `update`, 32 hexadecimal digits: equal for
        two experiments that have the same weights there.
        """
        determinants = {
            "config": to_dict(self.config),
            "dataset": self.dataset,
            "seed": self.seed,
            "moves": [move for move in self.moves if move.update < update],
            "version": self.version,
            "planned": self.num_updates if self.config.learning_rate_decay != "constant" else None,
        }
        return hashlib.sha256(json.dumps(determinants, sort_keys=True).encode()).hexdigest()[:32]


@functools.cache
def _minor(package: str) -> str:
    """Major and minor version of an installed package."""
    return ".".join(metadata.version(package).split(".")[:2])
