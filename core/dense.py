"""Dense networks in numpy, of the weights in an answer. Imports no TensorFlow."""

from collections.abc import Mapping, Sequence

import numpy as np

SELU_SCALE = 1.05070098
SELU_ALPHA = 1.67326324


def forward(
    arrays: Mapping[str, np.ndarray], activations: Sequence[str], x: np.ndarray
) -> np.ndarray:
    """The output [N, U] of the network in `core.queries.autoencoder.weights` for x [N, D]."""
    for number, name in enumerate(activations):
        x = activate(name, x @ arrays[f"kernel_{number}"] + arrays[f"bias_{number}"])
    return x


def activate(name: str, a: np.ndarray) -> np.ndarray:
    """An activation of `core.configs.ACTIVATIONS`, elementwise."""
    if name == "relu":
        return np.maximum(a, 0)
    if name == "selu":
        return SELU_SCALE * np.where(a > 0, a, SELU_ALPHA * np.expm1(np.minimum(a, 0)))
    if name == "tanh":
        return np.tanh(a)
    return 1 / (1 + np.exp(-a)) if name == "sigmoid" else a
