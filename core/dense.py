"""Dense networks in plain numpy, from weights that were sent; without TensorFlow."""

from collections.abc import Mapping, Sequence

import numpy as np

SELU_SCALE, SELU_ALPHA = 1.05070098, 1.67326324


def forward(
    arrays: Mapping[str, np.ndarray], activations: Sequence[str], x: np.ndarray
) -> np.ndarray:
    """What the network of `core.queries.autoencoder.weights` makes of the rows of x [N, D]."""
    for number, name in enumerate(activations):
        x = activate(name, x @ arrays[f"kernel_{number}"] + arrays[f"bias_{number}"])
    return x


def activate(name: str, a: np.ndarray) -> np.ndarray:
    """One of `core.configs.ACTIVATIONS`, element by element."""
    if name == "relu":
        return np.maximum(a, 0)
    if name == "selu":
        return SELU_SCALE * np.where(a > 0, a, SELU_ALPHA * np.expm1(np.minimum(a, 0)))
    if name == "tanh":
        return np.tanh(a)
    return 1 / (1 + np.exp(-a)) if name == "sigmoid" else a
