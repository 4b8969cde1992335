"""The speller: what it learns in a hundred updates, and what it says to anything typed."""

import csv
import pickle
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from core.characters import add_typos
from core.configs import SpellerConfig
from core.engine.state import State
from core.presets import SPELLING
from core.spelling import network
from core.spelling.speller import Speller, _encoder
from core.spelling.training import BATCH_SIZE, BETAS, WARM_UP, advance, init_state
from core.spelling.word_lists import (
    WordList,
    load_words,
)
from core.text.typos import KINDS

pytestmark = pytest.mark.trains

DATA = Path(__file__).parent / "data"
NUM_WORDS, NUM_UPDATES = 2_000, 100
HOSTILE = (
    "", " ", "\x00\x01\x1b[31m", "\U0001f600", "\U0001f469\u200d\U0001f467", "\u05e9\u05dc\u05d5",
    "x" * 100_000, " " * 100_000 + "x", "e\u0301" * 50_000, "<script>alert(1)</script>", "12345",
    "---", "'", "''''s", "'s", "\ud800", "\ufb01", "\u0130STANBUL", "a b c",
)  # fmt: skip


@pytest.fixture(scope="module")
def words() -> WordList:
    return load_words("en", NUM_WORDS)


def knobs(planned_updates: int) -> dict[str, float]:
    return SpellerConfig().coefficients(planned_updates)


@pytest.fixture(scope="module")
def state(words: WordList) -> State:
    start = init_state(words)
    return advance(words, start, knobs(NUM_UPDATES), num_updates=NUM_UPDATES)[0]


@pytest.fixture(scope="module")
def speller(words: WordList, state: State) -> Speller:
    return Speller(words, state)


def is_same(one: State, two: State) -> bool:
    pairs = zip((*one.weights, *one.optimizer), (*two.weights, *two.optimizer), strict=True)
    return one.update == two.update and all(np.array_equal(a, b) for a, b in pairs)


# Training.


def test_updates_in_one_call_or_in_many_are_the_same_bit_for_bit(words: WordList) -> None:
    start = init_state(words, seed=3)
    whole, records = advance(words, start, knobs(80), num_updates=57)
    parts, found = start, []
    for count in (1, 52, 4):
        parts, more = advance(words, parts, knobs(80), num_updates=count)
        found += more
    assert is_same(whole, parts)
    assert records == found
    assert [record.epoch for record in records] == [1, 2]
    assert records[1].parts["total"] < records[0].parts["total"] / 2
    assert start.update == 0
    arrays = (*whole.weights, *whole.optimizer)
    assert all(type(array) is np.ndarray and array.dtype == np.float32 for array in arrays)
    assert is_same(pickle.loads(pickle.dumps(whole)), whole)


def test_the_seed_decides() -> None:
    one, again, other = (
        Speller.train(num_words=NUM_WORDS, num_updates=5, seed=seed) for seed in (0, 0, 1)
    )
    assert is_same(one.state, again.state)
    assert not np.allclose(one.state.weights[0], other.state.weights[0])
    texts = ["recieve", "hello", "zzz"]
    assert np.array_equal(one.embed(texts), again.embed(texts))
    assert [one.suggest(text) for text in texts] == [again.suggest(text) for text in texts]


def test_the_encoder_is_its_formula_in_numpy(words: WordList, state: State) -> None:
    """Every filter looks at its own window around a letter; nothing is seen beyond the word."""
    codes = words.encode(["a", "it", "reading", "x" * 30, "straße"])
    letters, *windows, places, last = (array.astype(np.float64) for array in state.weights)
    for code, vector in zip(codes, encoded(state, codes), strict=True):
        length, around = np.count_nonzero(code), 4
        x = np.zeros((len(code) + 2 * around, letters.shape[1]))
        x[around : around + length] = letters[code[:length]]
        h = []
        for size, kernel, bias in zip(network.FILTERS, windows[::2], windows[1::2], strict=True):
            starts = around + np.arange(length) - size // 2
            seen = np.array([x[start : start + size].ravel() for start in starts])
            h.append(np.maximum(seen @ kernel + bias, 0))
        h = np.concatenate(h, axis=1)
        summary = np.concatenate([h.max(axis=0), (h * places[:length]).sum(axis=0)]) @ last
        assert np.allclose(vector, summary / np.linalg.norm(summary), atol=1e-5)


