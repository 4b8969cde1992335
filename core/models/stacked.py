"""The plain autoencoder: reconstructs x from its code."""

from collections.abc import Mapping
from typing import Any

from core.models import autoencoder
from core.models import losses as terms

build = autoencoder.build
readings = autoencoder.readings


def losses(
    model: autoencoder.Autoencoder, x: Any, coefficients: Mapping[str, Any], seed: Any
) -> dict[str, Any]:
    """{"reconstruction"}: the loss named in the config, mean over batch and features; x: [B, D]."""
    return {"reconstruction": terms.reconstruction(model.config.reconstruction_loss, x, model(x))}
