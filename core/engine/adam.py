"""One step of Adam for training loops that XLA compiles whole."""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

EPSILON = 1e-8


Carried = tuple[list[Any], list[Any], list[Any]]


def step(
    carried: Sequence[Sequence[Any]],
    gradients: Sequence[Any],
    update: Any,
    rate: Any,
    betas: tuple[float, float] = (0.9, 0.999),
) -> Carried:
    """New weights, running means of the gradients and of their squares (Kingma & Ba 2015).

    Args:
        carried: The same before the step.
        update: How many steps came before, as a float.
        rate: The learning rate.
    """
    (weights, means, squares), (beta1, beta2) = carried, betas
    means = [m + (1 - beta1) * (g - m) for m, g in zip(means, gradients, strict=True)]
    squares = [s + (1 - beta2) * (g * g - s) for s, g in zip(squares, gradients, strict=True)]
    long_m, long_s = 1 - beta1 ** (update + 1), 1 - beta2 ** (update + 1)
    weights = [
        w - rate * (m / long_m) / (tf.sqrt(s / long_s) + EPSILON)
        for w, m, s in zip(weights, means, squares, strict=True)
    ]
    return weights, means, squares
