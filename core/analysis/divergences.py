"""Kullback-Leibler divergences in nats, for arrays and for the tensors of a loss. Imports no
TensorFlow.
"""

from collections.abc import Callable
from typing import Any

import numpy as np


def bernoulli_kl(p_hat: Any, p: Any, log: Callable[[Any], Any] = np.log) -> Any:
    """KL(p ‖ p̂) = p ln(p / p̂) + (1-p) ln((1-p) / (1-p̂)), elementwise, for p̂ between 0 and 1.

    Args:
        log: The natural logarithm for the type of p̂: `np.log` for arrays, `keras.ops.log` for
            tensors.
    """
    return p * log(p / p_hat) + (1 - p) * log((1 - p) / (1 - p_hat))


def gaussian_kl(square: Any, variance: Any, log_variance: Any) -> Any:
    """KL(N(μ, σ²) ‖ N(0, 1)) = -½ (1 + log σ² - μ² - σ²), elementwise, of μ², σ² and log σ²."""
    return -0.5 * (1 + log_variance - square - variance)
