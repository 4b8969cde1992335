"""The variational autoencoder: each image becomes a cloud of codes (Kingma & Welling 2014)."""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from core.configs import VariationalConfig, check_size
from core.engine.draws import sample_latents
from core.models import autoencoder
from core.models import losses as terms


def build(config: VariationalConfig, input_dim: int, seed: int) -> autoencoder.Autoencoder:
    """Encoder with two heads, z_mean and z_log_var; the decoder is that of any autoencoder.

    Raises:
        ValueError: The network is larger than this server allows.
    """
    check_size(config, input_dim)
    layers = autoencoder.Layers(seed)
    x = keras.Input((input_dim,), name="x")
    hidden, encoder_layers = autoencoder.build_encoder_stack(config, x, layers)
    mean = layers.dense(config.latent_dim, "linear", "z_mean")
    z_mean, z_log_var = mean(hidden), layers.dense(config.latent_dim, "linear", "z_log_var")(hidden)
    decoder = autoencoder.build_decoder(config, [*encoder_layers, mean], input_dim, layers)
    encoder = keras.Model(x, z_mean, name="encoder")
    return autoencoder.Autoencoder(
        config, encoder, decoder, keras.Model(x, [z_mean, z_log_var], name="posterior")
    )


def losses(
    model: autoencoder.Autoencoder, x: Any, coefficients: Mapping[str, Any], seed: Any
) -> dict[str, Any]:
    """reconstruction of a sampled z + beta · latent_kl / D, which is -ELBO / D for bce and beta =
    1.
    """
    z_mean, z_log_var = model.posterior(x)
    x_hat = model.decoder(sample_latents(z_mean, z_log_var, seed))
    return {
        "reconstruction": terms.reconstruction(model.config.reconstruction_loss, x, x_hat),
        "latent_penalty": coefficients["beta"] * terms.latent_kl(z_mean, z_log_var) / x.shape[-1],
    }


def readings(
    model: autoencoder.Autoencoder, x: Any, coefficients: Mapping[str, Any], seed: Any
) -> dict[str, Any]:
    """The common readings and, in nats an image, `latent_kl` and its summands `latent_kls` [Z];
    `active_latents`: variance of z_mean above 0.01; `mean_sigma`, the mean of all σ.

    For bce also `reconstruction_nats` (D · reconstruction of a sampled z) and `elbo` =
    -(reconstruction_nats +
    latent_kl), the bound on ln p(x) whatever beta it was trained with.
    """
    z_mean, z_log_var = model.posterior(x)
    latent_kl = terms.latent_kl(z_mean, z_log_var)
    values = autoencoder.readings(model, x, coefficients, seed) | {
        "latent_kl": latent_kl,
        "latent_kls": terms.latent_kls(z_mean, z_log_var),
        "mean_sigma": ops.mean(ops.exp(0.5 * z_log_var)),
        "active_latents": ops.sum(ops.cast(ops.var(z_mean, axis=0) > 0.01, "float32")),
    }
    if model.config.reconstruction_loss == "bce":
        nats = x.shape[-1] * losses(model, x, coefficients, seed)["reconstruction"]
        values |= {"reconstruction_nats": nats, "elbo": -(nats + latent_kl)}
    return values
