"""The terms of all losses: pure functions whose docstring is the formula.

x, x_hat: [B, D]; a, z_mean, z_log_var: [B, Z]; every term a scalar unless said otherwise.
"""

from typing import Any

import keras
from keras import ops

from core.analysis.divergences import bernoulli_kl, gaussian_kl

TINY = 1e-7


def reconstruction(kind: str, x: Any, x_hat: Any) -> Any:
    """Mean over batch and features of Keras' loss: (x - x̂)² for "mse", else the binary
    cross-entropy -x ln x̂ - (1-x) ln(1-x̂).
    """
    loss = keras.losses.mean_squared_error if kind == "mse" else keras.losses.binary_crossentropy
    return ops.mean(loss(x, x_hat))


def l1(a: Any) -> Any:
    """mean_batch Σ_j |a_j|."""
    return ops.mean(ops.sum(ops.abs(a), axis=-1))


def sparsity_kl(a: Any, target: Any) -> Any:
    """Σ_j KL(p ‖ p̂_j) = Σ_j p ln(p / p̂_j) + (1-p) ln((1-p) / (1-p̂_j)), with p the target and
    p̂_j = mean_batch a_j, for a in [0, 1].

    Source: A. Ng, Sparse autoencoder, CS294A lecture notes (2011).
    """
    p_hat = ops.clip(ops.mean(a, axis=0), TINY, 1 - TINY)  # [Z]
    return ops.sum(bernoulli_kl(p_hat, target, ops.log))


def latent_kl(z_mean: Any, z_log_var: Any) -> Any:
    """KL(N(μ, σ²) ‖ N(0, 1)) = mean_batch -½ Σ_j (1 + log σ_j² - μ_j² - σ_j²), in nats.

    Source: Kingma & Welling, Auto-encoding variational Bayes (2014), appendix B.
    """
    return ops.sum(latent_kls(z_mean, z_log_var))


def latent_kls(z_mean: Any, z_log_var: Any) -> Any:
    """The summands of `latent_kl` by latent, [Z], in nats per image."""
    return ops.mean(gaussian_kl(ops.square(z_mean), ops.exp(z_log_var), z_log_var), axis=0)
