"""An experiment and its link: nothing in a link is trusted, and nothing in it is lost."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import families, knobs
from core.configs import CONFIGS, DenoisingConfig, SparseConfig, StackedConfig
from core.experiments import MAX_MOVES, MAX_UPDATES, Experiment, Move
from core.links import from_params, to_params

SHORT = {"dataset": "digits8", "num_epochs": 10}
START = Experiment(config=SparseConfig(), **SHORT)
HOSTILE = (
    "",
    " ",
    "nan",
    "inf",
    "-1",
    "1e999",
    "1" + "0" * 400,
    "9" * 100_000,
    "<script>alert(1)</script>",
    "'; drop table runs; --",
    "${jndi:ldap://x}",
    "../../etc/passwd",
    "\x00\ud800",
    "１２",
    "None",
    "[1, 2]",
    "1-2-3-4-5-6-7-8-9",
    "4096-4096-4096",
)
BAD_MOVES = (
    "garbage",
    "1:2:3:4",
    "::",
    "5:l1",
    "-5:l1:0.1",
    "0.5:l1:0.1",
    "²:l1:0.1",
    "9" * 5000 + ":l1:0.1",
    "5:l1:nan",
    "5:l1:1e999",
    "5:l1:-1",
    "5:l1:<b>",
    "5:hidden_units:64",
    "5:latent_dim:3",
    "5:seed:3",
    "5:no_such:3",
    "9:l1:0.1 5:l1:0.2",
    " ".join(f"{i}:l1:0.1" for i in range(1000)),
    "5:l1:0.1 " * 100_000,
)
each_family = pytest.mark.parametrize("config_class", CONFIGS.values(), ids=CONFIGS)


@each_family
@given(data=st.data())
@settings(max_examples=20)
def test_a_link_holds_every_number_as_it_is(config_class: type, data: st.DataObject) -> None:
    live = {
        name: data.draw(st.floats(*knobs.params(config_class)[name].limits), label=name)
        for name in config_class().coefficients()
    }
    moves = tuple(Move(at, name, live[name]) for at, name in enumerate(live))
    experiment = Experiment(config=config_class(**live), moves=moves, **SHORT)
    assert from_params(config_class, to_params(experiment), {}) == (experiment, [])


@each_family
def test_a_link_holds_what_is_no_number(config_class: type) -> None:
    config = config_class(hidden_units=(), decoder_hidden_units=(7, 5), optimizer="sgd")
    experiment = Experiment(config=config, seed=12, early_stopping=False, **SHORT)
    assert from_params(config_class, to_params(experiment), {}) == (experiment, [])


@each_family
def test_what_a_link_leaves_out_is_the_default(config_class: type) -> None:
    assert from_params(config_class, {}, {}) == (Experiment(config=config_class()), [])
    experiment, notices = from_params(config_class, {"seed": "5"}, {"latent_dim": 9, "seed": 4})
    assert (experiment.config.latent_dim, experiment.seed, notices) == (9, 5, [])


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
@pytest.mark.parametrize("name", [*knobs.params(SparseConfig), *knobs.params(Experiment)])
def test_a_hostile_value_is_understood_or_ignored_with_a_sentence(name: str, text: str) -> None:
    experiment, notices = from_params(SparseConfig, {name: text}, {})
    if notices:
        assert experiment == Experiment(config=SparseConfig())
        assert all(len(notice) < 1000 and notice.endswith(".") for notice in notices)
    else:
        owner = families.owner(SparseConfig, name)
        holder = experiment if owner is Experiment else experiment.config
        assert getattr(holder, name) == knobs.parse(owner, name, text)


def test_one_bad_value_does_not_cost_the_others() -> None:
    values = {"latent_dim": "9", "l1": "nan", "seed": "7", "optimizer": "evil"}
    experiment, notices = from_params(SparseConfig, values, {})
    assert experiment == Experiment(config=SparseConfig(latent_dim=9), seed=7)
    assert [notice.split()[0] for notice in notices] == ["l1", "optimizer"]


def test_a_combination_that_makes_no_sense_gives_the_defaults_and_says_why() -> None:
    values = {"reconstruction_loss": "bce", "output_activation": "linear"}
    experiment, (notice,) = from_params(StackedConfig, values, {"seed": 3})
    assert experiment == Experiment(config=StackedConfig(), seed=3)
    assert "cross-entropy" in notice


def test_a_network_that_would_fill_the_machine_is_refused() -> None:
    values = {"hidden_units": "4096-4096-4096", "latent_dim": "4096"}
    experiment, (notice,) = from_params(StackedConfig, values, {})
    assert experiment == Experiment(config=StackedConfig())
    assert "parameters" in notice


@pytest.mark.parametrize("name", ["no_such", "config", "family", "__class__", "x" * 10_000, ""])
def test_unknown_names_are_said(name: str) -> None:
    experiment, (notice,) = from_params(StackedConfig, {name: "1"}, {})
    assert experiment == Experiment(config=StackedConfig())
    assert repr(name[:40]) in notice
    assert len(notice) < 100


@pytest.mark.parametrize("moves", BAD_MOVES, ids=lambda text: text[:20])
def test_moves_that_make_no_sense_are_dropped_and_the_rest_kept(moves: str) -> None:
    values = {"dataset": "digits8", "num_epochs": "10", "latent_dim": "9", "moves": moves}
    experiment, (notice,) = from_params(SparseConfig, values, {})
    assert experiment == Experiment(config=SparseConfig(latent_dim=9), **SHORT)
    assert notice.startswith("moves: ")
    assert len(notice) < 1000


LIES = [*HOSTILE, *BAD_MOVES]


@given(
    st.dictionaries(
        st.sampled_from([*knobs.params(SparseConfig), *knobs.params(Experiment), "moves"])
        | st.text(max_size=20),
        st.sampled_from(range(len(LIES))).map(lambda place: LIES[place])
        | st.text()
        | st.text("0123456789:.- l1", max_size=30),
        max_size=8,
    )
)
def test_whatever_stands_in_a_link_gives_an_experiment(values: dict[str, str]) -> None:
    experiment, notices = from_params(SparseConfig, values, {})
    known = {*knobs.params(SparseConfig), *knobs.params(Experiment), "moves"}
    assert len(notices) >= len(set(values) - known)
    assert from_params(SparseConfig, to_params(experiment), {}) == (experiment, [])


IMPOSSIBLE_MOVES: dict[str, tuple[Any, ...]] = {
    "unsorted": (Move(9, "l1", 0.1), Move(5, "l1", 0.2)),
    "structural": (Move(5, "latent_dim", 3),),
    "unknown": (Move(5, "no_such", 3.0),),
    "before the start": (Move(-1, "l1", 0.1),),
    "after any end": (Move(MAX_UPDATES + 1, "l1", 0.1),),
    "not a number": (Move(5, "l1", float("nan")),),
    "out of range": (Move(5, "l1", 1e9),),
    "too many": (Move(5, "l1", 0.1),) * (MAX_MOVES + 1),
}


@pytest.mark.parametrize("moves", IMPOSSIBLE_MOVES.values(), ids=IMPOSSIBLE_MOVES)
def test_impossible_moves_are_refused(moves: tuple[Move, ...]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        dataclasses.replace(START, moves=moves)


def test_a_moved_knob_acts_from_its_update_on() -> None:
    moves = (Move(5, "l1", 0.1), Move(5, "learning_rate", 0.5), Move(9, "l1", 0.0))
    experiment = dataclasses.replace(START, moves=moves)
    start = experiment.coefficients_at(4)
    assert start == START.coefficients_at(4)
    assert start == START.config.coefficients()
    assert experiment.coefficients_at(5) == start | {"l1": 0.1, "learning_rate": 0.5}
    assert experiment.coefficients_at(8) == experiment.coefficients_at(5)
    assert experiment.coefficients_at(9) == start | {"l1": 0.0, "learning_rate": 0.5}


def test_a_run_that_is_shortened_keeps_its_later_moves() -> None:
    moves = (Move(START.num_updates, "l1", 0.1),)
    shortened = dataclasses.replace(START, moves=moves, num_epochs=1)
    assert from_params(SparseConfig, to_params(shortened), {}) == (shortened, [])
    assert shortened.coefficients_at(shortened.num_updates) == START.coefficients_at(0)


@pytest.mark.parametrize("decay", ["constant", "cosine"])
def test_the_planned_length_acts_on_a_cosine_alone(decay: str) -> None:
    """On a constant rate it must not stand among the coefficients: runs of different lengths share
    their first chunks, and a coefficient that changes would start the wait for progress again.
    """
    start = dataclasses.replace(START, config=SparseConfig(learning_rate_decay=decay))
    longer = dataclasses.replace(start, num_epochs=20)
    assert (longer.coefficients_at(0) == start.coefficients_at(0)) is (decay == "constant")
    assert (longer.key_before(30) == start.key_before(30)) is (decay == "constant")


def test_of_two_moves_at_one_update_the_later_counts() -> None:
    moves = (Move(5, "l1", 0.1), Move(5, "l1", 0.2))
    assert dataclasses.replace(START, moves=moves).coefficients_at(5)["l1"] == 0.2


def test_the_length_of_a_run_follows_from_data_and_batch() -> None:
    experiment = Experiment(config=StackedConfig(batch_size=1000), **SHORT)
    assert experiment.input_dim == 64
    assert experiment.updates_per_epoch == 2
    assert experiment.num_updates == 20
    larger = Experiment(config=StackedConfig(batch_size=8192), **SHORT)
    assert larger.updates_per_epoch == 1


SAME_WEIGHTS: dict[str, dict[str, Any]] = {
    "a longer run": {"num_epochs": 20},
    "another end": {"early_stopping": False},
    "a later move": {"moves": (Move(50, "l1", 0.1),)},
    "a move from here on": {"moves": (Move(30, "l1", 0.1),)},
}
OTHER_WEIGHTS: dict[str, dict[str, Any]] = {
    "seed": {"seed": 1},
    "data": {"dataset": "photo_patches"},
    "config": {"config": SparseConfig(latent_dim=9)},
    "live knob": {"config": SparseConfig(l1=0.1)},
    "earlier move": {"moves": (Move(29, "l1", 0.1),)},
}


@pytest.mark.parametrize("changes", SAME_WEIGHTS.values(), ids=SAME_WEIGHTS)
def test_what_comes_later_shares_the_key(changes: dict) -> None:
    assert dataclasses.replace(START, **changes).key_before(30) == START.key_before(30)


@pytest.mark.parametrize("changes", OTHER_WEIGHTS.values(), ids=OTHER_WEIGHTS)
def test_what_decides_the_weights_changes_the_key(changes: dict) -> None:
    assert dataclasses.replace(START, **changes).key_before(30) != START.key_before(30)


def test_the_value_and_the_place_of_a_move_change_the_key() -> None:
    moves = (
        Move(5, "l1", 0.1),
        Move(5, "l1", 0.2),
        Move(6, "l1", 0.1),
        Move(5, "learning_rate", 0.1),
    )
    keys = {dataclasses.replace(START, moves=(move,)).key_before(30) for move in moves}
    assert len(keys) == len(moves)


@each_family
def test_families_share_no_key(config_class: type) -> None:
    others = [cls() for cls in CONFIGS.values() if cls is not config_class]
    keys = {Experiment(config=config).key_before(0) for config in others}
    assert Experiment(config=config_class()).key_before(0) not in keys


def test_every_knob_has_one_owner() -> None:
    assert families.owner(StackedConfig, "latent_dim") is StackedConfig
    assert families.owner(StackedConfig, "seed") is Experiment
    with pytest.raises(KeyError):
        families.owner(StackedConfig, "l1")


def test_noise_that_is_cut_at_0_and_1_is_not_for_data_of_any_sign() -> None:
    with pytest.raises(ValueError, match="whitened_patches.*photo_patches"):
        Experiment(config=DenoisingConfig(), dataset="whitened_patches")
