"""The keys of checkpoints: unchanged data keep the keys they have always had, changed data do not
share a checkpoint with what they were before.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from core import links
from core.characters import tasks
from core.characters.tables import LANGUAGES
from core.checkpoints import Checkpoint, Checkpoints
from core.configs import (
    CharacterConfig,
    DenoisingConfig,
    SparseConfig,
    SpellerConfig,
    StackedConfig,
    VariationalConfig,
)
from core.experiments import ALL_LANGUAGES, Experiment, Move, SpellingExperiment, TextExperiment
from core.maps.config import MapConfig, MapExperiment
from core.pretraining.config import LabelConfig, LabelExperiment, SweepExperiment
from core.progress import Record, State

KEYS = Path(__file__).parent / "data" / "keys_before.json"
"""`key_before(0)` and `key_before(30)` as computed before data had versions."""

EXPERIMENTS = {
    "stacked": Experiment(config=StackedConfig()),
    "stacked, tied, moved": Experiment(
        config=StackedConfig(tied_weights=True, learning_rate_decay="cosine"),
        dataset="digits8",
        num_epochs=7,
        seed=3,
        moves=(Move(5, "learning_rate", 0.01),),
    ),
    "sparse": Experiment(config=SparseConfig(), dataset="fashion_mnist"),
    "denoising": Experiment(config=DenoisingConfig(corruption="masking"), dataset="mnist"),
    "variational": Experiment(config=VariationalConfig(beta=4.0), dataset="digits8"),
    "toy": TextExperiment(config=CharacterConfig(), dataset="toy"),
    "toy, lstm": TextExperiment(config=CharacterConfig(architecture="lstm"), dataset="toy"),
    "speller en": SpellingExperiment(config=SpellerConfig()),
    "speller fr": SpellingExperiment(config=SpellerConfig(num_words=1_000), dataset="fr", seed=2),
    "speller it": SpellingExperiment(config=SpellerConfig(), dataset="it"),
    "map": MapExperiment(config=MapConfig(), points="points-0123456789"),
    "labels": LabelExperiment(config=LabelConfig(), encoder="encoder-0123", bought=(1, 2, 3)),
    "sweep": SweepExperiment(config=LabelConfig(source="stacked"), encoder="encoder-0123"),
}
CHANGED = {
    "language": TextExperiment(config=CharacterConfig()),
    "entity": TextExperiment(config=CharacterConfig(), dataset="entity"),
    "snippet": TextExperiment(config=CharacterConfig(inputs="word"), dataset="snippet"),
    "speller de": SpellingExperiment(config=SpellerConfig(), dataset="de"),
    "speller of all": SpellingExperiment(config=SpellerConfig(), dataset=ALL_LANGUAGES),
    "labels of words": LabelExperiment(config=LabelConfig(source="words"), encoder="encoder-0123"),
}


def keys() -> dict[str, list[str]]:
    return json.loads(KEYS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_unchanged_data_keep_their_keys(name: str) -> None:
    experiment = EXPERIMENTS[name]
    assert experiment.data_version == 0
    assert [experiment.key_before(0), experiment.key_before(30)] == keys()[name]


@pytest.mark.parametrize("name", CHANGED)
def test_changed_data_have_another_key(name: str) -> None:
    experiment = CHANGED[name]
    assert experiment.data_version == 1
    assert experiment.key_before(30) not in keys()[name]


def test_every_task_and_language_is_held_here() -> None:
    """A change of data raises its version and moves the experiment to `CHANGED`."""
    everything = [*EXPERIMENTS.values(), *CHANGED.values()]
    held = {each.dataset for each in everything if isinstance(each, TextExperiment)}
    assert held == set(tasks.TASKS)
    for language in LANGUAGES:
        version = SpellingExperiment(config=SpellerConfig(), dataset=language).data_version
        assert version == (1 if language == "de" else 0)


def test_a_link_from_before_opens_the_same_experiment() -> None:
    for name, experiment in CHANGED.items():
        texts = links.to_params(experiment)
        assert not [text for text in texts if "version" in text], name
        if not isinstance(experiment, LabelExperiment):
            found, notices = links.from_params(type(experiment.config), texts, {})
            assert (found, notices) == (experiment, [])


def test_a_checkpoint_of_older_data_is_not_replayed(tmp_path: Path) -> None:
    class Older(TextExperiment):
        """The same experiment as it was before its data changed."""

        @property
        def data_version(self) -> int:
            return 0

    checkpoints = Checkpoints(lambda: tmp_path)
    now = CHANGED["language"]
    before = Older(config=now.config)
    assert before.key_before(30) == keys()["language"][1]
    weights = (np.zeros(3, np.float32),)
    loss = {"total": 1.0}
    record = Record(1, loss, {}, loss, {})
    old = Checkpoint(State(weights, weights, 0, 30, ()), [record])
    checkpoints.save(before, old)
    assert checkpoints.next(before, 0, 30) is not None
    assert checkpoints.next(now, 0, 30) is None
    checkpoints.save(now, old)
    assert checkpoints.next(now, 0, 30) is not None
