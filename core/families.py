"""One table of all families: config, experiment, trainer. Imports no TensorFlow."""

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
    """Attributes:
    config: Its knobs.
    experiment: What a run of it is.
    trainer: The module that trains it, for a worker to import.
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
    """The module that trains an experiment's model: `begin`, `advance`, `shared_model`, and
    `ANSWERS` to questions. Needs TensorFlow.
    """
    return import_module(FAMILIES[experiment.family].trainer)


def experiment_class(config_class: type) -> type[Experiment]:
    """What an experiment with such a config is."""
    family: str = config_class.family  # type: ignore[attr-defined]
    return FAMILIES[family].experiment


def values_of(experiment: Experiment) -> dict[str, Any]:
    """Every knob by name, its own and its config's together; inverse of `make`, moves apart."""
    owners = (experiment.config, experiment)
    return {name: getattr(each, name) for each in owners for name in knobs.params(each)}


def make(config_class: type, values: dict[str, Any]) -> Experiment:
    """An experiment from values by name, its own and its config's together."""
    own = {field.name for field in fields(Experiment)}
    config = config_class(**{name: value for name, value in values.items() if name not in own})
    rest = {name: value for name, value in values.items() if name in own}
    return experiment_class(config_class)(config=config, **rest)


def owner(config_class: type, name: str) -> type:
    """The class that declares the knob `name`. Raises KeyError where there is none."""
    for candidate in (config_class, experiment_class(config_class)):
        if name in knobs.params(candidate):
            return candidate
    raise KeyError(name)
