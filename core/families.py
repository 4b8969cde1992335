"""The table of all families: config, experiment, trainer. Imports no TensorFlow."""

from dataclasses import fields
from importlib import import_module
from typing import Any, NamedTuple

from core import knobs
from core.characters.experiment import TextExperiment
from core.configs import CONFIGS, CharacterConfig, SpellerConfig
from core.configs.labels import LabelConfig
from core.configs.maps import MapConfig
from core.experiments import Experiment
from core.maps.experiment import MapExperiment
from core.pretraining.experiment import LabelExperiment, SweepExperiment
from core.spelling.experiment import SpellingExperiment


class Family(NamedTuple):
    """A kind of model that can be trained.

    Attributes:
        config: The class of its configs.
        experiment: The class of its experiments.
        trainer: The dotted name of the module that trains it; importing it imports TensorFlow.
    """

    config: type
    experiment: type[Experiment]
    trainer: str


FAMILIES: dict[str, Family] = {
    **{name: Family(config, Experiment, "core.models.trainer") for name, config in CONFIGS.items()},
    "character": Family(CharacterConfig, TextExperiment, "core.characters.trainer"),
    "speller": Family(SpellerConfig, SpellingExperiment, "core.spelling.trainer"),
    "map": Family(MapConfig, MapExperiment, "core.maps.trainer"),
    "labels": Family(LabelConfig, LabelExperiment, "core.pretraining.trainer"),
    "sweep": Family(LabelConfig, SweepExperiment, "core.pretraining.sweep"),
}


def trainer_of(experiment: Experiment) -> Any:
    """The trainer of an experiment, a module with `begin`, `advance`, `shared_model` and `ANSWERS`.
    Imports TensorFlow.
    """
    return import_module(FAMILIES[experiment.family].trainer)


def experiment_class(config_class: type) -> type[Experiment]:
    """The class of the experiments with such a config."""
    family: str = config_class.family  # type: ignore[attr-defined]
    return FAMILIES[family].experiment


def values_of(experiment: Experiment) -> dict[str, Any]:
    """The values of all knobs of an experiment and its config, by name; inverse of `make`, but for
    moves.
    """
    owners = (experiment.config, experiment)
    return {name: getattr(each, name) for each in owners for name in knobs.params(each)}


def make(config_class: type, values: dict[str, Any]) -> Experiment:
    """An experiment from the values of its own knobs and those of its config, by name.

    Raises:
        ValueError: A sentence about the first impossible value.
    """
    own = {field.name for field in fields(Experiment)}
    config = config_class(**{name: value for name, value in values.items() if name not in own})
    own_values = {name: value for name, value in values.items() if name in own}
    return experiment_class(config_class)(config=config, **own_values)


def owner(config_class: type, name: str) -> type:
    """The class that declares the knob `name`: config or experiment. Raises KeyError."""
    for candidate in (config_class, experiment_class(config_class)):
        if name in knobs.params(candidate):
            return candidate
    raise KeyError(name)