def encoded(state: State, codes: np.ndarray) -> np.ndarray:
    return network.encode(tuple(map(tf.constant, state.weights)), tf.constant(codes)).numpy()


def test_training_is_an_update_of_keras_adam(words: WordList) -> None:
    """The first updates, with the gradient by hand and the optimizer of Keras."""
    start = init_state(words, seed=1)
    state, losses = start, []
    for _ in range(3):
        before = state.sums[0]
        state, _ = advance(words, state, knobs(10), num_updates=1)
        losses.append(float(state.sums[0] - before))
    variables = [tf.Variable(array) for array in start.weights]
    adam = tf.keras.optimizers.Adam(beta_1=BETAS[0], beta_2=BETAS[1])
    for update, expected in enumerate(losses):
        rng = np.random.default_rng((1, update))
        rows = words.draw(BATCH_SIZE, rng)
        wrong, right = words.misspeller(rows, rng), words.codes[rows]
        with tf.GradientTape() as tape:
            a, b = (network.encode(tuple(v.value() for v in variables), x) for x in (wrong, right))
            logits = network.INVERSE_TEMPERATURE * tf.matmul(a, b, transpose_b=True)
            twins = (rows[:, None] == rows) & ~np.eye(len(rows), dtype=bool)
            chance = tf.nn.softmax(tf.where(twins, -np.inf, logits))
            loss = -tf.reduce_mean(tf.math.log(tf.linalg.diag_part(chance)))
        assert float(loss) == pytest.approx(expected, rel=1e-4)
        rate = min((update + 1) / WARM_UP, 1) * 0.5 * (1 + np.cos(np.pi * update / 10))
        adam.learning_rate = SpellerConfig().learning_rate * rate
        adam.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
    for ours, theirs in zip(state.weights, variables, strict=True):
        assert np.mean(np.isclose(ours, theirs.numpy(), atol=1e-5)) > 0.95


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"language": "xx"}, "'xx'"),
        ({"language": None}, "None"),
        ({"num_words": 5}, "5"),
        ({"num_words": 10**9}, "1000000000"),
        ({"num_words": 2.5}, "2.5"),
        ({"num_updates": 0}, "0"),
        ({"num_updates": "many"}, "many"),
        ({"seed": -1}, "-1"),
        ({"seed": True}, "True"),
    ],
)
def test_bad_settings_are_named_in_a_sentence(wrong: dict, named: str) -> None:
    settings = {"language": "en", "num_words": NUM_WORDS, "num_updates": 1} | wrong
    with pytest.raises(ValueError, match=re.escape(named)) as found:
        Speller.train(settings.pop("language"), **settings)
    assert str(found.value).endswith(".")
    if wrong.get("language"):
        assert "fi" in str(found.value)


# Correcting.


def test_it_corrects_more_than_nearest_counts_of_letters_do(speller: Speller) -> None:
    """On typos of two kinds in a row, drawn by other rules than those it was trained on."""
    rng = np.random.default_rng(7)
    right = [w for w in speller.words.words[:NUM_WORDS] if len(w) >= 5]
    right = [right[i] for i in rng.choice(len(right), 300, replace=False)]
    typed = add_typos(add_typos(right, rate=1, kinds=KINDS, seed=1), rate=0.5, kinds=KINDS, seed=2)
    ours = np.mean([speller.suggest(a)[0][0] == b for a, b in zip(typed, right, strict=True)])
    counted = Grams(speller.words.words)
    theirs = np.mean([counted.nearest(a) == b for a, b in zip(typed, right, strict=True)])
    assert ours > theirs + 0.05
    assert ours > 0.75


class Grams:
    """The word with the nearest counts of one to three letters in a row, by cosine."""

    def __init__(self, words: tuple[str, ...]) -> None:
        grams = sorted({gram for word in words for gram in self.of(word)})
        self.words, self.rows = words, {gram: i for i, gram in enumerate(grams)}
        self.counts = np.stack([self.vector(word) for word in words])

    def of(self, word: str) -> Counter[str]:
        text = f"^{word}$"
        return Counter(text[i : i + n] for n in (1, 2, 3) for i in range(len(text) + 1 - n))

    def vector(self, word: str) -> np.ndarray:
        found = np.zeros(len(self.rows), np.float32)
        for gram, count in self.of(word).items():
            if gram in self.rows:
                found[self.rows[gram]] = count
        return found / max(np.linalg.norm(found), 1e-9)

    def nearest(self, word: str) -> str:
        return self.words[int(np.argmax(self.counts @ self.vector(word)))]


