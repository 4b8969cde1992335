"""No dead knob: two values of every field of every config lead to different outcomes, and a knob
that says it rests changes nothing."""

import dataclasses
import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from core.configs import CONFIGS, AutoencoderConfig
from core.datasets import Dataset
from core.knobs import is_active, params
from core.models import FAMILIES
from core.training import advance, init_state

pytestmark = pytest.mark.trains

D, NUM_UPDATES, PLANNED = 16, 2, 4
KNOBS = [
    (config_class, name)
    for config_class in CONFIGS.values()
    for name, declared in params(config_class).items()
    if declared.options is None or len(declared.options) > 1
]
RESTING = [(cls, name) for cls, name in KNOBS if params(cls)[name].active_when is not None]
CHOICES = [
    (cls, name) for cls, name in KNOBS if name.endswith("activation") or name == "corruption"
]


def ids(value: Any) -> str:
    return value if isinstance(value, str) else value.family


def small(config_class: type[AutoencoderConfig]) -> AutoencoderConfig:
    """A network whose compilation is short and whose steps are long; nothing hidden, no bend."""
    return config_class(
        hidden_units=(),
        latent_dim=3,
        reconstruction_loss="mse",
        optimizer="sgd",
        learning_rate=0.1,
    )


def with_others(config: AutoencoderConfig, *names: str) -> Iterator[AutoencoderConfig]:
    """The config with each other value that a widget offers for one of the knobs `names`.

    The last option comes first: RMSprop compiles in half the time of Adam.
    """
    for name in names:
        declared = params(config)[name]
        for value in (declared.options or ())[::-1] or declared.stops:
            if value != getattr(config, name):
                try:
                    yield dataclasses.replace(config, **{name: value})
                except ValueError:
                    continue


def where(config_class: type[AutoencoderConfig], name: str, *, active: bool) -> AutoencoderConfig:
    """A config in which the knob acts (or rests), at most one other knob away from `small`."""
    config = small(config_class)
    others = [other for other in params(config_class) if other != name]
    candidates = (config, *with_others(config, *others))
    return next(config for config in candidates if is_active(config, name) is active)


@functools.cache
def untrained(config: AutoencoderConfig, data: Dataset) -> tuple[Any, ...]:
    """The shapes of the weights and the loss before any training; needs no compilation."""
    model = FAMILIES[config.family].build(config, D, seed=0)
    values = {name: np.float32(value) for name, value in config.coefficients().items()}
    parts = FAMILIES[config.family].losses(model, data.x_test, values, np.array([0, 0], np.int32))
    shapes = tuple(tuple(variable.shape) for variable in model.variables)
    return shapes, {name: float(value) for name, value in parts.items()}


@functools.cache
def trained(config: AutoencoderConfig, data: Dataset) -> tuple[Any, ...]:
    """The weights and the loss after two updates."""
    values = config.coefficients(PLANNED)
    state, _ = advance(config, data, init_state(config, D, 0), values, num_updates=NUM_UPDATES)
    return tuple(array.tobytes() for array in state.weights), state.sums


@pytest.mark.parametrize(("config_class", "name"), KNOBS, ids=ids)
def test_two_values_lead_to_different_outcomes(
    config_class: type[AutoencoderConfig], name: str, easy: Dataset
) -> None:
    """A live knob must reach the engine; any other one may show before training or only in it."""
    one = where(config_class, name, active=True)
    others, is_live = list(with_others(one, name)), params(config_class)[name].live
    shows_at_once = any(untrained(one, easy) != untrained(two, easy) for two in others)
    if is_live or not shows_at_once:
        assert any(trained(one, easy) != trained(two, easy) for two in others)


@pytest.mark.parametrize(("config_class", "name"), RESTING, ids=ids)
def test_a_knob_that_rests_changes_nothing(
    config_class: type[AutoencoderConfig], name: str, easy: Dataset
) -> None:
    one = where(config_class, name, active=False)
    two = next(with_others(one, name))
    assert not is_active(two, name)
    assert untrained(one, easy) == untrained(two, easy)
    if params(one)[name].live:
        assert trained(one, easy) == trained(two, easy)


@pytest.mark.parametrize("config_class", CONFIGS.values(), ids=CONFIGS)
def test_the_same_config_leads_to_the_same_outcome(
    config_class: type[AutoencoderConfig], easy: Dataset
) -> None:
    """What gives the tests above their meaning."""
    config = small(config_class)
    for outcome in (untrained, trained):
        assert outcome.__wrapped__(config, easy) == outcome(config, easy)


@pytest.mark.parametrize(("config_class", "name"), CHOICES, ids=ids)
def test_no_two_choices_are_the_same(
    config_class: type[AutoencoderConfig], name: str, easy: Dataset
) -> None:
    config = where(config_class, name, active=True)
    outcomes = [untrained(c, easy) for c in (config, *with_others(config, name))]
    assert len(outcomes) == len(params(config_class)[name].options or ())
    assert all(a != b for i, a in enumerate(outcomes) for b in outcomes[:i])
