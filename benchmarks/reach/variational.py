"""Variational autoencoders: the PyTorch example, Géron's ten codings, β, and their speed."""

import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

import keras
from keras import ops

from benchmarks.reach.plain import fashion
from benchmarks.reach.table import Claim, Say
from core.configs import VariationalConfig, layer_sizes
from core.datasets import Dataset, load_dataset
from core.engine.state import updates_per_epoch
from core.presets import VARIATIONAL
from core.training import advance, fit, init_state

SEEDS = (0, 1, 2)
ROUNDS = 5
DIM = 784
PYTORCH = VariationalConfig(hidden_units=(400,), latent_dim=20, batch_size=128)
GERON = VariationalConfig(
    hidden_units=(150, 100),
    latent_dim=10,
    reconstruction_loss="mse",
    output_activation="linear",
    optimizer="nadam",
    batch_size=128,
)
PAGE = VARIATIONAL["map"].experiment.config
BETAS = (0.1, 1.0, 4.0, 16.0)
MOST_NATS = 106.0
MOST_LOSS = 0.0311
LEAST_RATIO = 3.0


def measure(say: Say) -> list[Claim]:
    """Everything, in about ten minutes on two cores."""
    digits = load_dataset("mnist")
    claims = [_example(digits)]
    say(f"{claims[0].what}: {claims[0].ours}")
    claims.append(_codings())
    say(f"{claims[1].what}: {claims[1].ours}")
    claims += _betas(digits)
    say("The runs over β are done")
    return [*claims, *(_speed(config, digits) for config in (PYTORCH, PAGE))]


def _example(data: Dataset) -> Claim:
    runs = (fit(PYTORCH, data, num_epochs=10, seed=seed).history[-1] for seed in SEEDS)
    nats = tuple(-float(record.readings["elbo"]) for record in runs)  # type: ignore[arg-type]
    name = "MNIST, 784-400-20-400-784, 10 epochs: -ELBO of a test image in nats"
    kept = median(nats) <= MOST_NATS
    return Claim(name, nats, f"at most {MOST_NATS:g}", kept, None, "105.6 (PyTorch example)")


def _codings() -> Claim:
    data = fashion()
    runs = (fit(GERON, data, num_epochs=25, seed=seed).history[-1] for seed in SEEDS)
    losses = tuple(record.validation["total"] for record in runs)
    keras.utils.set_random_seed(0)
    model = _keras(GERON)
    model.fit(data.x_train, data.x_train, batch_size=128, epochs=25, verbose=0)
    theirs = float(model.evaluate(data.x_test, data.x_test, batch_size=128, verbose=0))
    name = "Fashion-MNIST, 10 codings, 25 epochs (Géron): mse + KL / 784"
    kept = median(losses) <= MOST_LOSS
    return Claim(name, losses, f"at most {MOST_LOSS}", kept, ("Keras fit", (theirs,)), "0.0311")


def _betas(data: Dataset) -> list[Claim]:
    """The latent loss must fall from β to β, and the reconstruction rise."""
    records = [
        fit(replace(PYTORCH, beta=beta), data, num_epochs=5).history[-1].readings for beta in BETAS
    ]
    betas = ", ".join(f"{beta:g}" for beta in BETAS)
    found = []
    for word, name, sign in (
        ("latent loss", "latent_kl", -1),
        ("reconstruction", "reconstruction_nats", 1),
    ):
        values = [float(readings[name]) for readings in records]  # type: ignore[arg-type]
        kept = all(sign * (b - a) > 0 for a, b in zip(values, values[1:], strict=False))
        told = ", ".join(f"{value:.1f}" for value in values)
        what = f"MNIST, the same network, 5 epochs, β {betas}: {word} {told} nats; at β 1"
        asked = "rises with β" if sign > 0 else "falls with β"
        found.append(Claim(what, (values[1],), asked, kept))
    return found


def _speed(config: VariationalConfig, data: Dataset) -> Claim:
    """Images a second against `fit` of the same network, in turns: the median of the ratios."""
    ours = _engine(config, data)
    theirs = _fit(config, data)
    count = len(data.x_train)
    rates = [(count / _seconds(ours), count / _seconds(theirs)) for _ in range(ROUNDS)]
    ratio = median(a / b for a, b in rates)
    network = "-".join(map(str, layer_sizes(config, data.input_dim)))
    return Claim(
        f"training {network}, batch {config.batch_size}, images a second; {ratio:.1f} times "
        "the peer",
        tuple(a for a, _ in rates),
        f"at least {LEAST_RATIO:g} times Keras fit",
        ratio >= LEAST_RATIO,
        ("Keras fit", tuple(b for _, b in rates)),
    )


def _engine(config: VariationalConfig, data: Dataset) -> Callable[[], Any]:
    """One epoch by the engine, with its record of ten images, warm."""
    data = replace(data, x_test=data.x_test[:10])
    count = updates_per_epoch(len(data.x_train), config.batch_size)
    state = init_state(config, data.input_dim, 0)
    values = config.coefficients()

    def run() -> None:
        nonlocal state
        state, _ = advance(config, data, state, values, num_updates=count)

    run()
    return run


def _fit(config: VariationalConfig, data: Dataset) -> Callable[[], Any]:
    """One epoch by `fit` with its defaults, warm, without any test."""
    model = _keras(config)

    def run() -> None:
        model.fit(data.x_train, data.x_train, batch_size=config.batch_size, verbose=0)

    run()
    return run


class Bottleneck(keras.layers.Layer):
    """z = mu + sigma · epsilon, and the latent loss as Keras' own VAE examples add it."""

    def __init__(self) -> None:
        super().__init__()
        self.random = keras.random.SeedGenerator(0)

    def call(self, inputs: Any) -> Any:
        z_mean, z_log_var = inputs
        kl = -0.5 * ops.sum(1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=-1)
        self.add_loss(ops.mean(kl) / DIM)
        epsilon = keras.random.normal(ops.shape(z_mean), seed=self.random)
        return z_mean + ops.exp(0.5 * z_log_var) * epsilon


def _keras(config: VariationalConfig) -> keras.Model:
    """The network of a config in plain Keras, β = 1, compiled."""
    x = hidden = keras.Input((DIM,))
    for width in config.hidden_units:
        hidden = keras.layers.Dense(width, "relu")(hidden)
    heads = [keras.layers.Dense(config.latent_dim)(hidden) for _ in range(2)]
    hidden = Bottleneck()(heads)
    for width in config.decoder_widths():
        hidden = keras.layers.Dense(width, "relu")(hidden)
    model = keras.Model(x, keras.layers.Dense(DIM, config.output_activation)(hidden))
    loss = {"mse": "mse", "bce": "binary_crossentropy"}[config.reconstruction_loss]
    model.compile(config.optimizer, loss)
    return model


def _seconds(run: Callable[[], Any]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
