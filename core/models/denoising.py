"""The denoising autoencoder: reconstructs x from a corrupted x_tilde (Vincent et al. 2008)."""

from collections.abc import Mapping
from typing import Any

from core.configs import DenoisingConfig
from core.engine.draws import corrupt
from core.models import autoencoder
from core.models import losses as terms

build = autoencoder.build


def losses(
    model: autoencoder.Autoencoder, x: Any, coefficients: Mapping[str, Any], seed: Any
) -> dict[str, Any]:
    """{"reconstruction"}: of the clean x [B, D] from x_tilde, whose corruption is drawn by `seed`
    int32 [2].
    """
    x_hat = model(corrupt_input(model, x, coefficients, seed))  # [B, D]
    return {"reconstruction": terms.reconstruction(model.config.reconstruction_loss, x, x_hat)}


def readings(
    model: autoencoder.Autoencoder, x: Any, coefficients: Mapping[str, Any], seed: Any
) -> dict[str, Any]:
    """The common readings and `reconstruction_clean`: the loss when the input is not corrupted."""
    clean = terms.reconstruction(model.config.reconstruction_loss, x, model(x))
    return autoencoder.readings(model, x, coefficients, seed) | {"reconstruction_clean": clean}


def corrupt_input(
    model: autoencoder.Autoencoder, x: Any, coefficients: Mapping[str, Any], seed: Any
) -> Any:
    """x_tilde [B, D]: x [B, D] with the corruption of the config at its present (live) level."""
    config: DenoisingConfig = model.config
    return corrupt(x, config.corruption, coefficients[config.level_knob], seed)
