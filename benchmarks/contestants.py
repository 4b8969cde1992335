"""The same training in seven ways: 784-100-30-100-784, relu, sigmoid at the end, Adam 1e-3, mse.

Each contestant is a function (images, batch size) -> a function that trains one epoch over all
images in a fresh random order and returns the mean loss of its updates. What it needs is imported
when it is called, so each process loads one library. The peers of Keras are in `peers.py`.
"""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.peers import jax_scan, torch_eager
from core.datasets import Dataset, load_dataset

NUM_IMAGES = 20_000
SIZES = (784, 100, 30, 100, 784)
LEARNING_RATE = 1e-3
ENGINE = "this engine"
LIMIT = "numpy, matrix products only"

TrainEpoch = Callable[[], float]
Prepare = Callable[[np.ndarray, int], TrainEpoch]


def images() -> np.ndarray:
    """The 4,000 bundled training digits five times over: float32 [20,000, 784] in [0, 1]."""
    return np.resize(load_dataset("mnist5k").x_train, (NUM_IMAGES, SIZES[0]))


def engine(x: np.ndarray, batch_size: int) -> TrainEpoch:
    """`core.training.advance`, one epoch a call, with its record and its state brought out."""
    from core.configs import StackedConfig
    from core.engine.state import updates_per_epoch
    from core.training import advance, init_state

    config = StackedConfig(batch_size=batch_size, learning_rate=LEARNING_RATE)
    data = Dataset(x, x[:10])
    state = init_state(config, SIZES[0], 0)
    num_updates = updates_per_epoch(len(x), batch_size)

    def train_epoch() -> float:
        nonlocal state
        coefficients = config.coefficients()
        state, (record,) = advance(config, data, state, coefficients, num_updates=num_updates)
        return record.parts["total"]

    return train_epoch


def keras_fit(x: np.ndarray, batch_size: int, **compile_options: Any) -> TrainEpoch:
    """`model.fit`, one epoch a call."""
    import keras

    *widths, last = SIZES[1:]
    layers = [keras.layers.Dense(width, "linear" if width == 30 else "relu") for width in widths]
    model = keras.Sequential(
        [keras.Input((SIZES[0],)), *layers, keras.layers.Dense(last, "sigmoid")]
    )
    model.compile(keras.optimizers.Adam(LEARNING_RATE), "mse", **compile_options)

    def train_epoch() -> float:
        history = model.fit(x, x, batch_size=batch_size, epochs=1, verbose=0).history
        return history["loss"][0]

    return train_epoch


def numpy_products(x: np.ndarray, batch_size: int) -> TrainEpoch:
    """The limit: forward and backward matrix products of every batch, and nothing else at all."""
    rng = np.random.default_rng(0)
    weights = [
        rng.normal(0, 0.05, shape).astype(np.float32)
        for shape in zip(SIZES[:-1], SIZES[1:], strict=True)
    ]

    def train_epoch() -> float:
        for start in range(0, len(x), batch_size):
            inputs = [x[start : start + batch_size]]
            for w in weights:
                inputs.append(inputs[-1] @ w)
            error = inputs.pop()
            for i in range(len(weights) - 1, -1, -1):
                _ = inputs[i].T @ error
                error = error @ weights[i].T if i else error
        return math.nan

    return train_epoch


CONTESTANTS: dict[str, Prepare] = {
    ENGINE: engine,
    "keras `fit` (its default)": keras_fit,
    "keras `fit`, `jit_compile=False`": functools.partial(keras_fit, jit_compile=False),
    "keras `fit`, `steps_per_execution=50`": functools.partial(keras_fit, steps_per_execution=50),
    "keras `fit`, `steps_per_execution=50`, `jit_compile=False`": functools.partial(
        keras_fit, steps_per_execution=50, jit_compile=False
    ),
    "PyTorch eager, Adam": functools.partial(torch_eager, fused=False),
    "PyTorch eager, fused Adam": functools.partial(torch_eager, fused=True),
    "JAX `jit` + `lax.scan`": jax_scan,
    LIMIT: numpy_products,
}
NEEDS = {"PyTorch": "torch", "JAX": "jax"}


def trainer(name: str) -> Callable[[int, int], list[float]]:
    """What lives in a contestant's process: (batch size, number of epochs) -> a loss an epoch."""
    prepare = functools.cache(functools.partial(CONTESTANTS[name], images()))

    def train(batch_size: int, num_epochs: int) -> list[float]:
        return [prepare(batch_size)() for _ in range(num_epochs)]

    return train
