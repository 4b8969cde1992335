"""The catalogue of knobs: what it refuses, what it promises, how large its networks are."""

import dataclasses
import json
import math
from typing import Any

import numpy as np
import pytest

from core import knobs
from core.configs import (
    CONFIGS,
    MAX_PARAMETERS,
    AutoencoderConfig,
    DenoisingConfig,
    SparseConfig,
    StackedConfig,
    VariationalConfig,
    autoencoders,
    check_size,
    check_update,
    from_dict,
    num_parameters,
    to_dict,
)
from core.experiments import Experiment

OWNERS = (*CONFIGS.values(), Experiment)
KNOBS = [(owner, name) for owner in OWNERS for name in knobs.params(owner)]
NOT_NUMBERS = (math.nan, math.inf, -math.inf, True, "7", None, [7], -1, 10**9)
TOO_MANY = (8,) * (knobs.MAX_LAYERS + 1)
SAMPLES: list[dict[str, Any]] = [
    {},
    {"hidden_units": (), "latent_dim": 1},
    {"hidden_units": (9, 7, 5)},
    {"hidden_units": (9, 7), "decoder_hidden_units": ()},
    {"hidden_units": (), "decoder_hidden_units": (6, 8)},
    {"hidden_units": (9, 7), "tied_weights": True},
    {"hidden_units": (), "tied_weights": True},
    {"output_activation": "linear", "reconstruction_loss": "mse"},
]

each_family = pytest.mark.parametrize("config_class", CONFIGS.values(), ids=CONFIGS)
each_knob = pytest.mark.parametrize(
    ("owner", "name"), KNOBS, ids=[f"{owner.__name__}-{name}" for owner, name in KNOBS]
)


def make(owner: type, **values: Any) -> Any:
    return owner(**values) if owner is not Experiment else owner(config=StackedConfig(), **values)


def possible(owner: type, name: str) -> tuple[Any, ...]:
    declared = knobs.params(owner)[name]
    return (*(declared.options or declared.stops), knobs.defaults(owner)[name])


def impossible(owner: type, name: str) -> tuple[Any, ...]:
    declared, default = knobs.params(owner)[name], knobs.defaults(owner)[name]
    if declared.options is not None:
        return ("", "no such", None, 0, 1.0, list(declared.options))
    if name.endswith("hidden_units"):
        return (5, "100", {5}, TOO_MANY, list(TOO_MANY))
    return (*NOT_NUMBERS, 0.5) if isinstance(default, int) else NOT_NUMBERS


@each_knob
def test_every_knob_explains_itself(owner: type, name: str) -> None:
    declared = knobs.params(owner)[name]
    assert declared.label.strip()
    assert declared.help.endswith(".")
    assert declared.help.count("  ") == 0
    assert set(declared.value_names) <= {*(declared.options or ()), *declared.stops}
    assert declared.options or declared.limits, "nothing would be refused"


@each_knob
def test_defaults_and_stops_are_possible_and_survive_a_text(owner: type, name: str) -> None:
    for value in possible(owner, name):
        back = knobs.parse(owner, name, knobs.to_text(value))
        assert back == value
        assert type(back) is type(value)


@each_knob
def test_two_stops_never_read_alike(owner: type, name: str) -> None:
    values = set(possible(owner, name))
    assert len({knobs.to_text(value) for value in values}) == len(values)


@each_knob
def test_impossible_values_are_refused_by_a_sentence(owner: type, name: str) -> None:
    for value in impossible(owner, name):
        with pytest.raises(ValueError, match=rf"{name} must be .*\.$") as refusal:
            make(owner, **{name: value})
        received = tuple(value) if value == list(TOO_MANY) else value
        assert f"received {received!r}" in str(refusal.value)


@each_family
@pytest.mark.parametrize("name", ["hidden_units", "decoder_hidden_units"])
@pytest.mark.parametrize("width", [0, -3, 10**9, 8.0, math.nan, True, "8"])
def test_impossible_widths_are_refused(
    config_class: type[AutoencoderConfig], name: str, width: object
) -> None:
    with pytest.raises(ValueError, match=rf"{name} must be") as refusal:
        config_class(**{name: (16, width)})
    assert f"received {width!r}" in str(refusal.value)


@each_family
def test_lists_and_whole_numbers_are_welcome(config_class: type[AutoencoderConfig]) -> None:
    lists = config_class(hidden_units=[9, 7], decoder_hidden_units=[5], learning_rate=1)
    tuples = config_class(hidden_units=(9, 7), decoder_hidden_units=(5,), learning_rate=1.0)
    assert lists == tuples
    assert hash(lists) == hash(tuples)
    assert type(lists.learning_rate) is float


@each_family
def test_cross_entropy_needs_outputs_between_0_and_1(config_class: type) -> None:
    with pytest.raises(ValueError, match=r"cross-entropy.*output_activation='linear'.*\.$"):
        config_class(reconstruction_loss="bce", output_activation="linear")


