"""A network whose weights a compiled loop carries as arrays, trained by Adam."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from core.engine import adam
from core.engine.advance import TrainingLoop, zeros
from core.engine.loop import add, repeat
from core.engine.state import State

Loss = Callable[[list[Any], Any, Any], Any]
Rate = Callable[[Any, Any, Mapping[str, Any]], Any]


def compile_updates(loss: Loss, rate: Rate, betas: tuple[float, float] = (0.9, 0.999)) -> Any:
    """The updates of an `ArraysLoop`, compiled once for all loops of an architecture.

    Args:
        loss: Of (weights, batches, i): what is to become small on batch number `i`, a scalar.
        rate: Of (batches, update, coefficients): the learning rate of update number `update`, a
            float.
        betas: Adam's decay rates.
    """

    @tf.function(jit_compile=True, autograph=False)
    def run(
        batches: Any, bounds: Mapping[str, Any], coefficients: Mapping[str, Any], start: Any
    ) -> Any:
        def step(i: Any, state: Any) -> Any:
            carried, sums = state
            update = tf.cast(bounds["base"] + i, tf.float32)
            carried, value = adam.minimize(
                lambda weights: loss(weights, batches, i),
                carried,
                update,
                rate(batches, update, coefficients),
                betas,
            )
            return carried, add(sums, [value])

        return repeat(step, bounds["first"], bounds["last"], start)

    return run


class ArraysLoop(TrainingLoop):
    """Training of arrays. A family says what the batches are, and evaluates.

    The arrays of the optimizer in a state are Adam's running means of the gradients, then those of
    their squares.

    Args:
        updates: See `compile_updates`.
    """

    def __init__(self, updates: Any) -> None:
        self.updates = updates
        self.carried: adam.Carried = ([], [], [])

    def first_state(self, weights: Iterable[np.ndarray], seed: int) -> State:
        """The state before the first update."""
        arrays = tuple(weights)
        moments = tuple(np.zeros_like(array) for array in arrays)
        return State(arrays, (*moments, *moments), seed, 0, zeros(self.sums))

    def load(self, state: State) -> None:
        arrays = [tf.constant(array) for array in (*state.weights, *state.optimizer)]
        count = len(state.weights)
        self.carried = (arrays[:count], arrays[count : 2 * count], arrays[2 * count :])

    def state(self, seed: int, update: int, sums: tuple[np.float32, ...]) -> State:
        weights, means, squares = ([array.numpy() for array in part] for part in self.carried)
        return State(tuple(weights), (*means, *squares), seed, update, sums)

    def run(
        self, batches: Any, bounds: Mapping[str, Any], coefficients: Mapping[str, Any], sums: Any
    ) -> Any:
        self.carried, sums = self.updates(batches, bounds, coefficients, (self.carried, sums))
        return sums
