"""The key of a history: another version of what decides it is another history."""

from dataclasses import replace
from importlib import metadata

import pytest

from core import experiments, links
from core.characters.experiment import TextExperiment
from core.configs import CharacterConfig, SpellerConfig, StackedConfig
from core.configs.labels import LabelConfig
from core.configs.maps import MapConfig
from core.datasets import DATASETS
from core.experiments import Experiment, Move
from core.maps.experiment import MapExperiment
from core.pretraining.experiment import LabelExperiment, SweepExperiment
from core.spelling import word_lists
from core.spelling.experiment import ALL_LANGUAGES, SpellingExperiment
from core.text import tasks
from core.text.word_tables import LANGUAGES

EXPERIMENTS = {
    "stacked": Experiment(config=StackedConfig(), moves=(Move(5, "learning_rate", 0.01),)),
    "characters": TextExperiment(config=CharacterConfig()),
    "toy": TextExperiment(config=CharacterConfig(), dataset="toy"),
    "speller": SpellingExperiment(config=SpellerConfig()),
    "speller of all": SpellingExperiment(config=SpellerConfig(), dataset=ALL_LANGUAGES),
    "map": MapExperiment(config=MapConfig(), points="points-0123456789"),
    "labels": LabelExperiment(config=LabelConfig(), encoder="encoder-0123", bought=(1, 2, 3)),
    "labels of words": LabelExperiment(config=LabelConfig(source="words"), encoder="encoder-0123"),
    "sweep": SweepExperiment(config=LabelConfig(source="stacked"), encoder="encoder-0123"),
}
OF_WORDS = ("characters", "speller", "speller of all", "labels of words")


@pytest.fixture(params=EXPERIMENTS)
def experiment(request):
    return EXPERIMENTS[request.param]


@pytest.fixture
def installed(monkeypatch):
    """Versions of packages by name, in place of those that are installed."""
    versions = {name: metadata.version(name) for name in ("keras", "wordfreq", "Faker")}
    monkeypatch.setattr(metadata, "version", versions.__getitem__)

    def forget():
        experiments._minor.cache_clear()
        tasks._packages.cache_clear()

    forget()
    yield lambda **changed: (versions.update(changed), forget())
    monkeypatch.undo()
    forget()


def test_another_arithmetic_is_another_history(experiment, monkeypatch):
    before = experiment.key_before(30)
    monkeypatch.setattr(type(experiment), "engine_version", experiment.engine_version + 1)
    assert experiment.key_before(30) != before


def test_another_minor_version_of_keras_is_another_history(experiment, installed):
    before = experiment.key_before(30)
    installed(keras="3.15.99")
    assert experiment.key_before(30) == before
    installed(keras="3.16.0")
    assert experiment.key_before(30) != before


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_another_version_of_the_word_lists_is_another_history_of_words(name, installed):
    experiment = EXPERIMENTS[name]
    before = experiment.key_before(30)
    installed(wordfreq="9.9")
    assert (experiment.key_before(30) != before) == (name in OF_WORDS)


@pytest.mark.parametrize("name", ["stacked", "labels"])
def test_other_images_of_the_same_name_are_another_history(name, monkeypatch):
    experiment = EXPERIMENTS[name]
    before, info = experiment.key_before(30), DATASETS[experiment.dataset]
    monkeypatch.setitem(DATASETS, experiment.dataset, replace(info, version=info.version + 1))
    assert experiment.key_before(30) != before


def test_other_words_of_a_language_are_another_history(monkeypatch):
    german = SpellingExperiment(config=SpellerConfig(), dataset="de")
    english = EXPERIMENTS["speller"]
    before = german.key_before(30), english.key_before(30)
    monkeypatch.setitem(word_lists.DATA_VERSIONS, "de", 99)
    assert german.key_before(30) != before[0]
    assert english.key_before(30) == before[1]


def test_tables_and_lists_say_that_german_has_its_sharp_s():
    versions = {language: word_lists.version_of(language)[0] for language in LANGUAGES}
    assert versions == dict.fromkeys(LANGUAGES, "0") | {"de": "1"}
    tables = {name: info.version for name, info in tasks.TASKS.items()}
    assert tables == {"language": 1, "entity": 1, "snippet": 1, "toy": 1}


def test_no_link_holds_a_version(experiment):
    assert not [name for name in links.to_params(experiment) if "version" in name]
