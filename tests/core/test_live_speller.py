"""The speller in the job layer: records, live knobs, and its answers to a page."""

import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from core.configs import SpellerConfig
from core.engine.state import State, TrainingDiverged
from core.spelling import trainer
from core.spelling.experiment import SpellingExperiment
from core.spelling.questions import Correct, ErrorRates, FormMap, NearestWords
from core.spelling.word_lists import (
    WordList,
    load_words,
)

pytestmark = pytest.mark.trains

SMALL = SpellingExperiment(config=SpellerConfig(num_words=300), num_epochs=2)
RATES = {"learning_rate": 6e-3, "planned_updates": 50.0}
HOSTILE = "<b>x</b> \u202eabc e\u0301\u0301 \U0001f600 \x00 ' -- " + "x" * 300


@pytest.fixture(scope="module")
def words() -> WordList:
    return SMALL.load()


@pytest.fixture(scope="module")
def state(words: WordList) -> State:
    return go(words, trainer.begin(SMALL.config, words, 0), 50)[0]


def go(words: WordList, state: State, count: int, **moved: float) -> tuple[State, list]:
    coefficients = RATES | moved
    return trainer.advance(SMALL.config, words, state, coefficients, num_updates=count)


def test_records_are_the_same_in_one_call_or_in_many(words: WordList) -> None:
    start = trainer.begin(SMALL.config, words, 1)
    whole, records = go(words, start, 50)
    found, state = [], start
    for count in (7, 23, 20):
        state, more = go(words, state, count)
        found += more
    assert found == records
    assert [record.epoch for record in records] == [1, 2]
    assert all(np.array_equal(a, b) for a, b in zip(whole.weights, state.weights, strict=True))
    assert records[1].validation["total"] < records[0].validation["total"]
    assert records[0].parts["total"] > records[1].parts["total"] > 0
    assert 0.3 < records[1].readings["accuracy"] <= 1


def test_each_knob_moves_the_outcome(words: WordList) -> None:
    start = trainer.begin(SMALL.config, words, 0)
    usual, faster = go(words, start, 2)[0], go(words, start, 2, learning_rate=0.02)[0]
    shorter = go(words, start, 2, planned_updates=3.0)[0]
    for other in (faster, shorter):
        assert not np.array_equal(usual.weights[0], other.weights[0])
    more = replace(SMALL, config=SpellerConfig(num_words=400)).load()
    assert len(more.words) > len(words.words)
    assert SMALL.config.coefficients(50) == RATES
    longer = replace(SMALL, num_epochs=4)
    assert SMALL.key_before(1) != longer.key_before(1)


def test_a_speller_that_diverges_says_so(words: WordList) -> None:
    with pytest.raises(TrainingDiverged, match="learning rate of 1e\\+30"):
        go(words, trainer.begin(SMALL.config, words, 0), 25, learning_rate=1e30)


def test_it_marks_what_is_not_in_the_list_and_corrects_it(words: WordList, state: State) -> None:
    model = trainer.shared_model(SMALL.config, words, state)
    found = trainer.correct(model, words, Correct("because, peeople!", True))
    assert [(typed, misspelt) for typed, misspelt, _ in found] == [
        ("because,", False),
        ("peeople!", True),
    ]
    candidates = found[1][2]
    assert candidates[0].word == "people"
    shares = [candidate.share for candidate in candidates]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1 + 1e-6
    assert 0 < candidates[0].frequency < 0.1
    assert -1 <= candidates[0].cosine <= 1
    assert candidates[0].cost > 0


def test_an_answer_brings_no_tensorflow_to_the_page(words: WordList, state: State) -> None:
    """Streamlit clears Keras' session after every run of a page whose process has imported it."""
    model = trainer.shared_model(SMALL.config, words, state)
    answers = [
        trainer.correct(model, words, Correct("peeople", True)),
        trainer.nearest_words(model, words, NearestWords("peeople", True)),
        trainer.form_map(model, words, FormMap(("people", "the"))),
        trainer.error_rates(model, words, ErrorRates()),
    ]
    code = "import pickle, sys; pickle.load(sys.stdin.buffer); print('tensorflow' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(answers), capture_output=True, check=True
    )
    assert done.stdout.strip() == b"False"


def test_while_it_trains_it_looks_among_the_common_words() -> None:
    words = load_words("en", 4_000)
    big = trainer.begin(SMALL.config, words, 0)
    model = trainer.shared_model(SMALL.config, words, big)
    assert len(model(False).words.words) == trainer.COMMON_WORDS < len(words.words)
    assert model(True).words is words
    again = trainer.shared_model(SMALL.config, words, replace(big, optimizer=()))
    assert again(True) is model(True)
    other = trainer.shared_model(SMALL.config, words, trainer.begin(SMALL.config, words, 1))
    assert other(True) is not model(True)


def test_the_map_of_forms(words: WordList, state: State) -> None:
    model = trainer.shared_model(SMALL.config, words, state)
    found = trainer.form_map(model, words, FormMap(("people", "peoples", "the")))
    assert found.positions.shape == (3, 2)
    assert np.allclose(np.diag(found.cosines), 1, atol=1e-5)
    assert found.cosines[0, 1] > found.cosines[0, 2]
    nearest = trainer.nearest_words(model, words, NearestWords("peopel", True))
    assert nearest[0][0] == "people"


def test_a_longer_list_raises_fewer_false_alarms_and_misses_more() -> None:
    short, long = (
        trainer.error_rates(lambda _: None, load_words("en", count), ErrorRates())
        for count in (1_000, 10_000)
    )
    assert long.false_alarms < short.false_alarms < 0.3
    assert long.missed > 0
    assert 0 <= short.missed < 0.3


def test_hostile_texts_are_answered(words: WordList, state: State) -> None:
    model = trainer.shared_model(SMALL.config, words, state)
    for text in (HOSTILE, "", " ", "\ud800"):
        assert len(trainer.correct(model, words, Correct(text, True))) <= 8
        trainer.nearest_words(model, words, NearestWords(text, True))
    assert np.isfinite(
        trainer.form_map(model, words, FormMap(tuple(HOSTILE.split()))).positions
    ).all()
