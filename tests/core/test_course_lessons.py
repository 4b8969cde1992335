"""What the chapters of the course reveal is true of models trained here.

| chapter | where else it is tested |
|---|---|
| letters, spelling, bottleneck, moment, fork | here |
| sparse | here (only λ changes) and `test_sparse_lessons.py`: 10 λ kills nearly all units |
| denoising | `test_denoising_lessons.py`: about every second digit is another one |
| variational | `test_variational_lessons.py`: a larger beta collapses the posterior |
| map | `test_map_lessons.py`: seeds agree on the islands and not on where they lie |
| labels | `test_label_lessons.py` |
"""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from components.parts.characters.typed import EXAMPLES
from components.parts.course.stops import STOPS
from core.analysis import pca
from core.characters import trainer as reader
from core.configs import CharacterConfig, SpellerConfig
from core.datasets import load_dataset
from core.families import trainer_of
from core.moments import state_of
from core.presets import AUTOENCODER, CHARACTERS
from core.queries.autoencoder import VIEWS
from core.queries.questions import Reconstructions
from core.spelling import trainer as corrector
from core.spelling.experiment import SpellingExperiment
from core.spelling.questions import Correct
from core.text.alphabet import fold
from core.text.tasks import load_task
from core.training import fit

pytestmark = pytest.mark.trains

WORD = EXAMPLES["language"]
BROKEN = STOPS["letters"].turns["text_language"]


def read(config: CharacterConfig, num_updates: int = 300) -> np.ndarray:
    """Probability of each language for the word and for the broken word, [2, K]."""
    task, start = load_task("language"), reader.begin(config, load_task("language"), 0)
    state, _ = reader.advance(config, task, start, config.coefficients(), num_updates=num_updates)
    return reader.shared_model(config, task, state).predict([WORD, BROKEN])


def test_the_word_of_the_first_chapter_is_in_no_training_set() -> None:
    assert sorted(WORD) == sorted(BROKEN) != WORD, "two letters are swapped"
    known = {fold(text) for text in load_task("language").texts}
    assert not known & {WORD, BROKEN}, "of the letters' model; the other's are some of these"


def test_letters_say_finnish_of_a_broken_word_and_a_word_model_guesses() -> None:
    finnish = load_task("language").class_names.index("Finnish")
    letters = CHARACTERS["language"].experiment.config
    assert read(letters)[:, finnish].min() > 0.9
    words = read(CharacterConfig(inputs="word", batch_size=letters.batch_size))
    assert words.max() < 0.2
    assert np.allclose(words[0], words[1]), "one unknown word is as good as another"


def test_in_the_sparse_chapter_only_the_price_changes_and_it_is_ten_times_as_high() -> None:
    stop = STOPS["sparse"]
    before, after = (stop.place.presets[name].experiment for name in (stop.preset, stop.then))
    assert after.config.l1 == pytest.approx(10 * before.config.l1)
    assert replace(after, config=replace(after.config, l1=before.config.l1)) == before


def test_a_corrector_sees_no_mistake_in_a_word_that_there_is() -> None:
    experiment = SpellingExperiment(config=SpellerConfig())
    words = experiment.load()
    model = corrector.shared_model(
        experiment.config, words, corrector.begin(experiment.config, words, 0)
    )
    told = corrector.correct(model, words, Correct("a lettre form home", False))
    assert [typed for typed, misspelt, _ in told if misspelt] == ["lettre"]


@pytest.mark.slow
def test_five_numbers_give_clear_digits_of_which_some_are_others() -> None:
    data = load_dataset("mnist5k")
    config = replace(AUTOENCODER["undercomplete"].experiment.config, batch_size=128)
    run = fit(replace(config, learning_rate=3e-3), data, num_epochs=12)
    copies = run.reconstruct(data.x_test)
    assert copies.var(axis=0).mean() > 0.4 * data.x_test.var(axis=0).mean()
    assert np.square(copies - data.x_test).mean() < pca.fit(data).errors[5]
    distances = np.square(data.x_train).sum(axis=1) - 2 * copies @ data.x_train.T
    assert data.y_train is not None
    right = data.y_train[distances.argmin(axis=1)] == data.y_test
    assert 0.6 < right.mean() < 0.95


def test_four_and_nine_part_later_than_zero_and_four() -> None:
    stop = STOPS["moment"]
    experiment = stop.place.presets[stop.preset].experiment
    trainer, data = trainer_of(experiment), experiment.load()

    def apart(epoch: int, a: int, b: int) -> float:
        """How far two copies differ, as a share of how far the digits do."""
        state = state_of(experiment, epoch)
        view = VIEWS[Reconstructions](trainer.shared_model(experiment.config, data, state), data)
        return float(np.square(view.x_hat[a] - view.x_hat[b]).sum()) / float(
            np.square(view.x[a] - view.x[b]).sum()
        )

    assert stop.moment is not None
    assert apart(stop.moment, 4, 9) < 0.25
    assert apart(stop.moment, 0, 4) > 1 / 3
    assert apart(12, 4, 9) > 0.6


def test_a_larger_price_from_the_same_state_silences_units_at_once_and_kills_none_yet() -> None:
    stop = STOPS["fork"]
    assert stop.fork is not None
    epoch, knobs = stop.fork
    experiment = stop.place.presets[stop.preset].experiment
    per_epoch = experiment.updates_per_epoch
    assert knobs["l1"] == pytest.approx(10 * experiment.config.l1)
    trainer, data = trainer_of(experiment), experiment.load()
    advance = partial(trainer.advance, experiment.config, data)
    state = trainer.begin(experiment.config, data, experiment.seed)
    usual = experiment.coefficients_at(0)
    state, records = advance(state, usual, num_updates=epoch * per_epoch)
    _, (after,) = advance(state, usual | knobs, num_updates=per_epoch)
    before = records[-1]
    assert after.readings["l0"] < before.readings["l0"] / 2
    assert after.readings["dead_latents"] - before.readings["dead_latents"] <= 3
    error = after.validation["reconstruction"] / before.validation["reconstruction"]
    assert 1.5 < error < 2.5
