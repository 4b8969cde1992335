"""Training for all families: a pure function of updates that gives a record at the end of every
epoch.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from core.engine.loop import as_tensors
from core.engine.state import Record, State, TrainingDiverged
from core.message import Message

Readings = dict[str, float | tuple[float, ...]]


class TrainingLoop(ABC):
    """A family on its data: what `advance` is to go through.

    Attributes:
        updates_a_record: Updates in an epoch, at whose end stands a record.
        updates_at_once: Updates whose batches are made together; `updates_a_record` is a multiple
            of it.
        sums: Names of what is added up over the updates of an epoch.
        told: Coefficients that a record tells; None for all.
    """

    updates_a_record: int
    updates_at_once: int
    sums: tuple[str, ...]
    told: tuple[str, ...] | None = None

    @abstractmethod
    def load(self, state: State) -> None:
        """Loads a state, which is about to change."""

    @abstractmethod
    def state(self, seed: int, update: int, sums: tuple[np.float32, ...]) -> State:
        """The present state."""

    @abstractmethod
    def batches(
        self, seed: int, base: int, updates: range, coefficients: Mapping[str, float]
    ) -> Any:
        """What the loop is given for these updates, as tensors. Batch number 0 is that of update
        number `base`; those of no update in `updates` may be anything.
        """

    @abstractmethod
    def run(
        self, batches: Any, bounds: Mapping[str, Any], coefficients: Mapping[str, Any], sums: Any
    ) -> Any:
        """The updates whose batches are numbered `first` to `last`, the sums with theirs."""

    @abstractmethod
    def evaluate(
        self, coefficients: Mapping[str, Any], means: dict[str, float]
    ) -> tuple[dict[str, float], dict[str, float], Readings]:
        """At the end of an epoch: the parts of its loss, the same on the test set, and what is
        read off the model.

        Args:
            means: Of the updates of the epoch, by the names of `sums`.
        """

    def diverged(self, epoch: int, rate: float) -> TrainingDiverged:
        """What is said when the loss is no finite number."""
        return TrainingDiverged(
            Message(
                "The loss left the finite numbers in epoch {epoch}, at a learning rate of "
                "{rate:g}. The last good state is kept; try a smaller learning rate.",
                epoch=epoch,
                rate=rate,
            )
        )


def advance(
    loop: TrainingLoop, state: State, coefficients: Mapping[str, float], *, num_updates: int
) -> tuple[State, list[Record]]:
    """Trains for `num_updates` updates and returns the new state and a record for every epoch
    completed on the way.

    The same updates in one call or in many give the same weights, bit for bit, and the same
    records.

    Raises:
        TrainingDiverged: The loss is no longer finite. `state` is untouched.
    """
    loop.load(state)
    values = as_tensors(coefficients)
    records: list[Record] = []
    sums = list(state.sums)
    update = state.update
    last = update + num_updates
    while update < last:
        base = update - update % loop.updates_at_once
        stop = min(last, base + loop.updates_at_once)
        batches = loop.batches(state.seed, base, range(update, stop), coefficients)
        sums = loop.run(batches, _bounds(state.seed, base, update, stop), values, sums)
        epoch = update // loop.updates_a_record + 1
        update = stop
        _check_finite(loop, sums, epoch, coefficients)
        if update % loop.updates_a_record == 0:
            records.append(_record(loop, epoch, sums, coefficients, values))
            sums = list(zeros(loop.sums))
    return loop.state(state.seed, update, tuple(np.float32(value) for value in sums)), records


def epochs(
    loop: TrainingLoop, state: State, coefficients: Mapping[str, float], *, num_epochs: int
) -> Iterator[tuple[State, Record]]:
    """Trains, and yields the state and the record after each epoch.

    Raises:
        TrainingDiverged: See `advance`.
    """
    for _ in range(num_epochs):
        state, (record,) = advance(loop, state, coefficients, num_updates=loop.updates_a_record)
        yield state, record


def zeros(names: Iterable[str]) -> tuple[np.float32, ...]:
    """The sums before the first update."""
    return tuple(np.float32(0) for _ in names)


def _bounds(seed: int, base: int, update: int, stop: int) -> dict[str, tf.Tensor]:
    """Which of the batches are to be gone through, as tensors: numbers would be compiled in."""
    values = {"first": update - base, "last": stop - base, "base": base, "seed": seed}
    return {name: tf.constant(value) for name, value in values.items()}


def _record(
    loop: TrainingLoop,
    epoch: int,
    sums: list[Any],
    coefficients: Mapping[str, float],
    values: Mapping[str, Any],
) -> Record:
    per_epoch = loop.updates_a_record
    means = {name: float(s) / per_epoch for name, s in zip(loop.sums, sums, strict=True)}
    parts, tested, readings = loop.evaluate(values, means)
    _check_finite(loop, tested.values(), epoch, coefficients)
    told = coefficients if loop.told is None else {name: coefficients[name] for name in loop.told}
    return Record(epoch, _with_total(parts), readings, _with_total(tested), dict(told))


def _with_total(parts: dict[str, float]) -> dict[str, float]:
    return parts | {"total": sum(parts.values())}


def _check_finite(
    loop: TrainingLoop, values: Iterable[Any], epoch: int, coefficients: Mapping[str, float]
) -> None:
    if not all(np.isfinite(value) for value in values):
        raise loop.diverged(epoch, coefficients["learning_rate"])
