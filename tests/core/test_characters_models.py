"""Character models: the same in plain Keras, what the engine promises, what a classifier shows."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from core.characters import stock, training
from core.characters.classifier import Classifier, train_classifier
from core.characters.models import Network
from core.characters.robustness import robustness
from core.characters.sizes import num_parameters
from core.characters.training import advance, init_state, train, updates_per_epoch
from core.configs import MAX_SEED
from core.configs.characters import CharacterConfig
from core.engine.state import State, TrainingDiverged
from core.knobs import defaults, is_active, params
from core.text.alphabet import fold
from core.text.encoding import encoded, with_typos
from core.text.tasks import (
    TextTask,
    load_task,
)

pytestmark = pytest.mark.trains

SMALL: dict[str, Any] = {
    "char_embedding_dim": 4,
    "word_embedding_dim": 4,
    "filters": 3,
    "kernel_sizes": (1, 4),
    "units": 4,
    "optimizer": "sgd",
    "learning_rate": 0.5,
    "batch_size": 16,
}
ADAM: dict[str, Any] = {"optimizer": "adam", "learning_rate": 0.03}
NETWORKS = {
    "cnn": {},
    "cnn, padding read": {"mask_padding": False},
    "lstm": {"architecture": "lstm"},
    "gru, padding read": {"architecture": "gru", "mask_padding": False},
    "bidirectional": {"architecture": "bidirectional"},
    "words": {"inputs": "word"},
    "hybrid": {"inputs": "hybrid"},
}
ARCHITECTURES = ("cnn", "lstm", "gru", "bidirectional")
ENDINGS = ("ing", "ed", "ness")
NUM_UPDATES = 3

each_network = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
fast = pytest.mark.parametrize("kind", ["cnn", "lstm", "hybrid"])


def made_up(count: int, num_words: int = 1) -> TextTask:
    """Texts of made-up words whose last ending decides the class, one in three of each."""
    rng = np.random.default_rng(0)
    stems = rng.choice(list("abcdefghklmnoprst"), (count, num_words, 4))
    texts = [" ".join("".join(stem) for stem in row) for row in stems]
    labels = np.arange(count) % len(ENDINGS)
    return TextTask(
        [text + ENDINGS[label] for text, label in zip(texts, labels, strict=True)], labels, ENDINGS
    )


@pytest.fixture(scope="module")
def task() -> TextTask:
    return made_up(60, num_words=2)


@pytest.fixture(scope="module")
def classifier(task: TextTask) -> Classifier:
    return train_classifier(small("cnn", **ADAM), task, num_epochs=40)


def small(kind: str = "cnn", **changes: Any) -> CharacterConfig:
    return CharacterConfig(**SMALL | NETWORKS[kind] | changes)


def equal(a: State, b: State) -> bool:
    """Whether two states are the same, bit for bit."""
    ours, theirs = ((*s.weights, *s.optimizer, np.array(s.sums)) for s in (a, b))
    same = all(np.array_equal(x, y) for x, y in zip(ours, theirs, strict=True))
    return same and (a.seed, a.update) == (b.seed, b.update)


def go(config: CharacterConfig, task: TextTask, state: State, count: int, **moved: float) -> State:
    """`state` after `count` further updates, with some live knobs moved."""
    return advance(config, task, state, config.coefficients(9) | moved, num_updates=count)[0]


def ids_for(model: keras.Model, characters: np.ndarray, words: np.ndarray) -> list[np.ndarray]:
    arrays = {"characters": characters, "words": words}
    return [arrays[tensor.name] for tensor in model.inputs]


# The same in plain Keras.


@each_network
@pytest.mark.parametrize("name", ["made up", "toy"])
def test_a_network_is_that_of_plain_keras(network: dict, name: str, task: TextTask) -> None:
    """The toy has two classes: one sigmoid. Weights are scaled up so that nothing is near 0."""
    task = task if name == "made up" else load_task("toy")
    config = CharacterConfig(**SMALL | network)
    ours = Network(config, training.sizes_of(config, task), seed=3)
    for variable in ours.variables:
        variable.assign(np.random.default_rng(len(variable.shape)).normal(size=variable.shape))
    reference = stock.to_keras(ours)
    texts = [*task.texts, "a", ""]
    ids = encoded(task).reader.encode(texts, config.inputs)
    logits = np.asarray(ours.logits(*ids))
    if config.inputs != "character" or config.architecture != "cnn":
        ids, logits = tuple(part[:-1] for part in ids), logits[:-1]  # Keras: NaN, all is masked
    found = np.asarray(reference(ids_for(reference, *ids)))
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected = odds / odds.sum(axis=1, keepdims=True)
    assert np.allclose(found, expected if found.shape[1] > 1 else expected[:, 1:], atol=1e-5)
    assert np.ptp(expected, axis=0).max() > 0.02


@pytest.mark.parametrize("kind", ["cnn", "lstm", "hybrid"])
def test_updates_are_those_of_adam(kind: str, task: TextTask) -> None:
    """All rows in one batch, so that their order does not matter. Keras' `fit` squares a row's
    gradient for each time it occurs, where Adam wants the square of their sum: here summed first.
    """
    config = small(kind, **ADAM | {"batch_size": 2048})
    start = init_state(config, task, 0)
    state, records = advance(config, task, start, config.coefficients(), num_updates=NUM_UPDATES)
    reference = stock.to_keras(training.load_network(config, task, start))
    optimizer = keras.optimizers.Adam(config.learning_rate)
    texts, labels = task.rows("train")
    inputs = ids_for(reference, *encoded(task).reader.encode(texts, config.inputs))
    for record in records:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(
                keras.losses.sparse_categorical_crossentropy(labels, reference(inputs))
            )
        gradients = tape.gradient(loss, reference.trainable_variables)
        dense = [tf.convert_to_tensor(gradient) for gradient in gradients]
        optimizer.apply(dense, reference.trainable_variables)
        assert record.parts["cross_entropy"] == pytest.approx(float(loss), rel=1e-4)
    layers = training.load_network(config, task, start).layers
    found = [w for layer in layers for w in reference.get_layer(layer.name).get_weights()]
    for before, ours, theirs in zip(start.weights, state.weights, found, strict=True):
        assert np.mean(np.abs(ours - theirs) > 1e-3) < 0.02
        assert not np.allclose(before, ours, atol=1e-3)


@each_network
def test_updates_are_those_of_train_on_batch(network: dict, task: TextTask) -> None:
    config = CharacterConfig(**SMALL | network | {"batch_size": 2048, "learning_rate": 1.0})
    start = init_state(config, task, 0)
    _, records = advance(config, task, start, config.coefficients(), num_updates=NUM_UPDATES)
    reference = stock.to_keras(training.load_network(config, task, start))
    reference.compile(
        keras.optimizers.SGD(1.0), "sparse_categorical_crossentropy", run_eagerly=True
    )
    texts, labels = task.rows("train")
    inputs = ids_for(reference, *encoded(task).reader.encode(texts, config.inputs))
    for record in records:
        loss = reference.train_on_batch(inputs, labels)
        assert record.parts["cross_entropy"] == pytest.approx(float(loss), rel=1e-4)
        reference.reset_metrics()


@pytest.mark.parametrize(
    "change", [*({"architecture": name} for name in ARCHITECTURES), {"inputs": "hybrid"}]
)
def test_masked_padding_is_as_if_it_were_not_there(change: dict, task: TextTask) -> None:
    """A CNN still sees the zeros round the word in its windows, so its masked maximum may move."""
    config = small(**change)
    network = Network(config, training.sizes_of(config, task), seed=3)
    ids = encoded(task).reader.encode(["abe"], config.inputs)
    longer = (np.pad(ids[0], [(0, 0), (0, 7)]), ids[1])
    assert np.allclose(network.features(*ids), network.features(*longer), atol=1e-6)
    open_ = dataclasses.replace(config, mask_padding=False)
    network.config = open_
    assert not np.allclose(network.features(*ids)[:, 1:], 0)


@each_network
@pytest.mark.parametrize("name", ["made up", "toy"])
def test_parameters_are_counted_before_they_are_made(
    network: dict, name: str, task: TextTask
) -> None:
    config = CharacterConfig(**SMALL | network)
    sizes = training.sizes_of(config, task if name == "made up" else load_task("toy"))
    made = sum(int(np.prod(v.shape)) for v in Network(config, sizes, 0).variables)
    assert sum(num_parameters(config, sizes).values()) == made


# What the engine promises.


@fast
@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_one_call_or_many_are_the_same_bit_for_bit(kind: str, rate: float, task: TextTask) -> None:
    config = small(kind, **ADAM, learning_rate_decay="cosine", typo_rate=rate)
    start = init_state(config, task, 1)
    whole = advance(config, task, start, config.coefficients(9), num_updates=7)
    state, records = start, []
    for count in (1, 2, 3, 1):
        state = dataclasses.replace(state, weights=tuple(w.copy() for w in state.weights))
        state, new = advance(config, task, state, config.coefficients(9), num_updates=count)
        records += new
    assert equal(whole[0], state)
    assert whole[1] == records
    assert len(records) == 7 // updates_per_epoch(config, task)


def test_the_seed_decides_the_run(task: TextTask) -> None:
    config = small()
    first, again, other = (
        go(config, task, init_state(config, task, seed), 2) for seed in (3, 3, 4)
    )
    assert equal(first, again)
    assert not np.array_equal(first.weights[0], other.weights[0])
    for seed in (-1, MAX_SEED + 1, 0.5, None):
        with pytest.raises(ValueError, match=r"seed must be a whole number from 0 to .*received"):
            init_state(config, task, seed)


def test_two_runs_in_turn_do_not_disturb_each_other(task: TextTask) -> None:
    config = small()
    a, b = (init_state(config, task, seed) for seed in (1, 2))
    alone = go(config, task, go(config, task, a, 2), 2)
    a, b = go(config, task, a, 2), go(config, task, b, 2)
    assert equal(go(config, task, a, 2), alone)


def test_a_record_tells_of_its_epoch(task: TextTask) -> None:
    config = small()
    records = list(train(config, task, seed=2, num_epochs=3))
    assert [record.epoch for record in records] == [1, 2, 3]
    for record in records:
        assert set(record.parts) == set(record.validation) == {"cross_entropy", "total"}
        assert record.parts["total"] == record.parts["cross_entropy"]
        assert record.coefficients == config.coefficients()
        assert 0 <= record.readings["accuracy"] <= 1
        assert len(record.readings["class_accuracies"]) == task.num_classes
    model = train_classifier(config, task, seed=2, num_epochs=3)
    assert model.history == records
    texts, labels = task.rows("validation")
    probabilities = model.predict(texts)
    assert records[-1].readings["accuracy"] == np.mean(probabilities.argmax(axis=1) == labels)
    entropy = -np.log(probabilities[np.arange(len(labels)), labels]).mean()
    assert records[-1].validation["cross_entropy"] == pytest.approx(entropy, rel=1e-4)


def test_a_diverging_run_keeps_its_state(task: TextTask) -> None:
    config = small()
    start = init_state(config, task, 0)
    with pytest.raises(TrainingDiverged, match="learning rate"):
        go(config, task, start, 40, learning_rate=1e30)
    assert np.isfinite(go(config, task, start, 1).sums).all()


def test_an_update_too_large_for_the_machine_is_refused(task: TextTask) -> None:
    with pytest.raises(ValueError, match="million numbers"):
        init_state(small(batch_size=2048, filters=512, kernel_sizes=tuple(range(2, 10))), task, 0)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_architecture_learns_endings_it_has_not_seen(architecture: str) -> None:
    config = small(architecture=architecture, units=8, filters=8, **ADAM)
    (*_, record) = train(config, made_up(900), num_epochs=4)
    assert record.readings["accuracy"] > 0.9
    assert record.parts["cross_entropy"] < 0.9


def test_a_word_model_learns_words_and_not_endings() -> None:
    task = made_up(300)
    config = small("words", word_embedding_dim=8, optimizer="adam", learning_rate=0.1)
    (*_, record) = train(config, task, num_epochs=10)
    assert record.readings["training_accuracy"] > 0.9
    assert record.readings["accuracy"] < 0.6


# No dead knob.


def with_others(config: CharacterConfig, *names: str) -> Iterator[CharacterConfig]:
    """The config with each other value that a widget offers for one of the knobs `names`."""
    for name in names:
        declared = params(config)[name]
        for value in declared.options or declared.stops:
            if value != getattr(config, name):
                yield dataclasses.replace(config, **{name: value})


def where(name: str, *, active: bool) -> CharacterConfig:
    """A config in which the knob acts (or rests), at most one other knob away from `small()`."""
    others = [other for other in params(CharacterConfig) if other != name]
    candidates = (small(), *with_others(small(), *others))
    return next(config for config in candidates if is_active(config, name) is active)


def outcome(config: CharacterConfig, task: TextTask) -> tuple[Any, ...]:
    state = go(config, task, init_state(config, task, 0), 2)
    return tuple(array.tobytes() for array in state.weights), state.sums


@pytest.mark.usefixtures("eagerly")
@pytest.mark.parametrize("name", params(CharacterConfig))
def test_two_values_lead_to_different_outcomes(name: str, task: TextTask) -> None:
    one = where(name, active=True)
    two = next(with_others(one, name))
    assert outcome(one, task) == outcome(one, task)
    assert outcome(one, task) != outcome(two, task)


@pytest.mark.usefixtures("eagerly")
@pytest.mark.parametrize(
    "name", [name for name, declared in params(CharacterConfig).items() if declared.active_when]
)
def test_a_knob_that_rests_changes_nothing(name: str, task: TextTask) -> None:
    one = where(name, active=False)
    assert outcome(one, task) == outcome(next(with_others(one, name)), task)


@pytest.mark.parametrize("name", ["learning_rate", "typo_rate"])
def test_a_live_knob_reaches_the_running_model(name: str, task: TextTask) -> None:
    config = small()
    assert set(config.coefficients()) == {"learning_rate", "typo_rate"}
    state = go(config, task, init_state(config, task, 0), 2)
    assert not equal(go(config, task, state, 2), go(config, task, state, 2, **{name: 0.25}))
    moved = dataclasses.replace(config, **{name: 0.25})
    assert (
        moved.compiled()
        == config.compiled()
        == dataclasses.replace(config, learning_rate=defaults(CharacterConfig)["learning_rate"])
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kernel_sizes": ()}, "needs at least one window width"),
        ({"kernel_sizes": (2, 2)}, "Each window width stands once"),
        ({"kernel_sizes": (10,)}, "kernel_sizes must be a whole number from 1 to 9"),
        ({"inputs": "bytes"}, "inputs must be one of 'character', 'word', 'hybrid'"),
        ({"typo_rate": 1.5}, "typo_rate must be a number from 0 to 1"),
    ],
)
def test_impossible_settings_are_refused_by_a_sentence(changes: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        CharacterConfig(**changes)


# What a classifier shows.


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_text_has_probabilities(texts: list[str]) -> None:
    for kind in ("lstm", "hybrid"):
        model = untrained(kind)
        probabilities = model.predict(texts)
        assert probabilities.shape == (len(texts), 3)
        assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
        assert model.embed(texts).shape[0] == len(texts)
        for text in texts[:1]:
            assert model.occlusion(text).shape == (len(fold(text)),)


TASK = made_up(60, num_words=2)
_untrained: dict[str, Classifier] = {}


def untrained(kind: str) -> Classifier:
    if kind not in _untrained:
        config = small(kind)
        _untrained[kind] = Classifier(config, TASK, init_state(config, TASK, 0), [])
    return _untrained[kind]


HOSTILE = ["", " ", "x" * 100_000, "👩‍👩‍👧‍👦", "שלום", "e" + "\u0301" * 1000, "\0\x1b", "<script>"]


@pytest.mark.parametrize("kind", NETWORKS)
def test_hostile_texts_are_answered(kind: str) -> None:
    probabilities = untrained(kind).predict(HOSTILE)
    assert np.isfinite(probabilities).all()
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_many_texts_are_answered_in_order(classifier: Classifier, task: TextTask) -> None:
    texts = list(task.texts) * 40
    found = classifier.predict(texts)
    assert found.dtype == np.float32
    assert np.allclose(found[:60], found[-60:], atol=1e-5)
    assert np.allclose(found[7], classifier.predict([texts[7]])[0], atol=1e-5)
    with pytest.raises(ValueError, match="one text"):
        classifier.predict("alone")


def test_occlusion_removes_one_character_at_a_time(classifier: Classifier) -> None:
    text = "abba loming"
    drops = classifier.occlusion(text)
    before = classifier.predict([text])[0]
    for at in (0, 4, 9):
        after = classifier.predict([text[:at] + text[at + 1 :]])[0]
        assert drops[at] == pytest.approx(before.max() - after[before.argmax()], abs=1e-5)
    assert abs(drops[-4:]).max() > 1e-4


def test_windows_are_where_the_maxima_were(classifier: Classifier) -> None:
    text = "abba loming"
    found, vector = classifier.windows(text), classifier.embed([text])[0]
    assert np.allclose(found.activations, vector, atol=1e-5)
    assert found.widths.tolist() == [1] * 3 + [4] * 3
    assert (found.starts >= -1).all()
    assert (found.starts + found.widths <= len(text) + 2).all()
    kernel = classifier.network.output.kernel.numpy()
    best = classifier.predict([text])[0].argmax()
    assert np.allclose(found.evidence, vector * (kernel[:, best] - kernel.mean(axis=1)), atol=1e-5)
    with pytest.raises(ValueError, match="Only a character CNN"):
        untrained("lstm").windows(text)


def test_characters_have_vectors_and_words_have_none(classifier: Classifier) -> None:
    characters, vectors = classifier.char_vectors()
    assert vectors.shape == (len(characters), 4)
    assert set(characters) == set("".join(classifier.reader.alphabet.characters))
    row = characters.index("g")
    weights = classifier.state.weights[0]
    assert np.array_equal(vectors[row], weights[classifier.reader.alphabet.ids["g"]])
    with pytest.raises(ValueError, match="no vectors of characters"):
        untrained("words").char_vectors()


def test_accuracy_falls_with_typos(classifier: Classifier, task: TextTask) -> None:
    rates = (0.0, 0.5, 1.0)
    found = robustness(classifier, task, rates=rates, kinds=("drop", "swap"), seed=1)
    texts, labels = task.rows("test")
    clean = np.mean(classifier.predict(texts).argmax(axis=1) == labels)
    assert found[0] == clean
    again = robustness(classifier, task, rates=rates, kinds=("drop", "swap"), seed=1)
    assert np.array_equal(found, again)
    unseen = robustness(classifier, task, rates=(0.0,), seed=1, only_unknown=True)
    assert unseen.shape == (1,)


def test_typos_come_to_words_of_four_letters_and_more() -> None:
    texts = ["on the table", "chairs stand here"]
    assert with_typos(texts, 0.0, 0) == texts
    for before, after in zip(texts, with_typos(texts, 1.0, 0), strict=True):
        for one, two in zip(before.split(), after.split(), strict=True):
            assert (one == two) == (len(one) < 4)
