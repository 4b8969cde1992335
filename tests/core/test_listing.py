"""The toy is the lecture's listing: sentences, labels, network and training, as the page says."""

from dataclasses import replace

import numpy as np
import pytest

from core.characters import trainer
from core.characters.questions import Tensors
from core.presets import CHARACTERS
from core.text.tasks import load_task

TOY = CHARACTERS["toy"].experiment
LISTING = ["hello world", "machine learning", "deep learning"]


def test_texts_labels_and_vocabulary_are_those_of_the_listing():
    task = load_task("toy")
    texts, labels = task.rows("train")
    assert dict(zip(texts, labels.tolist(), strict=True)) == dict(
        zip(LISTING, [1, 0, 0], strict=True)
    )
    assert task.class_names[1] == "greeting"
    model = trainer.shared_model(TOY.config, task, trainer.begin(TOY.config, task, 0))
    answer = trainer.ANSWERS[Tensors](model, task, Tensors("hello world"))
    assert (answer.num_characters, answer.matrix) == (15, (16, 8))
    most = max(map(len, LISTING))
    assert dict(answer.tensors)["characters"].shape == (most,), "padded to the longest"
    assert np.all(dict(answer.tensors)["characters"][len("hello world") :] == 0), "at the end"


def test_network_and_training_are_those_of_the_listing():
    config = TOY.config
    assert (config.inputs, config.architecture, config.units) == ("character", "lstm", 64)
    assert (config.char_embedding_dim, config.batch_size, config.optimizer) == (8, 2, "adam")
    assert config.learning_rate == 1e-3, "the default of Keras' Adam"
    assert not config.mask_padding, "the listing masks nothing"
    assert (TOY.num_epochs, TOY.updates_per_epoch, TOY.early_stopping) == (10, 2, False)


@pytest.mark.trains
@pytest.mark.parametrize("seed", [0, 2, 4])
def test_ten_epochs_are_not_enough_and_thirty_are(seed):
    """As the page says of it."""
    experiment, task = replace(TOY, seed=seed), load_task("toy")
    state = trainer.begin(experiment.config, task, seed)
    _, records = trainer.advance(
        experiment.config, task, state, experiment.config.coefficients(),
        num_updates=30 * experiment.updates_per_epoch,
    )  # fmt: skip
    assert records[9].readings["accuracy"] == pytest.approx(2 / 3)
    assert all(record.readings["accuracy"] == 1 for record in records[25:])
