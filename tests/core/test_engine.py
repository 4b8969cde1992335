"""The contract of training, held by two families that exist only here: one on Keras' variables, one
whose weights are carried as arrays.
"""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.configs import StackedConfig
from core.engine import adam
from core.engine.advance import TrainingLoop, advance, zeros
from core.engine.arrays import ArraysLoop, compile_updates
from core.engine.compiled import Engine, EngineLoop
from core.engine.state import State, TrainingDiverged

pytestmark = pytest.mark.trains

ROOT = Path(__file__).resolve().parents[2]
PER_EPOCH, NUM_STEPS = 4, 100
KNOBS = {"learning_rate": 0.05}


class Counting(Engine):
    """Lines y = w x, with a variable that counts the rows it has seen; a batch is two arrays of
    different length.
    """

    def __init__(self) -> None:
        self.weight, self.seen = tf.Variable(tf.zeros(3)), tf.Variable(0.0)
        config = StackedConfig(optimizer="adam")
        super().__init__(config, (self.weight, self.seen), [self.weight], xla=True)

    def batch(self, data: Any, index: Any) -> list[Any]:
        x, extra = data
        return [(x[index], extra[index])]

    def loss(self, part: Any, key: Any, coefficients: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        x, extra = part
        self.seen.assign_add(float(x.shape[0]))
        loss = tf.reduce_mean(tf.square(x @ self.weight[:, None] - 1)) + tf.reduce_mean(
            tf.square(extra * self.weight[0])
        )
        return loss, [loss]


def batches_of(seed: int, base: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Those of an epoch that begins with update number `base`: [4, 5, 3] and [4, 2]."""
    rng = np.random.default_rng((seed, base))
    x = rng.normal(size=(PER_EPOCH, 5, 3)).astype(np.float32)
    return tf.constant(x), tf.constant(rng.normal(size=(PER_EPOCH, 2)).astype(np.float32))


class OnVariables(EngineLoop):
    sums = ("loss",)

    def __init__(self) -> None:
        super().__init__(Counting(), PER_EPOCH)

    def batches(self, seed: int, base: int, updates: range, coefficients: Any) -> Any:
        return batches_of(seed, base)

    def evaluate(self, coefficients: Any, means: dict[str, float]) -> Any:
        return means, means, {"seen": float(self.engine.seen.numpy())}


def _loss(weights: list[Any], batches: Any, i: Any) -> Any:
    x, extra = batches
    lines = tf.reduce_mean(tf.square(x[i] @ weights[0][:, None] - 1))
    return lines + tf.reduce_mean(tf.square(extra[i] * weights[0][0]))


class OnArrays(ArraysLoop):
    """The same without the counter, carried through the loop; two batches are made at a time."""

    sums = ("loss",)
    updates_a_record = PER_EPOCH
    updates_at_once = 2

    def __init__(self) -> None:
        super().__init__(compile_updates(_loss, lambda *given: given[-1]["learning_rate"]))

    def batches(self, seed: int, base: int, updates: range, coefficients: Any) -> Any:
        first = base - base % PER_EPOCH
        return [x[base - first :] for x in batches_of(seed, first)]

    def evaluate(self, coefficients: Any, means: dict[str, float]) -> Any:
        return means, means, {}


def first_state(loop: TrainingLoop) -> State:
    nothing = np.zeros(3, np.float32)
    if isinstance(loop, OnArrays):
        return loop.first_state([nothing], 1)
    optimizer = tuple(variable.numpy() for variable in loop.engine.optimizer.variables)
    return State((nothing, np.float32(0)), optimizer, 1, 0, zeros(loop.sums))


@pytest.mark.parametrize("make", [OnVariables, OnArrays])
def test_updates_in_one_call_or_in_many_are_the_same_bit_for_bit(make: type) -> None:
    loop = make()
    start = first_state(loop)
    whole, records = advance(loop, start, KNOBS, num_updates=9)
    state = start
    found = []
    for count in (1, 2, 5, 1):
        state, new = advance(loop, state, KNOBS, num_updates=count)
        found += new
    assert found == records
    assert [record.epoch for record in records] == [1, 2]
    assert records[1].parts["total"] < records[0].parts["total"]
    for ours, theirs in zip(whole.weights, state.weights, strict=True):
        assert np.array_equal(ours, theirs)
    assert whole.sums == state.sums


def test_a_state_carries_what_follows_no_gradient() -> None:
    loop = OnVariables()
    state, records = advance(loop, first_state(loop), KNOBS, num_updates=6)
    assert float(state.weights[1]) == 6 * 5
    assert records[0].readings == {"seen": 4 * 5}
    again, _ = advance(OnVariables(), state, KNOBS, num_updates=1)
    assert float(again.weights[1]) == 7 * 5


def test_both_ways_to_hold_weights_are_one_training() -> None:
    states = []
    for loop in (OnVariables(), OnArrays()):
        state, _ = advance(loop, first_state(loop), KNOBS, num_updates=8)
        states.append(state.weights[0])
    assert np.allclose(*states, rtol=1e-5)


def test_a_lost_loss_leaves_the_state_before_as_it_was() -> None:
    loop = OnArrays()
    start = first_state(loop)
    with pytest.raises(TrainingDiverged, match="in epoch 1, at a learning rate of 1e"):
        advance(loop, start, {"learning_rate": 1e30}, num_updates=8)
    assert not start.weights[0].any()


def test_a_step_is_that_of_keras() -> None:
    rng = np.random.default_rng(0)
    start = [rng.normal(size=shape).astype(np.float32) for shape in ((4, 3), (3,))]
    variables = [tf.Variable(array) for array in start]
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    carried = (start, [0 * array for array in start], [0 * array for array in start])
    for update in range(NUM_STEPS):
        scale = 10.0 ** rng.integers(-6, 2)
        gradients = [(scale * rng.normal(size=a.shape)).astype(np.float32) for a in start]
        carried = adam.step(carried, gradients, tf.constant(float(update)), tf.constant(0.01))
        optimizer.apply(gradients, variables)
    for ours, theirs in zip(carried[0], variables, strict=True):
        assert np.abs(ours - theirs.numpy()).max() < 1e-6


def test_there_is_one_loop() -> None:
    found = subprocess.run(
        ["grep", "-rln", "--include=*.py", "while_loop", "core"], cwd=ROOT, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert found.stdout.split() == ["core/engine/loop.py"]
