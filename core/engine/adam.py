"""Adam on weights that a compiled loop carries as arrays, as Keras computes it."""

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

EPSILON = 1e-7
Carried = tuple[list[Any], list[Any], list[Any]]


def minimize(
    loss: Callable[[list[Any]], Any],
    carried: Sequence[list[Any]],
    update: Any,
    rate: Any,
    betas: tuple[float, float] = (0.9, 0.999),
) -> tuple[Carried, Any]:
    """One step against the gradient of `loss`, which is a function of the weights; also the loss
    before it. The rest is as in `step`.
    """
    weights = carried[0]
    with tf.GradientTape() as tape:
        tape.watch(weights)
        value = loss(weights)
    return step(carried, tape.gradient(value, weights), update, rate, betas), value


def step(
    carried: Sequence[Sequence[Any]],
    gradients: Sequence[Any],
    update: Any,
    rate: Any,
    betas: tuple[float, float] = (0.9, 0.999),
) -> Carried:
    """New weights, running means of the gradients and of their squares, in the form of the end of
    section 2 of Kingma & Ba (2015), which is that of `keras.optimizers.Adam`: both corrections
    of the bias are in the rate, and ε is added to the root of a mean that is not corrected.

    Args:
        carried: The same before the step.
        update: How many steps came before, as a float.
        rate: The learning rate.
    """
    weights, means, squares = carried
    beta1, beta2 = betas
    rate = rate * tf.sqrt(1 - beta2 ** (update + 1)) / (1 - beta1 ** (update + 1))
    means = [m + (g - m) * (1 - beta1) for m, g in zip(means, gradients, strict=True)]
    squares = [s + (g * g - s) * (1 - beta2) for s, g in zip(squares, gradients, strict=True)]
    weights = [
        w - m * rate / (tf.sqrt(s) + EPSILON)
        for w, m, s in zip(weights, means, squares, strict=True)
    ]
    return weights, means, squares