def test_a_right_word_suggests_itself(speller: Speller) -> None:
    for word in speller.words.words[::40]:
        best, score = speller.suggest(word)[0]
        assert best == word
        assert score > 0.5
        assert not speller.is_misspelt(word)


def test_suggestions_are_the_best_first(speller: Speller) -> None:
    found = speller.suggest("becuase", k=50)
    names, scores = zip(*found, strict=True)
    assert names[0] == "because"
    assert len(set(names)) == len(names) == 50
    assert set(names) <= set(speller.words.words)
    assert list(scores) == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1, abs=1e-6)
    assert all(type(name) is str and type(score) is float for name, score in found)
    for k in (1, 3, 10**12):
        assert speller.suggest("becuase", k) == found[:k]
    assert speller.suggest("Becuase ") == speller.suggest("becuase")


def test_the_nearest_are_those_of_the_vectors(speller: Speller) -> None:
    found = speller.nearest("government", k=10)
    vectors = speller.embed(speller.words.words)
    cosine = vectors @ speller.embed(["government"])[0]
    cosine[speller.words.ids["government"]] = -2
    best = np.argsort(-cosine)[:10]
    assert [word for word, _ in found] == [speller.words.words[i] for i in best]
    assert np.allclose([score for _, score in found], cosine[best], atol=1e-5)
    assert len(speller.nearest("hello", 10**12)) == len(speller.words.words) - 1


def test_by_its_letters_ran_is_no_nearer_to_run_than_rum_and_a_long_form_is_farther(
    speller: Speller,
) -> None:
    forms = ("run", "runs", "runner", "running", "ran", "rum")
    run, *others = speller.embed(forms)
    cosine = dict(zip(forms[1:], np.array(others) @ run, strict=True))
    assert cosine["rum"] > cosine["ran"] > cosine["running"]
    unrelated = speller.embed(speller.words.words[300:]) @ run
    assert min(cosine.values()) > np.quantile(unrelated, 0.95), "forms that share letters are near"


def test_vectors_are_of_length_1_and_a_words_own(speller: Speller) -> None:
    texts = ["hello", "Hello", "helo", "😀", "x" * 100]
    vectors = speller.embed(texts)
    assert vectors.shape == (5, network.WIDTH)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors[0], vectors[1])
    alone = np.concatenate([speller.embed([text]) for text in texts])
    assert np.allclose(alone, vectors, atol=1e-6)
    assert speller.embed([]).shape == (0, network.WIDTH)
    assert not speller.embed([""]).any()


def test_a_misspelling_is_what_the_list_does_not_know(speller: Speller) -> None:
    known = ("hello", "Hello", " hello ", "don't", "don’t", "government's", "well-known", "is/was")
    assert [word for word in known if speller.is_misspelt(word)] == []
    nothing = ("", "123", "😀", "-", "'", "10-12")
    assert [word for word in nothing if speller.is_misspelt(word)] == []
    wrong = ("helo", "dont", "goverment's", "well-knwon", "becuase", "xqzt")
    assert [word for word in wrong if not speller.is_misspelt(word)] == []


def test_the_misspelling_on_the_button_is_one_to_the_speller_too() -> None:
    words = load_words("en", SPELLING["en"].experiment.config.num_words)
    shown = SPELLING["en"].symbol
    assert words.words.index(shown) < words.num_trained, "a word to train on, for it is frequent"
    assert not words.knows(shown)
    assert not words.knows("thier")


def test_no_right_word_is_taken_for_a_misspelling_because_a_common_one_is_near() -> None:
    words = load_words("en", 30_000)
    near = ("thee", "toe", "ant", "fore", "bey", "fro", "lice", "ore", "inn", "bean")
    assert [word for word in near if not words.knows(word)] == []
    right = {row["word"] for row in csv.DictReader(uncommented("misspellings.csv"))}
    assert not words.misspellings & {*right, *uncommented("correct_words.txt")}


