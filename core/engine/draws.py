"""Every random draw inside a compiled update: corruption of the input, sampling of latents.

Draws are keyed by a seed of two integers and use threefry, the only generator that XLA runs fast on
a CPU.
"""

from typing import Any

import tensorflow as tf

CORRUPTION_STREAM = 1
EPSILON_STREAM = 2


def uniform(shape: tuple[int, ...], seed: Any, stream: int) -> tf.Tensor:
    """Uniform draws in [0, 1); `seed` int32 [2], `stream` keeps two uses of one seed apart."""
    return _uniform(tuple(shape), _key(seed, stream))


def normal(shape: tuple[int, ...], seed: Any, stream: int) -> tf.Tensor:
    """Standard normal draws; `seed` int32 [2], `stream` keeps two uses of one seed apart."""
    return _normal(tuple(shape), _key(seed, stream))


# Compiled also when called eagerly: outside XLA a CPU has no threefry kernel.
@tf.function(jit_compile=True, autograph=False)
def _uniform(shape: tuple[int, ...], key: Any) -> tf.Tensor:
    return tf.random.stateless_uniform(shape, key, alg="threefry")


@tf.function(jit_compile=True, autograph=False)
def _normal(shape: tuple[int, ...], key: Any) -> tf.Tensor:
    return tf.random.stateless_normal(shape, key, alg="threefry")


def _key(seed: Any, stream: int) -> tf.Tensor:
    return tf.convert_to_tensor(seed, tf.int32) + tf.constant([stream * 1_000_003, 0], tf.int32)


def corrupt(x: Any, kind: str, level: Any, seed: Any) -> Any:
    """x_tilde, the corrupted x. x and x_tilde: [B, D].

    gaussian: clip(x + level · ε, 0, 1). masking: each feature is set to 0 with probability `level`.
    dropout: masking, the survivors divided by 1 - level, as keras.layers.Dropout does.
    salt_and_pepper: each feature is replaced, with probability `level`, by 0 or 1, equally often.
    """
    if kind == "gaussian":
        return tf.clip_by_value(x + level * normal(x.shape, seed, CORRUPTION_STREAM), 0.0, 1.0)
    draws = uniform(x.shape, seed, CORRUPTION_STREAM)
    kept = tf.cast(draws >= level, x.dtype)
    if kind == "masking":
        return x * kept
    if kind == "dropout":
        return x * kept / (1.0 - level)
    salt = tf.cast(draws < level / 2, x.dtype)
    return x * kept + salt


def sample_latents(z_mean: Any, z_log_var: Any, seed: Any) -> Any:
    """z = mu + exp(log sigma² / 2) · epsilon, the reparametrisation trick (Kingma & Welling 2014).
    All [B, Z].
    """
    return z_mean + tf.exp(0.5 * z_log_var) * normal(z_mean.shape, seed, EPSILON_STREAM)
