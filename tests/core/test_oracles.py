"""The same thing computed by somebody else: plain Keras, numpy in double precision, statistics."""

import dataclasses
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.configs import (
    AutoencoderConfig,
    DenoisingConfig,
    SparseConfig,
    StackedConfig,
    VariationalConfig,
)
from core.datasets import Dataset
from core.engine.draws import corrupt, sample_latents
from core.engine.state import State
from core.knobs import params
from core.models import FAMILIES
from core.models import losses as terms
from core.models.autoencoder import Autoencoder
from core.training import advance, init_state, load_model

pytestmark = pytest.mark.trains

D, SEED = 16, np.array([3, 7], np.int32)
SMALL: dict[str, Any] = {"hidden_units": (8,), "latent_dim": 3, "activation": "tanh"}
SHALLOW: dict[str, Any] = {"hidden_units": (), "latent_dim": 3, "latent_activation": "tanh"}
KERAS_LOSS = {"mse": "mse", "bce": "binary_crossentropy"}


def plain_keras(weights: tuple[np.ndarray, ...], penalty: float = 0.0) -> keras.Model:
    """784-100-30-100-784 as a textbook writes it, only smaller."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((D,)),
            layers.Dense(8, "tanh"),
            layers.Dense(3, "sigmoid" if penalty else "linear"),
            layers.ActivityRegularization(l1=penalty),
            layers.Dense(8, "tanh"),
            layers.Dense(D, "sigmoid"),
        ]
    )
    model.set_weights(weights)
    return model


def model_of(config: AutoencoderConfig, seed: int = 0) -> tuple[Autoencoder, State]:
    state = init_state(config, D, seed)
    return load_model(config, D, state), state


def losses(config: AutoencoderConfig, model: Autoencoder, x: Any) -> dict[str, float]:
    values = {name: np.float32(value) for name, value in config.coefficients().items()}
    parts = FAMILIES[config.family].losses(model, x, values, SEED)
    return {name: float(value) for name, value in parts.items()}


def readings(config: AutoencoderConfig, model: Autoencoder, x: Any) -> dict[str, np.ndarray]:
    values = {name: np.float32(value) for name, value in config.coefficients().items()}
    found = FAMILIES[config.family].readings(model, x, values, SEED)
    return {name: np.asarray(value) for name, value in found.items()}


# Plain Keras.


@pytest.mark.parametrize("kind", KERAS_LOSS)
def test_the_reconstruction_loss_is_that_of_keras(kind: str, easy: Dataset) -> None:
    config = StackedConfig(**SMALL, reconstruction_loss=kind)
    model, state = model_of(config)
    reference = plain_keras(state.weights)
    reference.compile(loss=KERAS_LOSS[kind], run_eagerly=True)
    expected = reference.evaluate(easy.x_test, easy.x_test, batch_size=24, verbose=0)
    assert losses(config, model, easy.x_test) == {"reconstruction": pytest.approx(expected, 1e-5)}


@pytest.mark.parametrize("kind", KERAS_LOSS)
def test_the_reconstruction_loss_is_a_mean_over_batch_and_features(kind: str) -> None:
    x, x_hat = np.random.default_rng(0).uniform(0.05, 0.95, (2, 7, 5)).astype(np.float32)
    exact, guess = x.astype(np.float64), x_hat.astype(np.float64)
    entropy = -exact * np.log(guess) - (1 - exact) * np.log(1 - guess)
    expected = np.mean((exact - guess) ** 2 if kind == "mse" else entropy)
    assert float(terms.reconstruction(kind, x, x_hat)) == pytest.approx(expected, rel=1e-5)


def test_the_l1_penalty_is_that_of_activity_regularization(easy: Dataset) -> None:
    config = SparseConfig(**SMALL, l1=0.02)
    model, state = model_of(config)
    parts = losses(config, model, easy.x_test)
    reference = plain_keras(state.weights, penalty=0.02)
    reference.compile(loss="mse", run_eagerly=True)
    total = reference.test_on_batch(easy.x_test, easy.x_test)
    assert parts["l1_penalty"] > 0.01
    assert parts["reconstruction"] + parts["l1_penalty"] == pytest.approx(total, rel=1e-5)


OPTIMIZERS = {
    "adam": keras.optimizers.Adam(0.01),
    "nadam": keras.optimizers.Nadam(0.01),
    "rmsprop with decay": keras.optimizers.RMSprop(0.01, weight_decay=0.1),
    "sgd on a cosine": keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.01, 3)),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_are_those_of_train_on_batch(name: str, easy: Dataset) -> None:
    """All rows in one batch, so that their order does not matter. Five updates go beyond the end
    of the cosine.
    """
    config = StackedConfig(
        **SHALLOW,
        optimizer=name.split()[0],
        learning_rate=0.01,
        weight_decay=0.1 if "with decay" in name else 0.0,
        learning_rate_decay="cosine" if "cosine" in name else "constant",
        batch_size=80,
    )
    start = init_state(config, D, 0)
    state, records = advance(config, easy, start, config.coefficients(3), num_updates=5)
    reference = keras.Sequential(
        [keras.Input((D,)), keras.layers.Dense(3, "tanh"), keras.layers.Dense(D, "sigmoid")]
    )
    reference.set_weights(start.weights)
    reference.compile(OPTIMIZERS[name], "mse", run_eagerly=True)
    for record in records:
        loss = reference.train_on_batch(easy.x_train, easy.x_train)
        test_loss = reference.test_on_batch(easy.x_test, easy.x_test)
        assert record.parts["reconstruction"] == pytest.approx(float(loss), rel=1e-5)
        assert record.validation["reconstruction"] == pytest.approx(float(test_loss), rel=1e-5)
        reference.reset_metrics()
    for ours, theirs in zip(state.weights, reference.get_weights(), strict=True):
        assert np.allclose(ours, theirs, atol=1e-5)
    assert len(records) == 5


def test_on_a_cosine_the_steps_shrink_to_nothing(easy: Dataset) -> None:
    """The step at update u of n is ½ (1 + cos(π u / n)) of that at a constant rate."""
    config = StackedConfig(
        **SHALLOW,
        optimizer="sgd",
        learning_rate=0.5,
        learning_rate_decay="cosine",
        batch_size=80,
    )
    schedule = keras.optimizers.schedules.CosineDecay(1.0, 4)
    for update in (0, 1, 3, 4, 9):
        state = dataclasses.replace(init_state(config, D, 0), update=update)
        short, endless = (
            advance(config, easy, state, config.coefficients(planned), num_updates=1)[0]
            for planned in (4, 10**9)
        )
        step, whole_step = (run.weights[0] - state.weights[0] for run in (short, endless))
        assert np.allclose(step, float(schedule(update)) * whole_step, atol=1e-7)
        assert not np.allclose(whole_step, 0, atol=1e-5)


def test_bytes_and_floats_train_alike(easy: Dataset) -> None:
    """Grey levels are kept as bytes; one value between two levels, and they are not."""
    config = StackedConfig(**SHALLOW, optimizer="sgd", learning_rate=0.5)
    levels = (np.rint(easy.x_train * 255) / np.float32(255)).astype(np.float32)
    between = levels.copy()
    between[0, 0] += 1e-5
    start = init_state(config, D, 0)
    one, two = (
        advance(
            config,
            dataclasses.replace(easy, x_train=x),
            start,
            config.coefficients(),
            num_updates=2,
        )[0]
        for x in (levels, between)
    )
    for a, b in zip(one.weights, two.weights, strict=True):
        assert np.allclose(a, b, atol=1e-5)
    assert not np.allclose(one.weights[0], start.weights[0], atol=1e-5)


# Closed forms.


def test_tied_weights_decode_with_the_transposed_encoder(easy: Dataset) -> None:
    model, state = model_of(StackedConfig(**SMALL, tied_weights=True))
    w_1, b_1, w_2, b_2, *biases = state.weights
    b_3, b_4 = sorted(biases, key=len)
    z = np.tanh(easy.x_test @ w_1 + b_1) @ w_2 + b_2
    x_hat = 1 / (1 + np.exp(-(np.tanh(z @ w_2.T + b_3) @ w_1.T + b_4)))
    assert np.allclose(model(easy.x_test), x_hat, atol=1e-6)


@pytest.mark.parametrize("tied", [False, True], ids=["untied", "tied"])
def test_a_unit_norm_decoder_paints_pictures_of_length_1(tied: bool, easy: Dataset) -> None:
    config = SparseConfig(
        hidden_units=(), latent_dim=3, optimizer="sgd", tied_weights=tied, unit_norm_decoder=True
    )
    values = config.coefficients() | {"learning_rate": 0.5}
    state, _ = advance(config, easy, init_state(config, D, 0), values, num_updates=2)
    decoder = load_model(config, D, state).decoder
    pictures = np.asarray(decoder.layers[1].dense.kernel).T if tied else decoder.get_weights()[0]
    assert pictures.shape == (3, D)
    assert np.allclose(np.linalg.norm(pictures, axis=1), 1, atol=1e-5)


def test_sparsity_kl_is_its_formula_in_double_precision() -> None:
    a = np.random.default_rng(0).uniform(0.05, 0.9, (50, 6)).astype(np.float32)
    p, p_hat = 0.1, a.astype(np.float64).mean(axis=0)
    expected = np.sum(p * np.log(p / p_hat) + (1 - p) * np.log((1 - p) / (1 - p_hat)))
    assert float(terms.sparsity_kl(a, 0.1)) == pytest.approx(expected, rel=1e-6)


def test_sparsity_kl_is_nothing_on_target_and_finite_at_the_ends() -> None:
    assert float(terms.sparsity_kl(np.full((4, 3), 0.2, np.float32), 0.2)) == pytest.approx(0)
    for end in (0.0, 1.0):
        a = tf.Variable(np.full((4, 3), end, np.float32))
        with tf.GradientTape() as tape:
            value = terms.sparsity_kl(a, 0.2)
        assert np.isfinite(value)
        assert np.isfinite(tape.gradient(value, a)).all()


def test_latent_kl_is_its_formula_in_double_precision() -> None:
    rng = np.random.default_rng(0)
    mu, log_var = rng.normal(size=(2, 40, 5)).astype(np.float32)
    exact_mu, variance = mu.astype(np.float64), np.exp(log_var.astype(np.float64))
    terms_64 = 0.5 * (exact_mu**2 + variance - 1 - np.log(variance))
    expected = terms_64.sum(axis=1).mean()
    assert float(terms.latent_kl(mu, log_var)) == pytest.approx(expected, rel=1e-6)
    assert float(terms.latent_kl(np.zeros((2, 3)), np.zeros((2, 3)))) == 0


def test_l1_is_a_sum_over_codes_and_a_mean_over_the_batch() -> None:
    assert float(terms.l1(np.array([[1.0, -2.0], [0.0, 5.0]]))) == 4


def test_the_penalties_are_weighted_and_scaled_as_they_say(easy: Dataset) -> None:
    sparse = SparseConfig(**SMALL, l1=0.5, sparsity_weight=0.25, sparsity_target=0.2)
    model, _ = model_of(sparse)
    a = np.asarray(model.encoder(easy.x_test))
    parts = losses(sparse, model, easy.x_test)
    assert parts["l1_penalty"] == pytest.approx(0.5 * float(terms.l1(a)))
    kl = float(terms.sparsity_kl(a, 0.2))
    assert parts["sparsity_penalty"] == pytest.approx(0.25 * kl)
    assert readings(sparse, model, easy.x_test)["sparsity_kl"] == pytest.approx(kl)
    variational = VariationalConfig(**SMALL, beta=3.0)
    model, _ = model_of(variational)
    kl = float(terms.latent_kl(*model.posterior(easy.x_test)))
    parts = losses(variational, model, easy.x_test)
    assert parts["latent_penalty"] == pytest.approx(3 * kl / D)
    assert readings(variational, model, easy.x_test)["latent_kl"] == pytest.approx(kl)


def test_with_cross_entropy_and_beta_1_the_loss_is_the_negative_elbo(easy: Dataset) -> None:
    config = VariationalConfig(**SMALL, beta=1.0)
    model, _ = model_of(config)
    found = readings(config, model, easy.x_test)
    total = sum(losses(config, model, easy.x_test).values())
    assert -found["elbo"] == pytest.approx(total * D, rel=1e-5)
    assert found["reconstruction_nats"] + found["latent_kl"] == pytest.approx(-found["elbo"])


@pytest.mark.parametrize("activation", params(StackedConfig)["latent_activation"].options)
def test_readings_are_those_of_numpy(activation: str, easy: Dataset) -> None:
    """One code is silenced by its bias, so that there is something dead to count."""
    config = StackedConfig(**SMALL | {"latent_dim": 5}, latent_activation=activation)
    model, _ = model_of(config, seed=1)
    kernel, bias = model.encoder.get_layer("code").get_weights()
    kernel[:, 0], bias[0] = 0, {"sigmoid": -10, "relu": -10}.get(activation, 0)
    model.encoder.get_layer("code").set_weights([kernel, bias])
    x = easy.x_test.astype(np.float64)
    a, x_hat = np.asarray(model.encoder(easy.x_test)), np.asarray(model(easy.x_test))
    active = {"sigmoid": a > 0.1, "relu": a > 0}.get(activation, np.abs(a) > 1e-3)
    found = readings(config, model, easy.x_test)
    assert found["rmse"] == pytest.approx(np.sqrt(np.mean((x - x_hat) ** 2)), rel=1e-5)
    share = np.sum((x - x_hat) ** 2) / np.sum((x - x.mean(axis=0)) ** 2)
    assert found["variance_explained"] == pytest.approx(1 - share, rel=1e-4)
    assert found["l0"] == pytest.approx(active.sum(axis=1).mean())
    assert found["dead_latents"] == np.sum(~active.any(axis=0)) >= 1
    assert np.allclose(found["mean_activations"], a.mean(axis=0), atol=1e-6)


def test_active_latents_are_those_whose_means_vary(easy: Dataset) -> None:
    config = VariationalConfig(**SMALL)
    model, _ = model_of(config)
    head = next(layer for layer in model.posterior.layers if layer.name == "z_mean")
    kernel, bias = head.get_weights()
    kernel[:, 0] = 0
    head.set_weights([kernel * 10, bias])
    variances = np.var(np.asarray(model.encoder(easy.x_test)), axis=0)
    found = readings(config, model, easy.x_test)["active_latents"]
    assert found == np.sum(variances > 0.01)
    assert 0 < found < 3


# Corruption. The share of n independent events of probability p lies within 4 √(p (1-p) / n) of p.

NUM_ROWS, NUM_PIXELS, LEVEL = 2000, 50, 0.3
GREY = np.random.default_rng(0).uniform(0.2, 0.8, (NUM_ROWS, NUM_PIXELS)).astype(np.float32)


def corrupted(kind: str, level: float, x: np.ndarray = GREY, seed: Any = SEED) -> np.ndarray:
    return np.asarray(corrupt(tf.constant(x), kind, level, tf.constant(seed)))


def is_share(events: np.ndarray, share: float) -> bool:
    return abs(events.mean() - share) < 4 * np.sqrt(share * (1 - share) / events.size)


def test_masking_sets_a_share_to_0_and_keeps_the_rest() -> None:
    x_tilde = corrupted("masking", LEVEL)
    assert is_share(x_tilde == 0, LEVEL)
    assert np.array_equal(x_tilde[x_tilde != 0], GREY[x_tilde != 0])


def test_dropout_is_masking_at_the_same_brightness() -> None:
    x_tilde, masked = corrupted("dropout", LEVEL), corrupted("masking", LEVEL)
    assert np.allclose(x_tilde, masked / (1 - LEVEL), rtol=1e-6)
    noise = np.std(x_tilde - GREY) / np.sqrt(GREY.size)
    assert abs(x_tilde.mean() - GREY.mean()) < 4 * noise


def test_salt_and_pepper_come_in_halves() -> None:
    x_tilde = corrupted("salt_and_pepper", LEVEL)
    assert is_share(x_tilde == 0, LEVEL / 2)
    assert is_share(x_tilde == 1, LEVEL / 2)
    kept = (x_tilde != 0) & (x_tilde != 1)
    assert np.array_equal(x_tilde[kept], GREY[kept])


def test_gaussian_noise_has_its_deviation_and_stays_between_0_and_1() -> None:
    """Half-way between black and white, a deviation of 0.1 is clipped once in a million draws."""
    half = np.full_like(GREY, 0.5)
    noise = corrupted("gaussian", 0.1, half) - half
    assert abs(noise.mean()) < 4 * 0.1 / np.sqrt(noise.size)
    assert np.std(noise) == pytest.approx(0.1, rel=4 / np.sqrt(2 * noise.size))
    assert is_share(np.abs(noise) < 0.1, 0.6827)
    loud = corrupted("gaussian", 1.0, half)
    assert (loud.min(), loud.max()) == (0, 1)
    assert is_share(loud == 0, 0.3085)
    assert is_share(loud == 1, 0.3085)


@pytest.mark.parametrize("kind", params(DenoisingConfig)["corruption"].options)
def test_every_corruption_is_drawn_anew_by_its_seed_alone(kind: str) -> None:
    x_tilde = corrupted(kind, LEVEL)
    changed = x_tilde != GREY
    assert changed.mean() > 0.9 * LEVEL
    assert np.array_equal(corrupted(kind, LEVEL), x_tilde)
    for seed in ([3, 8], [4, 7]):
        other = corrupted(kind, LEVEL, seed=np.array(seed, np.int32))
        assert not np.allclose(other, x_tilde)
    same = np.repeat(GREY[:1], NUM_ROWS, axis=0)
    assert len(np.unique(corrupted(kind, LEVEL, same), axis=0)) == NUM_ROWS
    assert np.allclose(corrupted(kind, 0.0), GREY)


class Copier:
    """A model that remembers its input and returns it."""

    def __init__(self, config: DenoisingConfig) -> None:
        self.config = config

    def __call__(self, x: Any) -> Any:
        self.seen = np.asarray(x)
        return x


@pytest.mark.parametrize("kind", params(DenoisingConfig)["corruption"].options)
def test_a_denoiser_sees_corrupted_input_and_is_judged_by_the_clean_one(kind: str) -> None:
    """Copying is no way out: whoever returns what it sees pays the size of the corruption."""
    model = Copier(DenoisingConfig(corruption=kind))
    values = {name: np.float32(v) for name, v in model.config.coefficients().items()}
    module = FAMILIES["denoising"]
    parts = module.losses(model, tf.constant(GREY), values, tf.constant(SEED))
    assert np.mean(model.seen != GREY) > 0.3
    cost = np.mean((model.seen - GREY) ** 2)
    assert cost > 0.01
    assert float(parts["reconstruction"]) == pytest.approx(cost, rel=1e-4)


def test_without_corruption_a_denoiser_is_a_stacked_autoencoder(easy: Dataset) -> None:
    config = DenoisingConfig(**SMALL, corruption_stddev=0.0)
    model, _ = model_of(config)
    expected = losses(StackedConfig(**SMALL), model, easy.x_test)
    assert losses(config, model, easy.x_test) == pytest.approx(expected, rel=1e-6)
    loud = dataclasses.replace(config, corruption_stddev=0.5)
    corrupted_loss = losses(loud, model, easy.x_test)["reconstruction"]
    assert corrupted_loss != pytest.approx(expected["reconstruction"], rel=1e-4)
    clean = readings(loud, model, easy.x_test)["reconstruction_clean"]
    assert clean == pytest.approx(expected["reconstruction"], rel=1e-6)


# Sampling.


def test_latents_are_drawn_with_their_mean_and_deviation() -> None:
    shape = (40_000, 2)
    mu, log_var = np.full(shape, [1.0, -2.0], np.float32), np.full(shape, [0.0, 2.0], np.float32)
    z = np.asarray(sample_latents(tf.constant(mu), tf.constant(log_var), tf.constant(SEED)))
    sigma = np.exp([0.0, 1.0])
    assert np.all(np.abs(z.mean(axis=0) - [1, -2]) < 4 * sigma / np.sqrt(len(z)))
    assert np.allclose(z.std(axis=0), sigma, rtol=4 / np.sqrt(2 * len(z)))
    assert abs(np.corrcoef(z.T)[0, 1]) < 4 / np.sqrt(len(z))


def test_the_gradient_goes_through_the_sample() -> None:
    """z = mu + exp(log_var / 2) ε: dz/dmu = 1 and dz/dlog_var = (z - mu) / 2."""
    rng = np.random.default_rng(0)
    mu, log_var = (tf.Variable(a) for a in rng.normal(size=(2, 5, 3)).astype(np.float32))
    with tf.GradientTape() as tape:
        z = sample_latents(mu, log_var, tf.constant(SEED))
    by_mu, by_log_var = tape.gradient(z, [mu, log_var])
    assert np.allclose(by_mu, 1)
    assert np.allclose(by_log_var, (z - mu) / 2, atol=1e-6)
    assert np.abs(by_log_var).min() > 0


def test_the_gradient_of_the_variational_loss_is_its_finite_difference(easy: Dataset) -> None:
    """Along the gradient on both heads of the encoder, for one fixed ε."""
    config = VariationalConfig(**SMALL)
    model, _ = model_of(config)
    heads = [v for v in model.trainable_variables if "z_mean" in v.path or "z_log_var" in v.path]

    def total() -> tf.Tensor:
        parts = FAMILIES["variational"].losses(model, easy.x_test, {"beta": 1.0}, SEED)
        return tf.add_n(list(parts.values()))

    with tf.GradientTape() as tape:
        loss = total()
    gradients = [np.asarray(g) for g in tape.gradient(loss, [v.value for v in heads])]
    slope = np.sqrt(sum(np.sum(g**2) for g in gradients))
    start, step, found = [v.numpy() for v in heads], 0.02, []
    for sign in (1, -1):
        for variable, value, gradient in zip(heads, start, gradients, strict=True):
            variable.assign(value + sign * step * gradient / slope)
        found.append(float(total()))
    assert len(heads) == 4
    assert (found[0] - found[1]) / (2 * step) == pytest.approx(slope, rel=0.01)
