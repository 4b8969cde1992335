"""Any moment of a run of any family, from an empty store and from a full one."""

from dataclasses import replace

import numpy as np
import pytest

from core import families, moments
from core.configs import CharacterConfig, SpellerConfig, StackedConfig, VariationalConfig
from core.configs.labels import LabelConfig
from core.configs.maps import MapConfig
from core.datasets import Dataset, load_dataset
from core.engine.state import State
from core.spelling.word_lists import load_words
from core.store.checkpoints import Checkpoint, Checkpoints
from core.text.tasks import load_task
from core.training import fit, state_at
from tests.fixtures.histories import cloud, few_labels

pytestmark = pytest.mark.trains

SMALL = {"hidden_units": (20,), "latent_dim": 4, "batch_size": 128}
OWN = Dataset(*np.split(np.random.default_rng(0).random((60, 16), np.float32), [40]))
CASES = {
    "plain": (StackedConfig(**SMALL, learning_rate_decay="cosine"), lambda: OWN),
    "variational": (VariationalConfig(**SMALL), lambda: load_dataset("digits8")),
    "characters": (CharacterConfig(char_embedding_dim=8, filters=8), lambda: load_task("toy")),
    "a language": (SpellerConfig(num_words=1_000), lambda: "en"),
    "points": (MapConfig(num_points=300, perplexity=10.0), cloud),
    "labels": (LabelConfig(num_labels=30), few_labels),
}
NUM_EPOCHS, EPOCH, LATER = 4, 2, 3


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store in which every epoch is kept, however short it was."""
    monkeypatch.setattr(moments, "KEEP_SECONDS", 0.0)
    return Checkpoints(lambda: tmp_path)


@pytest.fixture
def counted(monkeypatch):
    """How many updates were made by which calls."""
    made = []
    trainer_of = families.trainer_of

    class Counting:
        def __init__(self, trainer):
            self.trainer = trainer

        def __getattr__(self, name):
            return getattr(self.trainer, name)

        def advance(self, *arguments, num_updates):
            made.append(num_updates)
            return self.trainer.advance(*arguments, num_updates=num_updates)

    monkeypatch.setattr(families, "trainer_of", lambda each: Counting(trainer_of(each)))
    return made


def is_same(one: State, two: State) -> bool:
    pairs = zip((*one.weights, *one.optimizer), (*two.weights, *two.optimizer), strict=True)
    return one.update == two.update and all(np.array_equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("name", CASES)
def test_a_moment_is_the_state_that_advance_leads_to(name, store, counted):
    config, load = CASES[name]
    data = load()
    experiment = families.experiment_class(type(config)).on(
        config, data, seed=1, num_epochs=NUM_EPOCHS
    )
    per_epoch = experiment.updates_per_epoch
    trainer = families.trainer_of(experiment).trainer
    loaded = experiment.load()
    state = trainer.begin(config, loaded, experiment.seed)
    coefficients = config.coefficients(NUM_EPOCHS * per_epoch)
    for _ in range(2):
        state, _ = trainer.advance(config, loaded, state, coefficients, num_updates=per_epoch)
    settings = {"num_epochs": NUM_EPOCHS, "seed": experiment.seed}
    assert is_same(state_at(config, data, epoch=EPOCH, **settings), state)
    counted.clear()
    assert is_same(state_at(config, data, epoch=EPOCH, **settings, store=store), state)
    assert sum(counted) == EPOCH * per_epoch, "nothing was kept"
    counted.clear()
    assert is_same(state_at(config, data, epoch=EPOCH, **settings, store=store), state)
    assert not counted, "it was kept"
    state, _ = trainer.advance(config, loaded, state, coefficients, num_updates=per_epoch)
    assert is_same(state_at(config, data, epoch=LATER, **settings, store=store), state)
    assert sum(counted) == per_epoch, "the gap alone"


def test_a_run_goes_back_and_moves_are_made_on_the_way(store):
    config = StackedConfig(**SMALL)
    data = load_dataset("digits8")
    run = fit(config, data, num_epochs=2, seed=3)
    assert is_same(run.at(2), run.state)
    assert is_same(run.at(1), fit(config, data, num_epochs=1, seed=3).state)
    assert run.at(0).update == 0
    settings = {"num_epochs": 2, "seed": 3}
    moved = state_at(config, data, epoch=2, moves=[(15, "learning_rate", 0.1)], **settings)
    assert not is_same(moved, run.state)
    kept = {"store": store, "moves": [(15, "learning_rate", 0.1)], **settings}
    assert is_same(state_at(config, data, epoch=2, **kept), moved)
    assert is_same(state_at(config, data, epoch=2, **settings, store=store), run.state)


@pytest.mark.parametrize("epoch", [-1, 5, 2.0, True, "2", None])
def test_an_epoch_beyond_the_run_is_a_sentence(epoch):
    with pytest.raises(ValueError, match=r"the epochs 0 to 4; received .*\. Choose one of them\."):
        state_at(StackedConfig(**SMALL), "digits8", epoch=epoch, num_epochs=4)


def test_data_that_have_left_the_cache_are_still_known(store):
    config = StackedConfig(hidden_units=(), latent_dim=2, batch_size=128)
    data = load_dataset("digits8")
    for name in ("regular_sequences", "random_sequences", "mixed_features"):
        load_dataset(name)
    settings = {"epoch": 1, "num_epochs": 2}
    state = state_at(config, data, **settings, store=store)
    assert is_same(state, state_at(config, "digits8", **settings))


def test_data_that_are_not_those_of_the_config_are_refused():
    with pytest.raises(ValueError, match="other data than these"):
        state_at(SpellerConfig(num_words=500), load_words("en", 1_000), epoch=0, num_epochs=4)
    with pytest.raises(ValueError, match="other data than these"):
        state_at(LabelConfig(num_labels=20), few_labels(), epoch=0, num_epochs=4)


def test_a_kept_state_of_another_layout_is_forgotten(store):
    config = StackedConfig(**SMALL)
    experiment = families.experiment_class(StackedConfig).on(
        config, "digits8", seed=0, num_epochs=4
    )
    state = state_at(config, "digits8", epoch=1, num_epochs=4)
    odd = replace(state, weights=state.weights[:1])
    store.save(experiment, Checkpoint(odd, []))
    assert is_same(state_at(config, "digits8", epoch=2, num_epochs=4, store=store),
                   state_at(config, "digits8", epoch=2, num_epochs=4))  # fmt: skip


def test_a_store_that_cannot_be_written_is_no_hindrance(tmp_path, monkeypatch):
    monkeypatch.setattr(moments, "KEEP_SECONDS", 0.0)
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    config = StackedConfig(**SMALL)
    state = state_at(config, "digits8", epoch=1, num_epochs=4, store=Checkpoints(lambda: blocked))
    assert is_same(state, state_at(config, "digits8", epoch=1, num_epochs=4))
