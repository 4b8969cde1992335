"""The sparse autoencoder: many codes, few of them active, by an L1 penalty or a KL target."""

from collections.abc import Mapping
from typing import Any

import keras

from core.configs import SparseConfig
from core.models import autoencoder
from core.models import losses as terms


def build(config: SparseConfig, input_dim: int, seed: int) -> autoencoder.Autoencoder:
    """As every autoencoder; with tied weights, `unit_norm_decoder` constrains the code's kernel."""
    tied_norm = config.tied_weights and config.unit_norm_decoder
    options = {"kernel_constraint": keras.constraints.UnitNorm(axis=0)} if tied_norm else {}
    return autoencoder.build(config, input_dim, seed, **options)


def losses(
    model: autoencoder.Autoencoder, x: Any, coefficients: Mapping[str, Any], seed: Any
) -> dict[str, Any]:
    """reconstruction + l1 · mean_batch Σ|a_j| + sparsity_weight · Σ_j KL(sparsity_target ‖ p̂_j).

    The last term only for sigmoid codes. x: [B, D].
    """
    a = model.encoder(x)  # [B, Z]
    parts = {
        "reconstruction": terms.reconstruction(
            model.config.reconstruction_loss, x, model.decoder(a)
        ),
        "l1_penalty": coefficients["l1"] * terms.l1(a),
    }
    if model.config.latent_activation == "sigmoid":
        kl = terms.sparsity_kl(a, coefficients["sparsity_target"])
        parts["sparsity_penalty"] = coefficients["sparsity_weight"] * kl
    return parts


def readings(
    model: autoencoder.Autoencoder, x: Any, coefficients: Mapping[str, Any], seed: Any
) -> dict[str, Any]:
    """The common readings and, for sigmoid codes, `sparsity_kl` in nats."""
    common = autoencoder.readings(model, x, coefficients, seed)
    if model.config.latent_activation != "sigmoid":
        return common
    return common | {
        "sparsity_kl": terms.sparsity_kl(model.encoder(x), coefficients["sparsity_target"])
    }
