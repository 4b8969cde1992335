"""The names by which the project is used from outside, with the parameters they take."""

import importlib
import inspect

import pytest

from core.configs import CONFIGS

SURFACE = {
    "core.datasets.DATASETS": None,
    "core.datasets.Dataset": None,
    "core.datasets.load_dataset": "name whiten",
    "core.datasets.load_images": "path",
    "core.configs.StackedConfig": None,
    "core.configs.SparseConfig": None,
    "core.configs.DenoisingConfig": None,
    "core.configs.VariationalConfig": None,
    "core.configs.CharacterConfig": None,
    "core.models.FAMILIES": None,
    "core.training.init_state": "config input_dim seed",
    "core.training.advance": "config data state coefficients num_updates",
    "core.training.train": "config dataset num_epochs seed",
    "core.training.fit": "config dataset num_epochs seed",
    "core.training.state_at": "config dataset epoch num_epochs seed moves store",
    "core.training.Run.at": "self epoch",
    "core.training.Run.encode": "self x",
    "core.training.Run.decode": "self z",
    "core.training.Run.reconstruct": "self x",
    "core.training.Run.save": "self path",
    "core.projection.tsne": "x perplexity seed num_jobs early_exaggeration start",
    "core.pretraining.ARMS": None,
    "core.pretraining.label_efficiency": "dataset config arms num_labels seeds balanced",
    "core.characters.TASKS": None,
    "core.characters.TextTask.from_csv": "source",
    "core.characters.load_task": "name",
    "core.characters.train": "config task seed num_epochs",
    "core.characters.train_classifier": "config task seed num_epochs",
    "core.characters.Classifier.predict": "self texts",
    "core.characters.Classifier.embed": "self texts",
    "core.characters.Speller.train": "language num_words num_updates seed",
    "core.characters.Speller.suggest": "self word k",
    "core.characters.Speller.embed": "self words",
    "core.characters.Speller.is_misspelt": "self word",
    "core.characters.add_typos": "words rate kinds seed",
}


@pytest.mark.parametrize("name", SURFACE)
def test_a_public_name_is_where_it_was(name: str) -> None:
    module, *path = name.split(".")[:2], *name.split(".")[2:]
    found = importlib.import_module(".".join(module))
    for part in path:
        found = getattr(found, part)
    expected = SURFACE[name]
    if expected is not None:
        assert " ".join(inspect.signature(found).parameters) == expected


@pytest.mark.parametrize("family", CONFIGS)
def test_a_family_is_a_module_by_its_name(family: str) -> None:
    module = importlib.import_module("core.models").FAMILIES[family]
    assert list(inspect.signature(module.build).parameters)[:3] == ["config", "input_dim", "seed"]
    parameters = ["model", "x", "coefficients", "seed"]
    assert list(inspect.signature(module.losses).parameters) == parameters
