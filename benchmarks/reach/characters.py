"""Character models: a language from one word or from a misspelt snippet; speed of training."""

import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

import keras
import numpy as np

from benchmarks.reach.table import Claim, Say
from core.characters import stock, training
from core.characters.classifier import Classifier, train_classifier
from core.characters.robustness import robustness
from core.configs.characters import CharacterConfig
from core.text.encoding import encoded
from core.text.tasks import (
    TextTask,
    load_task,
)
from core.text.typos import KINDS

SEEDS = (0, 1, 2)
LANGUAGE = CharacterConfig(filters=128, learning_rate_decay="cosine", batch_size=256)
LANGUAGE_EPOCHS = 66
MAX_MINUTES = 3.0
SNIPPET_EPOCHS = 4
SPEED_WORDS = 12_800
ROUNDS = 5
MIN_RATIO = {"cnn": 3.0, "lstm": 1.3, "gru": 1.3}
MOST_MILLISECONDS = 5.0


def measure(say: Say) -> list[Claim]:
    """Everything, in about a quarter of an hour on two cores."""
    claims = _language(say)
    say("The languages of single words are done")
    claims += _snippets()
    say("The snippets are done")
    return [*claims, *(_speed(kind) for kind in MIN_RATIO)]


def _language(say: Say) -> list[Claim]:
    """A held-out word among 12 languages, by the character CNN; and one prediction's time."""
    task = load_task("language")
    started = time.perf_counter()
    model = train_classifier(LANGUAGE, task, num_epochs=LANGUAGE_EPOCHS)
    minutes = (time.perf_counter() - started) / 60
    share = _accuracy(model, task)
    say(f"The character CNN took {minutes:.1f} minutes")
    latency = _latency(model)
    return [
        Claim("language of a held-out word, 12 classes: accuracy", (share,), "at least 0.72",
              share >= 0.72),
        Claim("its minutes of training", (minutes,), f"at most {MAX_MINUTES:g}",
              minutes <= MAX_MINUTES),
        Claim("one prediction, milliseconds", (latency,), f"at most {MOST_MILLISECONDS:g}",
              latency <= MOST_MILLISECONDS),
    ]  # fmt: skip


def _accuracy(model: Classifier, task: TextTask) -> float:
    texts, labels = task.rows("test")
    return float(np.mean(model.predict(texts).argmax(axis=1) == labels))


def _latency(model: Classifier) -> float:
    """Median milliseconds of one text."""
    times = []
    for word in load_task("language").rows("test")[0][:200]:
        started = time.perf_counter()
        model.predict([word])
        times.append(1e3 * (time.perf_counter() - started))
    return median(times)


def _snippets() -> list[Claim]:
    """Both models clean, and what each loses when every word of four letters or more has a typo."""
    task = load_task("snippet")
    config = CharacterConfig()
    letters, words = (
        [_clean_and_typed(replace(config, inputs=inputs), task, seed) for seed in SEEDS]
        for inputs in ("character", "word")
    )
    clean = {"character": letters, "word": words}
    lost = [(a - b) / (c - d) for (a, b), (c, d) in zip(letters, words, strict=True)]
    claims = [
        Claim(f"language of a snippet, {name} model: accuracy", tuple(a for a, _ in found),
              "at least 0.9", min(a for a, _ in found) >= 0.9)
        for name, found in clean.items()
    ]  # fmt: skip
    name = "what the character model loses by typos, over what the word model loses"
    return [*claims, Claim(name, tuple(lost), "at most 0.5", max(lost) <= 0.5)]


def _clean_and_typed(config: CharacterConfig, task: TextTask, seed: int) -> tuple[float, float]:
    model = train_classifier(config, task, seed=seed, num_epochs=SNIPPET_EPOCHS)
    clean, typed = robustness(model, task, rates=(0.0, 1.0), kinds=KINDS, seed=seed)
    return float(clean), float(typed)


def _speed(kind: str) -> Claim:
    """Words a second against `fit` of the same network, in turns: the median of the ratios."""
    words = load_task("language")
    rows = np.sort(words.splits["train"])[:SPEED_WORDS]
    few = {"train": rows, "validation": words.splits["validation"][:512]}
    task = replace(words, splits={**words.splits, **few})
    config = CharacterConfig(architecture=kind)
    ours = _engine(config, task)
    theirs = _fit(config, task)
    rates = [(SPEED_WORDS / _seconds(ours), SPEED_WORDS / _seconds(theirs)) for _ in range(ROUNDS)]
    ratio = median(a / b for a, b in rates)
    return Claim(
        f"training a character {kind}, words a second; {ratio:.1f} times the peer",
        tuple(a for a, _ in rates),
        f"at least {MIN_RATIO[kind]:g} times Keras fit",
        ratio >= MIN_RATIO[kind],
        ("Keras fit", tuple(b for _, b in rates)),
    )


def _engine(config: CharacterConfig, task: TextTask) -> Callable[[], Any]:
    """One epoch by the engine, warm."""
    count = training.updates_per_epoch(config, task)
    values = config.coefficients()
    state = training.init_state(config, task, 0)

    def run() -> None:
        nonlocal state
        state, _ = training.advance(config, task, state, values, num_updates=count)

    run()
    return run


def _fit(config: CharacterConfig, task: TextTask) -> Callable[[], Any]:
    """One epoch by `fit` with Keras' own convolutions or cells and its defaults, warm."""
    model = stock.build(config, training.sizes_of(config, task))
    model.compile(keras.optimizers.Adam(config.learning_rate), "sparse_categorical_crossentropy")
    texts, labels = task.rows("train")
    ids = encoded(task).reader.encode(texts, "character")[0]

    def run() -> None:
        model.fit(ids, labels, batch_size=config.batch_size, verbose=0)

    run()
    return run


def _seconds(run: Callable[[], Any]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
