"""The character models beside two packages: spelling, and the language of a word."""

import importlib.resources
import importlib.util
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import TypeVar

import numpy as np

from benchmarks.reach.table import Claim, Say, not_measured

LEAST_SPELT = 0.82
LEAST_LANGUAGE = 0.72
NUM_TIMED = 300
HOW = (
    "Beside packages that do the same, on words that nobody was tuned on; most of the words whose "
    "language is asked are in lingua's own models."
)
PEERS = {"symspellpy": "the same corrections by symspellpy", "lingua": "the same words by lingua"}
T = TypeVar("T")


def measure(say: Say) -> tuple[list[Claim], str]:
    """Trains a speller (half a minute) and a language model (three minutes) and asks all of them
    the same; a package that is not installed is a row "not measured".
    """
    say("Spelling and languages beside symspellpy and lingua")
    missing = [
        not_measured(what, f"{package} is not installed")
        for package, what in PEERS.items()
        if importlib.util.find_spec(package) is None
    ]
    return [*_spelling(), *_language(), *missing], HOW


def _spelling() -> list[Claim]:
    """Single English words that nobody was tuned on: the meant word in the first place."""
    from benchmarks.reach.spelling import natural, synthetic
    from core.characters import Speller

    speller = Speller.train()
    symspell = _symspell()
    sets = {"slips of people": natural("held_out"), "two drawn typos": synthetic(speller.words)}
    claims = []
    for name, pairs in sets.items():
        typed, right = zip(*pairs, strict=True)
        ours, our_time = _answers(lambda word: speller.suggest(word, 1)[0][0], typed)
        theirs, their_time = _answers(symspell, typed)
        share = _share(ours, right)
        peer = ("symspellpy", (_share(theirs, right),)) if theirs else None
        least = LEAST_SPELT
        asked = f"at least {LEAST_SPELT}"
        if theirs:
            least = _share(theirs, right)
            asked = "the peer's"
        what = f"{name}, {len(pairs)} words: right"
        claims.append(Claim(what, (share,), asked, share >= least, peer))
        slower = ("symspellpy", (their_time,)) if theirs else None
        claims.append(
            Claim("milliseconds a correction", (our_time,), "at most 10", our_time <= 10, slower)
        )
    return claims


def _language() -> list[Claim]:
    """Held-out words of 12 languages, most of which lingua has seen and ours has not."""
    from benchmarks.reach.characters import LANGUAGE, LANGUAGE_EPOCHS
    from core.characters import load_task, train_classifier
    from core.text.word_tables import LANGUAGES

    task = load_task("language")
    lingua = _lingua()
    model = train_classifier(LANGUAGE, task, num_epochs=LANGUAGE_EPOCHS)
    texts, labels = task.rows("test")
    right = [list(LANGUAGES)[label] for label in labels]
    ours = [list(LANGUAGES)[i] for i in model.predict(texts).argmax(axis=1)]
    _, our_time = _answers(lambda text: model.predict([text]), texts[:NUM_TIMED])
    theirs, their_time = _answers(lingua, texts)
    share = _share(ours, right)
    peer = ("lingua", (_share(theirs, right),)) if theirs else None
    return [
        Claim(f"language of a word, {len(texts):,} words: right", (share,),
              f"at least {LEAST_LANGUAGE}", share >= LEAST_LANGUAGE, peer),
        Claim("milliseconds a prediction", (our_time,), "at most 5", our_time <= 5,
              ("lingua", (their_time,)) if theirs else None),
    ]  # fmt: skip


def _answers(ask: Callable[[str], T] | None, texts: Sequence[str]) -> tuple[list[T], float]:
    """What is said to each text, and the median of the milliseconds; nothing without `ask`."""
    if ask is None:
        return [], 0.0
    said = []
    times = []
    for text in texts:
        started = time.perf_counter()
        said.append(ask(text))
        times.append(1e3 * (time.perf_counter() - started))
    return said, median(times)


def _share(said: Sequence[str], right: Sequence[str]) -> float:
    return float(np.mean([a == b for a, b in zip(said, right, strict=True)]))


def _symspell() -> Callable[[str], str] | None:
    """SymSpell with the English dictionary that it brings, up to two edits."""
    if importlib.util.find_spec("symspellpy") is None:
        return None
    from symspellpy import SymSpell, Verbosity

    spell = SymSpell(max_dictionary_edit_distance=2)
    words = importlib.resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    spell.load_dictionary(str(words), term_index=0, count_index=1)

    def correct(word: str) -> str:
        found = spell.lookup(word, Verbosity.TOP, max_edit_distance=2, include_unknown=True)
        return found[0].term

    return correct


def _lingua() -> Callable[[str], str] | None:
    """Lingua, restricted to the languages of the task."""
    if importlib.util.find_spec("lingua") is None:
        return None
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    from core.text.word_tables import LANGUAGES

    codes = [getattr(IsoCode639_1, code.upper()) for code in LANGUAGES]
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
    detector = builder.with_preloaded_language_models().build()

    def guess(text: str) -> str:
        found = detector.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else ""

    return guess
