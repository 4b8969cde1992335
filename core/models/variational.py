"""The variational autoencoder: a posterior N(z_mean, σ²) per image (Kingma & Welling 2014)."""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from core.configs import VariationalConfig, check_size
from core.engine.draws import sample_latents
from core.models import autoencoder
from core.models import losses as terms


def build(config: VariationalConfig, input_dim: int, seed: int) -> autoencoder.Autoencoder:
    """An encoder with two heads, z_mean and z_log_var; the decoder is that of any autoencoder.

    Raises:
        ValueError: The network has more than `MAX_PARAMETERS` parameters.
    """
    check_size(config, input_dim)
    layers = autoencoder.Layers(seed)
    x = keras.Input((input_dim,), name="x")
    hidden, encoder_layers = autoencoder.build_encoder_stack(config, x, layers)
    mean_head = layers.dense(config.latent_dim, "linear", "z_mean")
    z_mean = mean_head(hidden)  # [B, Z]
    z_log_var = layers.dense(config.latent_dim, "linear", "z_log_var")(hidden)  # [B, Z]
    decoder = autoencoder.build_decoder(config, [*encoder_layers, mean_head], input_dim, layers)
    encoder = keras.Model(x, z_mean, name="encoder")
    posterior = keras.Model(x, [z_mean, z_log_var], name="posterior")
    return autoencoder.Autoencoder(config, encoder, decoder, posterior)


def losses(
    model: autoencoder.Autoencoder, x: Any, coefficients: Mapping[str, Any], seed: Any
) -> dict[str, Any]:
    """reconstruction + beta · latent_kl / D, of a z sampled by `seed` int32 [2]; x: [B, D].

    For bce and beta = 1 it is -ELBO / D.
    """
    z_mean, z_log_var = model.posterior(x)  # [B, Z] each
    x_hat = model.decoder(sample_latents(z_mean, z_log_var, seed))  # [B, D]
    return {
        "reconstruction": terms.reconstruction(model.config.reconstruction_loss, x, x_hat),
        "latent_penalty": coefficients["beta"] * terms.latent_kl(z_mean, z_log_var) / x.shape[-1],
    }


def readings(
    model: autoencoder.Autoencoder, x: Any, coefficients: Mapping[str, Any], seed: Any
) -> dict[str, Any]:
    """The readings of every autoencoder, and:

    Returns:
        latent_kl: In nats per row of x [N, D].
        latent_kls: Its summands by latent, [Z].
        mean_sigma: Mean of all σ.
        active_latents: Number of latents whose z_mean has a variance above 0.01.
        reconstruction_nats: For bce, D · reconstruction of a sampled z, in nats per row.
        elbo: For bce, -(reconstruction_nats + latent_kl): a lower bound on ln p(x), whatever beta
            was in training.
    """
    z_mean, z_log_var = model.posterior(x)  # [N, Z] each
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