@each_family
@pytest.mark.parametrize("widths", [(), (100,)])
def test_tied_weights_take_no_decoder_of_their_own(config_class: type, widths: tuple) -> None:
    with pytest.raises(ValueError, match=r"Tied weights.*decoder_hidden_units=.*\.$"):
        config_class(tied_weights=True, decoder_hidden_units=widths)


@pytest.mark.parametrize("activation", ["relu", "selu", "tanh", "linear"])
def test_the_kl_penalty_needs_codes_between_0_and_1(activation: str) -> None:
    with pytest.raises(ValueError, match=rf"KL.*latent_activation='{activation}'.*\.$"):
        SparseConfig(latent_activation=activation, sparsity_weight=0.01)
    assert SparseConfig(latent_activation=activation, sparsity_weight=0.0)


def test_variational_codes_have_no_bend() -> None:
    with pytest.raises(ValueError, match="latent_activation must be one of 'linear'; received"):
        VariationalConfig(latent_activation="relu")


@each_family
@pytest.mark.parametrize("changes", SAMPLES, ids=str)
def test_configs_survive_a_dictionary_and_json(config_class: type, changes: dict) -> None:
    config = config_class(**changes)
    assert from_dict(to_dict(config)) == config
    back = from_dict(json.loads(json.dumps(to_dict(config))))
    assert back == config
    assert type(back) is config_class
    assert hash(back) == hash(config)


@pytest.mark.parametrize("family", [None, "", "Stacked", 3])
def test_an_unknown_family_is_refused(family: object) -> None:
    with pytest.raises(ValueError, match="family must be one of .*stacked.* received"):
        from_dict(to_dict(StackedConfig()) | {"family": family})


@each_family
@pytest.mark.parametrize("changes", SAMPLES, ids=str)
def test_parameters_are_counted_as_keras_counts_them(config_class: type, changes: dict) -> None:
    from core.models import FAMILIES

    config = config_class(**{"latent_dim": 4} | changes)
    model = FAMILIES[config.family].build(config, 10, 0)
    model(np.zeros((1, 10)))
    assert num_parameters(config, 10) == model.count_params()


def test_too_large_a_network_is_refused_before_it_is_built() -> None:
    config = StackedConfig(hidden_units=(4096, 4096), latent_dim=4096)
    assert num_parameters(config, 784) > MAX_PARAMETERS
    with pytest.raises(ValueError, match="784-4096-4096-4096-4096-4096-784") as refusal:
        check_size(config, 784)
    assert f"{num_parameters(config, 784):,}" in str(refusal.value)
    assert f"{MAX_PARAMETERS:,}" in str(refusal.value)
    with pytest.raises(ValueError, match="parameters"):
        Experiment(config=config)


def test_the_limit_of_size_itself_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    config = StackedConfig()
    monkeypatch.setattr(autoencoders, "MAX_PARAMETERS", num_parameters(config, 784))
    check_size(config, 784)
    monkeypatch.setattr(autoencoders, "MAX_PARAMETERS", num_parameters(config, 784) - 1)
    with pytest.raises(ValueError, match="Choose narrower layers"):
        check_size(config, 784)


def test_an_update_that_would_hold_up_everybody_is_refused() -> None:
    wide = {"hidden_units": (4096,), "latent_dim": 1600}
    check_update(StackedConfig(**wide, batch_size=256), 784, 60_000)
    with pytest.raises(ValueError, match="by 8,192 images takes too long: at most 5.. images"):
        check_update(StackedConfig(**wide, batch_size=8192), 784, 60_000)
    check_update(StackedConfig(**wide, batch_size=8192), 784, 400)
    check_update(StackedConfig(batch_size=8192), 784, 60_000)
    assert Experiment(config=StackedConfig(**wide, batch_size=8192)), "one that was kept opens"


@each_family
def test_live_knobs_share_an_architecture_and_others_do_not(config_class: type) -> None:
    config = config_class(reconstruction_loss="mse")
    for name, declared in knobs.params(config_class).items():
        others = set(possible(config_class, name)) - {getattr(config, name)}
        assert (name in config.coefficients()) is declared.live
        for value in others:
            other = dataclasses.replace(config, **{name: value})
            assert (other.compiled() == config.compiled()) is declared.live


def test_the_corruption_decides_which_level_acts() -> None:
    active = {
        kind: {
            name
            for name in ("corruption_stddev", "corrupted_fraction")
            if knobs.is_active(DenoisingConfig(corruption=kind), name)
        }
        for kind in knobs.params(DenoisingConfig)["corruption"].options
    }
    assert active.pop("gaussian") == {"corruption_stddev"}
    assert all(names == {"corrupted_fraction"} for names in active.values())


@each_family
def test_the_bend_of_hidden_layers_rests_where_there_are_none(config_class: type) -> None:
    """Without hidden layers nothing reads `activation`, so its widget must be grey."""
    assert knobs.is_active(config_class(hidden_units=(9,)), "activation")
    assert knobs.is_active(config_class(hidden_units=(), decoder_hidden_units=(9,)), "activation")
    assert not knobs.is_active(config_class(hidden_units=()), "activation")
