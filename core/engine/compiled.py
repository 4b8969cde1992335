"""A network on Keras' variables, compiled once, into which any state can be loaded."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from core.engine.advance import TrainingLoop
from core.engine.loop import add, build_optimizer, learning_rate, repeat
from core.engine.state import State


class Engine(ABC):
    """A network and its optimizer, one state at a time. A family says what a batch is, and what is
    lost on it.

    Args:
        config: Names the optimizer and the schedule of the learning rate.
        variables: What a state carries: weights, and whatever else an update changes.
        trainable: Those of them that follow the gradient.
        xla: Whether XLA compiles the loop. A recurrent layer gains nothing from it, and starts
            seconds sooner without.
    """

    def __init__(
        self, config: Any, variables: Iterable[Any], trainable: Iterable[Any], *, xla: bool
    ) -> None:
        self.config = config
        self.variables = tuple(variables)
        self.trainable = list(trainable)
        self.optimizer = build_optimizer(config, self.trainable)
        self.loaded: State | None = None
        self.run = tf.function(self._run, jit_compile=xla, autograph=False)

    @abstractmethod
    def batch(self, data: Any, index: Any) -> list[Any]:
        """Batch number `index` of what the loop is given, as one slice or as several equal ones.

        XLA works on two slices side by side, one a core, which is quicker than sharing every matrix
        product.
        """

    @abstractmethod
    def loss(self, part: Any, key: Any, coefficients: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        """What is to become small on a slice of a batch, and the values that are added up.

        Args:
            key: (seed, number) for random draws, another one for each slice; int32 [2].
        """

    def load(self, state: State) -> None:
        """Loads a state into the variables, unless it is the one that was taken from them last.

        One that was sent without the optimizer's part is there to be looked at, not to be trained.
        """
        if state is self.loaded:
            return
        variables = (*self.variables, *(self.optimizer.variables if state.optimizer else ()))
        for variable, array in zip(variables, (*state.weights, *state.optimizer), strict=True):
            variable.assign(array)
        self.loaded = state

    def begin(self, state: State) -> None:
        """Loads a state that is about to change."""
        self.load(state)
        self.loaded = None

    def state(self, seed: int, update: int, sums: tuple[np.float32, ...]) -> State:
        """The variables as a state."""
        weights = tuple(variable.numpy() for variable in self.variables)
        optimizer = tuple(variable.numpy() for variable in self.optimizer.variables)
        self.loaded = State(weights, optimizer, seed, update, sums)
        return self.loaded

    def _run(
        self, data: Any, bounds: Mapping[str, Any], coefficients: Mapping[str, Any], sums: list[Any]
    ) -> list[Any]:
        """Batches `first` to `last` of `data`, of which the first is update number `base`."""

        def step(index: Any, sums: list[Any]) -> list[Any]:
            values = self._update(self.batch(data, index), bounds, index, coefficients)
            return add(sums, values)

        return repeat(step, bounds["first"], bounds["last"], sums)

    def _update(
        self, batch: list[Any], bounds: Mapping[str, Any], index: Any, coefficients: Any
    ) -> list[Any]:
        """One update by the mean gradient of the slices of a batch."""
        update = bounds["base"] + index
        slices = [
            self._gradient(part, tf.stack([bounds["seed"], update * len(batch) + i]), coefficients)
            for i, part in enumerate(batch)
        ]
        gradients, values = zip(*slices, strict=True)
        self.optimizer.learning_rate.assign(learning_rate(self.config, update, coefficients))
        self.optimizer.apply(_means(gradients), self.trainable)
        return _means(values)

    def _gradient(
        self, part: Any, key: Any, coefficients: Mapping[str, Any]
    ) -> tuple[list[Any], list[Any]]:
        with tf.GradientTape() as tape:
            total, values = self.loss(part, key, coefficients)
        gradient = tape.gradient(total, self.trainable)
        return [tf.convert_to_tensor(array) for array in gradient], values


def _means(lists: Iterable[list[Any]]) -> list[Any]:
    """The mean of the first elements, of the second ones, and so on."""
    return [tf.add_n(values) / len(values) for values in zip(*lists, strict=True)]


class EngineLoop(TrainingLoop):
    """Training of what an engine holds. A family says what the batches are, and evaluates.

    Args:
        engine: The compiled network.
        updates_a_record: Updates in an epoch, all of whose batches are made together.
    """

    def __init__(self, engine: Engine, updates_a_record: int) -> None:
        self.engine = engine
        self.updates_a_record = updates_a_record
        self.updates_at_once = updates_a_record

    def load(self, state: State) -> None:
        self.engine.begin(state)

    def state(self, seed: int, update: int, sums: tuple[np.float32, ...]) -> State:
        return self.engine.state(seed, update, sums)

    def run(
        self, batches: Any, bounds: Mapping[str, Any], coefficients: Mapping[str, Any], sums: Any
    ) -> Any:
        return self.engine.run(batches, bounds, coefficients, sums)
