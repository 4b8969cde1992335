"""The contestants that are not Keras, each as its own manual would write a fast loop."""

import os
from collections.abc import Callable
from typing import Any

import numpy as np

SIZES = (784, 100, 30, 100, 784)
LEARNING_RATE = 1e-3
BETA_1 = 0.9
BETA_2 = 0.999
EPSILON = 1e-7


def torch_eager(x: np.ndarray, batch_size: int, *, fused: bool) -> Callable[[], float]:
    """The images as one tensor, no DataLoader: that would only be slower."""
    import torch

    torch.set_num_threads(os.cpu_count() or 1)
    relu = torch.nn.ReLU()
    sigmoid = torch.nn.Sigmoid()
    nothing = torch.nn.Identity()
    layers: list[torch.nn.Module] = []
    for inputs, outputs, activation in zip(
        SIZES[:-1], SIZES[1:], (relu, nothing, relu, sigmoid), strict=True
    ):
        layers += [torch.nn.Linear(inputs, outputs), activation]
        torch.nn.init.xavier_uniform_(layers[-2].weight)
        torch.nn.init.zeros_(layers[-2].bias)
    model = torch.nn.Sequential(*layers)
    data = torch.from_numpy(x)
    adam = torch.optim.Adam(model.parameters(), LEARNING_RATE, eps=EPSILON, fused=fused)

    def train_epoch() -> float:
        total = torch.zeros(())
        batches = torch.randperm(len(data)).split(batch_size)
        for rows in batches:
            batch = data[rows]
            adam.zero_grad()
            loss = torch.nn.functional.mse_loss(model(batch), batch)
            loss.backward()
            adam.step()
            total += loss.detach()
        return float(total) / len(batches)

    return train_epoch


def jax_scan(x: np.ndarray, batch_size: int) -> Callable[[], float]:
    """One compiled scan over the batches of an epoch; the last batch is filled up, as here."""
    import jax

    rng = np.random.default_rng(0)
    data = jax.numpy.asarray(x)
    weights = [_glorot(rng, shape) for shape in zip(SIZES[:-1], SIZES[1:], strict=True)]
    zeros = jax.tree.map(np.zeros_like, weights)
    carry = (weights, zeros, jax.tree.map(np.copy, zeros), np.float32(0))
    num_batches = -(-len(x) // batch_size)

    def update(carry: Any, rows: Any) -> tuple[Any, Any]:
        weights, first, second, count = carry
        loss, gradient = jax.value_and_grad(_jax_loss)(weights, data[rows])
        return _adam(weights, gradient, first, second, count + 1), loss

    run = jax.jit(lambda carry, order: jax.lax.scan(update, carry, order), donate_argnums=0)

    def train_epoch() -> float:
        nonlocal carry
        order = np.resize(rng.permutation(len(x)).astype(np.int32), (num_batches, batch_size))
        carry, losses = run(carry, order)
        return float(losses.mean())

    return train_epoch


def _glorot(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    limit = np.sqrt(6 / sum(shape))
    kernel = rng.uniform(-limit, limit, shape).astype(np.float32)
    return kernel, np.zeros(shape[1], np.float32)


def _jax_loss(weights: Any, x: Any) -> Any:
    import jax

    activations = (jax.nn.relu, lambda a: a, jax.nn.relu, jax.nn.sigmoid)
    out = x
    for (kernel, bias), activation in zip(weights, activations, strict=True):
        out = activation(out @ kernel + bias)
    return ((out - x) ** 2).mean()


def _adam(weights: Any, gradient: Any, first: Any, second: Any, count: Any) -> Any:
    """Kingma & Ba 2015, section 2, with the two bias corrections in the rate."""
    import jax

    rate = LEARNING_RATE * (1 - BETA_2**count) ** 0.5 / (1 - BETA_1**count)
    first = jax.tree.map(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, first, gradient)
    second = jax.tree.map(lambda v, g: BETA_2 * v + (1 - BETA_2) * g * g, second, gradient)
    weights = jax.tree.map(
        lambda w, m, v: w - rate * m / (v**0.5 + EPSILON), weights, first, second
    )
    return weights, first, second, count
