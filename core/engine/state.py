"""How a run stands: its state, its records, how far an epoch reaches, when it has stopped
improving. Imports no TensorFlow."""

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from core.question import A, Question

PATIENCE = 10
RUNNING = ("starting", "training", "pausing")
"""The phases of a job in which its state may still change."""
MIN_GAIN = 0.01


class TrainingDiverged(Exception):
    """The loss is no longer a finite number; the state before the call is still good."""


@dataclasses.dataclass(frozen=True, eq=False)
class State:
    """Everything that training carries from update to update, as plain arrays.

    `sums` holds the parts of the loss added up since the epoch began.
    """

    weights: tuple[np.ndarray, ...]
    optimizer: tuple[np.ndarray, ...]
    seed: int
    update: int
    sums: tuple[np.float32, ...]

    @property
    def num_bytes(self) -> int:
        return sum(array.nbytes for array in (*self.weights, *self.optimizer))


class Record(NamedTuple):
    """One epoch.

    Attributes:
        epoch: How many epochs are complete, 1 after the first.
        parts: Weighted summands of the training loss, averaged over the epoch, and their sum
            `total`.
        readings: What was read off the model on the test set at the end of the epoch.
        validation: The parts and `total` on the test set at the end of the epoch.
        coefficients: The live knobs at the end of the epoch.
    """

    epoch: int
    parts: dict[str, float]
    readings: dict[str, float | tuple[float, ...]]
    validation: dict[str, float]
    coefficients: dict[str, float]


class Snapshot(NamedTuple):
    """What is known of a job at one moment.

    Attributes:
        phase: "starting" (no chunk back yet), "training", "pausing" (one chunk still runs),
            "paused", "stopped" (no longer improving), "finished" (all epochs done) or "failed"
            (`problem` says why).
        update: Updates made.
        records: One an epoch.
        views: The latest answers to what a job shows after every chunk, by question.
        traces: Every single number in the views, as (update, value), by its name.
        images_per_second: While the latest chunk ran, or None.
        silent_seconds: How long the workers have owed a chunk.
        recovering: Whether that is because a worker was lost.
        replaying: Whether it shows what was trained before.
        problem: A sentence, or None.
        epoch: Which one is looked at in the past; None for now. `update` and `views` are then of
            its end, `records` and `traces` of the whole run.
    """

    phase: str
    update: int
    records: list[Record]
    views: dict[Question[Any], Any]
    traces: dict[str, list[tuple[int, float]]]
    images_per_second: float | None
    silent_seconds: float
    recovering: bool
    replaying: bool
    problem: str | None
    epoch: int | None = None

    @property
    def is_running(self) -> bool:
        return self.phase in RUNNING

    @property
    def record(self) -> Record | None:
        """That of the moment that is looked at; None before the end of the first epoch."""
        shown = self.records if self.epoch is None else self.records[: self.epoch]
        return shown[-1] if shown else None

    def traced(self, name: str) -> float:
        """A number of the views as it was told last, up to the moment that is looked at; NaN where
        it never was.
        """
        told = self.traces.get(name, [])
        if self.epoch is not None:
            told = [point for point in told if point[0] <= self.update]
        return told[-1][1] if told else math.nan

    def view(self, question: Question[A]) -> A | None:
        """The latest answer to what the job shows after every chunk; None while there is none."""
        return self.views.get(question)


class Past:
    """What a job has been told so far: `records`, and as `traces` every single number in its views,
    as (update, value), by its name.
    """

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.traces: dict[str, list[tuple[int, float]]] = {}

    def add(self, records: list[Record], views: Mapping[Any, Any], update: int) -> None:
        """Records, and the views at their end."""
        self.records += records
        for name, value in numbers_of(views):
            self.traces.setdefault(name, []).append((update, value))

    def fill(self, numbers: Iterable[tuple[str, float]], update: int) -> None:
        """Numbers of views that nobody looked at when the run was there."""
        for name, value in numbers:
            points = self.traces.setdefault(name, [])
            if all(at != update for at, _ in points):
                points.append((update, value))
                points.sort()

    def go_back_to(self, update: int, per_epoch: int) -> None:
        """Forgets what came after an update."""
        del self.records[update // per_epoch :]
        for name, points in self.traces.items():
            self.traces[name] = [point for point in points if point[0] <= update]


def numbers_of(views: Mapping[Any, Any]) -> Iterator[tuple[str, float]]:
    """Every single number in some views, by its name."""
    for view in views.values():
        fields = view._asdict() if hasattr(view, "_asdict") else {}
        yield from ((name, value) for name, value in fields.items() if isinstance(value, float))


def updates_per_epoch(num_rows: int, batch_size: int) -> int:
    """Updates until every row has been seen once; the last batch is filled up."""
    return -(-num_rows // min(batch_size, num_rows))


def rows_of_epoch(num_rows: int, batch_size: int, seed: int, epoch: int) -> np.ndarray:
    """The rows of an epoch in random order, int32; its beginning also fills up the last batch."""
    rows = np.random.default_rng((seed, epoch)).permutation(num_rows).astype(np.int32)
    batch_size = min(batch_size, num_rows)
    return np.resize(rows, updates_per_epoch(num_rows, batch_size) * batch_size)


@dataclasses.dataclass(frozen=True)
class Patience:
    """Counts the epochs since the test loss last fell by a share of `MIN_GAIN` below the best
    before.

    The count starts again when a knob moves, because the loss may then mean something else.
    """

    best: float = float("inf")
    waited: int = 0
    coefficients: tuple[tuple[str, float], ...] = ()

    def after(self, records: Iterable[Record]) -> "Patience":
        """The count after further epochs."""
        patience = self
        for record in records:
            total = record.validation["total"]
            coefficients = tuple(sorted(record.coefficients.items()))
            if coefficients != patience.coefficients or total < patience.best * (1 - MIN_GAIN):
                patience = Patience(total, 0, coefficients)
            else:
                patience = dataclasses.replace(patience, waited=patience.waited + 1)
        return patience

    @property
    def epochs_left(self) -> int:
        """How many more epochs can pass without progress."""
        return max(0, PATIENCE - self.waited)

    @property
    def is_over(self) -> bool:
        return self.epochs_left == 0
