"""Divergences between distributions, in nats, each once: for numbers, and for tensors on which a
loss is built. Imports no TensorFlow.
"""

from collections.abc import Callable
from typing import Any

import numpy as np


def bernoulli_kl(p_hat: Any, p: Any, log: Callable[[Any], Any] = np.log) -> Any:
    """KL(p ‖ p̂) = p ln(p / p̂) + (1-p) ln((1-p) / (1-p̂)), for each p̂ between 0 and 1.

    Args:
        log: The natural logarithm of what p̂ is: of arrays, or of tensors.
    """
    return p * log(p / p_hat) + (1 - p) * log((1 - p) / (1 - p_hat))


def gaussian_kl(square: Any, variance: Any, log_variance: Any) -> Any:
    """KL(N(μ, σ²) ‖ N(0, 1)) = -½ (1 + log σ² - μ² - σ²), for each, from μ², σ² and log σ²."""
    return -0.5 * (1 + log_variance - square - variance)