def uncommented(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_a_misspelling_in_the_list_is_trained_on_and_never_suggested(
    words: WordList, state: State, speller: Speller
) -> None:
    assert not words.misspellings
    marked = replace(words, misspellings=frozenset({"form"}))
    assert np.array_equal(
        marked.draw(512, np.random.default_rng(0)), words.draw(512, np.random.default_rng(0))
    )
    other = Speller(marked, state)
    assert other.is_misspelt("form")
    assert not speller.is_misspelt("form")
    assert "form" in dict(speller.suggest("forn", 10))
    for found in (other.suggest("form", 10**6), other.suggest("forn"), other.nearest("forn", 10)):
        assert "form" not in dict(found)
    assert len(other.nearest("hello", 10**6)) == len(speller.nearest("hello", 10**6)) - 1
    assert marked.share_not_known > words.share_not_known
    assert not marked.head(100).misspellings, "form is not among the first hundred"


@given(st.text(max_size=40) | st.sampled_from(HOSTILE))
def test_anything_may_be_typed(speller: Speller, text: str) -> None:
    for found in (speller.suggest(text), speller.nearest(text)):
        assert len(found) == (5 if any(map(str.isalpha, speller.words.normalise(text))) else 0)
        assert all(np.isfinite(score) for _, score in found)
    assert isinstance(speller.is_misspelt(text), bool)
    assert np.isfinite(speller.embed([text])).all()


def test_long_words_are_cut_and_only_their_beginning_counts(speller: Speller) -> None:
    assert speller.suggest("x" * 100_000) == speller.suggest("x" * 50)
    assert speller.suggest("\t" * 100_000 + "hello") == []


@pytest.mark.parametrize("word", [None, 5, b"hello", ["hello"]])
def test_only_texts_are_words(speller: Speller, word: object) -> None:
    calls = (speller.suggest, speller.is_misspelt, speller.nearest, lambda w: speller.embed([w]))
    for call in calls:
        with pytest.raises(ValueError, match="must be a text"):
            call(word)
    with pytest.raises(ValueError, match="list of words"):
        speller.embed("hello")
    for k in (0, -1, 2.5, "5", True):
        with pytest.raises(ValueError, match="k must be"):
            speller.suggest("hello", k)


def test_no_number_of_words_compiles_anew(speller: Speller) -> None:
    speller.embed(["a"])
    encoder = _encoder(speller.words.alphabet.num_ids)
    for count in (2, 3, 100):
        speller.embed([f"{'b' * count}"] * count)
        speller.suggest("c" * count)
    assert encoder.experimental_get_tracing_count() == 1


# Word lists.


def test_a_list_holds_words(words: WordList) -> None:
    assert words.num_trained == NUM_WORDS
    assert NUM_WORDS < len(words.words) <= 2 * NUM_WORDS
    assert words.words[:3] == ("the", "to", "and")
    assert len(set(words.words)) == len(words.words)
    assert all(re.fullmatch("[a-zéñ]+('[a-z]+)*", word) for word in words.words)
    assert {"don't", "a", "i"} <= words.ids.keys()
    assert not {"dont", "didnt", "s", "t"} & words.ids.keys()
    assert (np.diff(words.log_frequency) <= 0).all()
    assert np.exp(words.log_frequency[0]) == pytest.approx(0.05, rel=0.2)
    assert np.array_equal(
        words.codes > 0, np.arange(20) < np.array([[len(w)] for w in words.words])
    )


def test_half_a_batch_looks_like_the_other_half(words: WordList) -> None:
    rows = np.concatenate([words.draw(512, np.random.default_rng(i)) for i in range(20)])
    pairs = rows.reshape(20, 2, 256).swapaxes(0, 1).reshape(2, -1).T
    assert rows.max() < NUM_WORDS
    texts = [(words.words[a], words.words[b]) for a, b in pairs]
    forms = [[{w[:i] + w[i + 1 :] for i in range(len(w))} | {w} for w in pair] for pair in texts]
    alike = np.mean(
        [bool(a & b) and one != two for (a, b), (one, two) in zip(forms, texts, strict=True)]
    )
    assert alike > 0.4
    assert np.mean(pairs[:, 0] < 200) > 0.15


@pytest.mark.parametrize("language", ["tr", "fi"])
def test_other_languages_have_their_own_letters(language: str) -> None:
    words = load_words(language, 500)
    assert set({"tr": "ğışçöü", "fi": "äö"}[language]) < set(words.letters)
    typed = {"tr": "IŞIK", "fi": "HYVÄÄ"}[language]
    assert words.normalise(typed) == {"tr": "ışık", "fi": "hyvää"}[language]
    drawn = words.misspeller(np.arange(500), np.random.default_rng(0))
    assert (drawn != words.codes[:500]).any(axis=1).mean() > 0.9
