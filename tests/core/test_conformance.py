"""One battery for all families: what the engine promises of any autoencoder."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from core import training
from core.configs import CONFIGS, MAX_SEED, AutoencoderConfig, autoencoders, from_dict, to_dict
from core.datasets import Dataset
from core.engine.loop import as_seed, as_tensors
from core.engine.state import Record, State, TrainingDiverged, rows_of_epoch, updates_per_epoch
from core.knobs import params
from core.models import FAMILIES, trainer
from core.training import Run, advance, fit, init_state, train

pytestmark = pytest.mark.trains

SMALL: dict[str, Any] = {"hidden_units": (8,), "latent_dim": 3, "learning_rate": 3e-2}
PENALTIES = {
    "stacked": set(),
    "sparse": {"l1_penalty", "sparsity_penalty"},
    "denoising": set(),
    "variational": {"latent_penalty"},
}
NUM_EPOCHS, PER_EPOCH, D, Z = 15, 3, 16, 3
SHAPES = {
    "shallow": {"hidden_units": ()},
    "deep": {"hidden_units": (9, 7)},
    "lopsided": {"hidden_units": (9,), "decoder_hidden_units": (7, 5)},
    "no decoder layers": {"decoder_hidden_units": ()},
    "tied": {"hidden_units": (9, 7), "tied_weights": True},
}

each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


@pytest.fixture(scope="module", params=CONFIGS)
def config(request: pytest.FixtureRequest) -> AutoencoderConfig:
    """A small network of every family, with every penalty switched on."""
    config = CONFIGS[request.param](**SMALL)
    off = [name for name, value in config.coefficients().items() if value == 0]
    stops = {name: params(config)[name].stops for name in off}
    return dataclasses.replace(config, **{name: min(filter(None, stops[name])) for name in off})


@pytest.fixture(scope="module")
def run(config: AutoencoderConfig, easy: Dataset) -> Run:
    return fit(config, easy, num_epochs=NUM_EPOCHS, seed=1)


@pytest.fixture(scope="module")
def start(config: AutoencoderConfig) -> State:
    return init_state(config, D, 1)


def equal(a: State, b: State) -> bool:
    """Whether two states are the same, bit for bit."""
    ours, theirs = ((*s.weights, *s.optimizer, np.array(s.sums)) for s in (a, b))
    same = all(np.array_equal(x, y) for x, y in zip(ours, theirs, strict=True))
    return same and (a.seed, a.update) == (b.seed, b.update)


def same_weights(a: State, b: State) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a.weights, b.weights, strict=True))


def copied(state: State) -> State:
    """The same state in arrays of its own, which the engine has never seen."""
    return dataclasses.replace(
        state,
        weights=tuple(array.copy() for array in state.weights),
        optimizer=tuple(array.copy() for array in state.optimizer),
    )


def go(config: AutoencoderConfig, data: Dataset, state: State, count: int, **moved: float) -> State:
    """`state` after `count` further updates, with some live knobs moved."""
    values = config.coefficients() | moved
    return advance(config, data, state, values, num_updates=count)[0]


def numbers(record: Record) -> Iterator[float]:
    for values in (record.parts, record.readings, record.validation):
        for value in values.values():
            yield from value if isinstance(value, tuple) else (value,)


# What a model is.


def test_a_model_maps_rows_to_codes_and_back(config: AutoencoderConfig, easy: Dataset) -> None:
    model = FAMILIES[config.family].build(config, D, seed=0)
    codes = model.encoder(easy.x_test)
    assert codes.shape == (24, Z)
    assert model.decoder(codes).shape == model(easy.x_test).shape == (24, D)


@each_shape
def test_every_shape_of_network_trains_the_weights_it_counts(
    config: AutoencoderConfig, easy: Dataset, shape: dict
) -> None:
    config = dataclasses.replace(config, **shape)
    model = FAMILIES[config.family].build(config, D, seed=0)
    assert model(easy.x_test).shape == (24, D)
    assert len(model.variables) == len({id(variable) for variable in model.variables})
    assert len(model.trainable_variables) == len(model.variables)


def test_the_seed_decides_the_initial_weights(config: AutoencoderConfig) -> None:
    first, again, other = (init_state(config, D, seed) for seed in (3, 3, 4))
    assert equal(first, again)
    assert not same_weights(first, other)


def test_losses_are_finite_numbers_by_name(config: AutoencoderConfig, easy: Dataset) -> None:
    parts = losses(config, easy)
    assert "reconstruction" in parts
    penalties = parts.keys() - {"reconstruction"}
    assert all(name.endswith("_penalty") for name in penalties)
    assert penalties == PENALTIES.get(config.family, penalties)
    assert all(np.ndim(value) == 0 and np.isfinite(value) for value in parts.values())


def losses(config: AutoencoderConfig, data: Dataset, key: int = 0) -> dict[str, np.ndarray]:
    model = FAMILIES[config.family].build(config, D, seed=0)
    values = {name: np.float32(value) for name, value in config.coefficients().items()}
    parts = FAMILIES[config.family].losses(model, data.x_test, values, np.array([0, key], np.int32))
    return {name: np.asarray(value) for name, value in parts.items()}


def test_a_dictionary_builds_an_equal_model(config: AutoencoderConfig) -> None:
    back = from_dict(json.loads(json.dumps(to_dict(config))))
    assert equal(init_state(back, D, 5), init_state(config, D, 5))


def test_a_seed_or_a_size_that_cannot_be_is_refused(config: AutoencoderConfig) -> None:
    for seed in (-1, MAX_SEED + 1, 0.5, "0", None):
        with pytest.raises(ValueError, match=r"seed must be a whole number from 0 to .*received"):
            init_state(config, D, seed)
    with pytest.raises(ValueError, match="parameters"):
        init_state(dataclasses.replace(config, hidden_units=(4096, 4096)), 784, 0)


def test_an_update_that_would_hold_up_everybody_is_refused_before_a_run_begins(
    config: AutoencoderConfig, easy: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autoencoders, "MAX_PRODUCTS", 1_000)
    with pytest.raises(ValueError, match=r"takes too long: at most \d+ images are allowed"):
        trainer.begin(config, easy, 0)


# What a run is.


def test_the_loss_falls(run: Run) -> None:
    first, last = run.history[0], run.history[-1]
    assert last.parts["total"] < 0.95 * first.parts["total"]
    assert last.validation["total"] < 0.95 * first.validation["total"]
    assert last.readings["rmse"] < 0.8 * first.readings["rmse"]


def test_there_is_a_record_for_every_epoch(run: Run, config: AutoencoderConfig) -> None:
    assert [record.epoch for record in run.history] == list(range(1, NUM_EPOCHS + 1))
    assert run.state.update == NUM_EPOCHS * PER_EPOCH
    for record in run.history:
        assert record.coefficients == config.coefficients()
        assert all(np.isfinite(value) for value in numbers(record))
        assert len(record.readings["mean_activations"]) == Z


def test_the_total_is_the_sum_of_the_parts(run: Run) -> None:
    for record in run.history:
        for parts in (record.parts, record.validation):
            assert "reconstruction" in parts
            parts = dict(parts)
            assert parts.pop("total") == pytest.approx(sum(parts.values()), rel=1e-6)
            penalties = parts.keys() - {"reconstruction"}
            assert penalties == PENALTIES.get(run.config.family, penalties)


def test_train_yields_what_fit_keeps(run: Run, easy: Dataset) -> None:
    assert list(train(run.config, easy, num_epochs=2, seed=1)) == run.history[:2]


def test_the_same_seed_gives_the_same_run_and_another_one_another(run: Run, easy: Dataset) -> None:
    again, other = (fit(run.config, easy, num_epochs=NUM_EPOCHS, seed=seed) for seed in (1, 2))
    assert again.history == run.history
    assert equal(again.state, run.state)
    assert not same_weights(other.state, run.state)
    assert other.history != run.history


def test_a_run_encodes_decodes_and_reconstructs(run: Run, easy: Dataset) -> None:
    z = run.encode(easy.x_test)
    assert z.shape == (24, Z)
    assert run.decode(z).shape == (24, D)
    assert z.dtype == run.decode(z).dtype == np.float32
    assert np.allclose(run.decode(z), run.reconstruct(easy.x_test), atol=1e-6)
    assert np.allclose(run.reconstruct(easy.x_test), run.reconstruct(easy.x_test.tolist()))
    assert np.array_equal(run.encode(easy.x_test), z)
    rmse = np.sqrt(np.mean((run.reconstruct(easy.x_test) - easy.x_test) ** 2))
    assert rmse == pytest.approx(run.history[-1].readings["rmse"], rel=1e-4)


def test_many_rows_and_none_are_encoded_in_order(run: Run) -> None:
    x = np.random.default_rng(0).random((9000, D), dtype=np.float32)
    assert np.allclose(run.encode(x)[[0, 4500, 8999]], run.encode(x[[0, 4500, 8999]]), atol=1e-5)
    assert run.encode(x[:0]).shape == (0, Z)
    assert run.reconstruct(x[:0]).shape == (0, D)


@pytest.mark.parametrize("tied", [False, True], ids=["untied", "tied"])
def test_a_saved_run_is_a_plain_keras_model(
    config: AutoencoderConfig, easy: Dataset, tmp_path: Path, tied: bool
) -> None:
    config = dataclasses.replace(config, tied_weights=tied)
    state = init_state(config, D, 3)
    trained = dataclasses.replace(state, weights=tuple(w + 0.1 for w in state.weights))
    run = Run(config, D, trained, [])
    run.save(tmp_path / "run.keras")
    model = keras.models.load_model(tmp_path / "run.keras")
    assert np.allclose(model(easy.x_test), run.reconstruct(easy.x_test), atol=1e-6)


# Training is a pure function of updates.


def test_pieces_make_the_same_run_as_a_whole(
    config: AutoencoderConfig, easy: Dataset, start: State
) -> None:
    """Pieces begin and end within epochs, at their borders and across them."""
    values = config.coefficients()
    whole, records = advance(config, easy, start, values, num_updates=4 * PER_EPOCH)
    state, pieces = start, []
    for count in (1, 0, 4, 1, 2, 3, 1):
        state, new = advance(config, easy, state, values, num_updates=count)
        pieces += new
    assert state.update == whole.update == 4 * PER_EPOCH
    assert equal(state, whole)
    assert pieces == records


def test_an_update_is_one_of_keras(config: AutoencoderConfig, easy: Dataset) -> None:
    """The gradient of the sum of the losses, without the engine and not compiled, given to Keras'
    optimizer. An odd batch is one slice.
    """
    config = dataclasses.replace(config, batch_size=27)
    start = init_state(config, D, 1)
    after = go(config, easy, start, 1)
    model = training.load_model(config, D, start)
    rows = rows_of_epoch(len(easy.x_train), 27, seed=1, epoch=0)[:27]
    x = tf.constant(easy.x_train[rows])
    with tf.GradientTape() as tape:
        parts = FAMILIES[config.family].losses(
            model, x, as_tensors(config.coefficients()), as_seed(1, 0)
        )
        total = tf.add_n(list(parts.values()))
    variables = model.trainable_variables
    optimizer = keras.optimizers.Adam(config.learning_rate)
    optimizer.apply_gradients(zip(tape.gradient(total, variables), variables, strict=True))
    assert np.allclose(after.sums, [float(value) for value in parts.values()], rtol=1e-4)
    for ours, theirs in zip(after.weights, model.variables, strict=True):
        assert np.allclose(ours, theirs.numpy(), atol=1e-4)


def test_other_runs_in_between_change_nothing(
    config: AutoencoderConfig, easy: Dataset, start: State
) -> None:
    """Two visitors share one compiled engine."""
    mine, theirs = copied(start), init_state(config, D, 2)
    alone = go(config, easy, copied(mine), 5)
    for _ in range(5):
        mine, theirs = go(config, easy, mine, 1), go(config, easy, theirs, 1, learning_rate=0.1)
    assert equal(mine, alone)


def test_a_look_at_another_state_changes_nothing(
    config: AutoencoderConfig, easy: Dataset, start: State
) -> None:
    """A visitor who arrives is shown an untrained network by the engine of one who trains."""
    expected = go(config, easy, copied(go(config, easy, start, 2)), 2)
    half_way = go(config, easy, start, 2)
    trainer.shared_model(config, easy, init_state(config, D, 2))
    assert equal(go(config, easy, half_way, 2), expected)


def test_a_shared_model_has_the_weights_of_its_state(
    config: AutoencoderConfig, easy: Dataset, start: State
) -> None:
    later = go(config, easy, start, 2)
    for state in (later, start, later, copied(start)):
        shared = trainer.shared_model(config, easy, state)
        own = training.load_model(config, D, state)
        for model in (shared, own):
            found = [variable.numpy() for variable in model.variables]
            assert all(np.array_equal(a, b) for a, b in zip(found, state.weights, strict=True))


def test_a_moved_knob_reaches_the_running_model_and_leaves_the_past_alone(
    config: AutoencoderConfig, easy: Dataset, start: State
) -> None:
    state = go(config, easy, start, 2)
    before, straight_on = copied(state), go(config, easy, state, 2)
    for name, value in config.coefficients().items():
        moved = go(config, easy, state, 2, **{name: 2 * value})
        assert same_weights(moved, straight_on) is not acts(config, name), name
        assert equal(state, before)
    assert equal(go(config, easy, state, 2), straight_on)


def acts(config: AutoencoderConfig, name: str) -> bool:
    active_when = params(config)[name].active_when
    return active_when is None or active_when(config)


def test_a_record_says_which_knobs_it_was_made_with(
    config: AutoencoderConfig, easy: Dataset, start: State
) -> None:
    values = config.coefficients() | {"learning_rate": 0.5}
    _, (record,) = advance(config, easy, start, values, num_updates=PER_EPOCH)
    assert record.coefficients == values


def test_an_epoch_shuffles_anew(config: AutoencoderConfig, easy: Dataset, start: State) -> None:
    """At a learning rate of 0 the epochs of one seed differ by the order of rows alone."""
    values = config.coefficients() | {"learning_rate": 0.0}
    state, records = advance(config, easy, start, values, num_updates=2 * PER_EPOCH)
    assert same_weights(state, start)
    assert records[0].validation == records[1].validation
    assert records[0].parts != records[1].parts


def test_every_update_draws_anew(config: AutoencoderConfig, easy: Dataset, start: State) -> None:
    """Of equal rows and frozen weights only what is drawn at random can change the loss."""
    data = dataclasses.replace(easy, x_train=np.repeat(easy.x_train[:1], 80, axis=0))
    updates = (0, 1, PER_EPOCH, PER_EPOCH + 1)
    found = {
        go(config, data, dataclasses.replace(start, update=update), 1, learning_rate=0.0).sums
        for update in updates
    }
    is_stochastic = losses(config, easy, key=0) != losses(config, easy, key=1)
    assert len(found) == (len(updates) if is_stochastic else 1)


@pytest.mark.parametrize(("num_rows", "batch_size"), [(7, 3), (2, 32)])
def test_no_row_is_lost(num_rows: int, batch_size: int) -> None:
    """Row i has the loss 4^i under a network that says 0, so the digits of an epoch's sum of
    losses, to base 4, count how often each row was seen.
    """
    x = np.sqrt(4.0 ** np.arange(num_rows))[:, None] * np.ones((1, 4))
    data = Dataset(x, x)
    config = CONFIGS["stacked"](
        hidden_units=(),
        latent_dim=1,
        output_activation="linear",
        batch_size=batch_size,
        optimizer="sgd",
    )
    per_epoch, batch = updates_per_epoch(num_rows, batch_size), min(batch_size, num_rows)
    state = init_state(config, 4, 0)
    state = dataclasses.replace(state, weights=tuple(0 * array for array in state.weights))
    _, records = advance(config, data, state, {"learning_rate": 0.0}, num_updates=3 * per_epoch)
    for record in records:
        total = round(record.parts["reconstruction"] * batch * per_epoch)
        counts = [total // 4**i % 4 for i in range(num_rows)]
        assert min(counts) >= 1
        assert max(counts) <= 2
        assert sum(counts) == batch * per_epoch


# Runs that go wrong.


@pytest.fixture(scope="module")
def wild(easy: Dataset) -> tuple[AutoencoderConfig, Dataset]:
    """One update an epoch, linear outputs and plain gradient steps: nothing holds the weights."""
    config = CONFIGS["stacked"](**SMALL | {"learning_rate": 10.0}, optimizer="sgd",
                                output_activation="linear", batch_size=8192)  # fmt: skip
    return config, easy


def test_a_run_that_diverges_says_so_and_leaves_its_last_state(
    wild: tuple[AutoencoderConfig, Dataset],
) -> None:
    config, data = wild
    start = init_state(config, D, 0)
    before = copied(start)
    with pytest.raises(TrainingDiverged, match=r"epoch \d+, at a learning rate of 10\b.*\.$"):
        go(config, data, start, 200)
    assert equal(start, before)
    calm = go(config, data, start, 5, learning_rate=1e-3)
    assert equal(calm, go(config, data, before, 5, learning_rate=1e-3))
    assert all(np.isfinite(array).all() for array in calm.weights)


def test_until_a_run_diverges_all_that_is_kept_is_finite(
    wild: tuple[AutoencoderConfig, Dataset],
) -> None:
    config, data = wild
    state = init_state(config, D, 0)
    for _ in range(200):
        try:
            state, records = advance(config, data, state, config.coefficients(), num_updates=1)
        except TrainingDiverged:
            break
        assert all(np.isfinite(array).all() for array in state.weights)
        assert all(np.isfinite(value) for record in records for value in numbers(record))
    else:
        pytest.fail("nothing diverged")


def test_cross_entropy_refuses_data_outside_0_and_1(
    config: AutoencoderConfig, easy: Dataset
) -> None:
    config = dataclasses.replace(config, reconstruction_loss="bce")
    state = init_state(config, D, 0)
    for part, x in (("x_train", easy.x_train - 1), ("x_test", easy.x_test + 1)):
        data = dataclasses.replace(easy, **{part: x})
        with pytest.raises(ValueError, match=r"between 0 and 1; received values from .*mse\.$"):
            go(config, data, state, 1)
