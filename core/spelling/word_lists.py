"""The words that a speller knows, of one language, with their frequencies. Imports no TensorFlow.

N words, the first M of them to train on, T letters, E misspellings by one rule.
"""

import functools
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import NamedTuple

import numpy as np

from core.message import Message
from core.spelling.confusables import Confusables
from core.spelling.edit_costs import EditCosts, cost_of
from core.spelling.misspellings import Misspeller
from core.text import elisions, german, tasks
from core.text.alphabet import Alphabet, fold
from core.text.word_tables import LANGUAGES, read_bins

LONGEST_WORD = 20
MIN_WORDS = 100
MAX_WORDS = 50_000
NUM_FROM_ALL = 20_000
RULES_FOR_ALL = "en"
"""The language whose rules misspell the words of all languages."""
KNOWN_A_TRAINED_WORD = 2
MIN_LETTER_SHARE = 0.0005
"""Of the words that hold a letter, below which it is rare."""
APOSTROPHE = "'"
BETWEEN_WORDS = re.compile(r"[\s\-\u2010-\u2015/]+")
QUOTES = str.maketrans(dict.fromkeys("’‘ʼ`´", APOSTROPHE))
MIN_APOSTROPHE_LEAD = 2.0
"""By how much the log frequency of don't must exceed that of dont, which is then left out."""
MISSPELT_WORDS = 8_000
"""So many common words, of which the other words may be misspellings."""
MIN_LOG_RATIO = 1.5
"""Log of how much likelier a rare word must be as a misspelling than as a word to be left out."""
MIN_SWAP_LOG_RATIO = 6.4
"""The same for a word to train on, if two of its letters are swapped."""
DRAW_POWER = 0.3
DATA_VERSIONS = {"de": 1}
"""Counted up when the words of a language change, so that no checkpoint is taken for one of other
words; 0 for a language that is not listed. German, 1: with ß.
"""


def version_of(language: str) -> str:
    """The version of the words of a language, and of the package from which they come."""
    return f"{DATA_VERSIONS.get(language, 0)} of wordfreq {metadata.version('wordfreq')}"


class Candidate(NamedTuple):
    """A word that may have been meant.

    Attributes:
        word: A word of the list.
        cosine: Between its vector and that of what was typed.
        frequency: Its share of running text.
        cost: Of the misspelling: minus the logarithm of its likelihood, but for a constant.
        share: Of the likelihood of the 50 nearest words.
    """

    word: str
    cosine: float
    frequency: float
    cost: float
    share: float


@dataclass(frozen=True, eq=False)
class WordList:
    """Words of one language, common ones first.

    Attributes:
        language: A key of `core.text.word_tables.LANGUAGES`.
        words: N different words in lower case, of letters and apostrophes.
        log_frequency: Natural logarithm of each word's share of all text, float32 [N].
        num_trained: M. The other words are known and suggested, but never trained on.
        alphabet: The letters in them; any other reads as unknown.
        misspellings: Those of the words that are likelier a misspelling (teh). They stay in their
            rows, so that training stays the same; they are neither known nor suggested.
    """

    language: str
    words: tuple[str, ...]
    log_frequency: np.ndarray
    num_trained: int
    alphabet: Alphabet
    misspellings: frozenset[str] = frozenset()

    @functools.cached_property
    def ids(self) -> dict[str, int]:
        """The row of every word that is known, so of none of the misspellings."""
        rows = {word: row for row, word in enumerate(self.words)}
        return {word: row for word, row in rows.items() if word not in self.misspellings}

    @functools.cached_property
    def codes(self) -> np.ndarray:
        """The words as letter ids, uint8 [N, T]."""
        return self.encode(self.words)

    @functools.cached_property
    def misspeller(self) -> Misspeller:
        """Draws misspellings of the words to train on."""
        trained = self.codes[: self.num_trained]
        return Misspeller(trained, self.letters, self.alphabet.first_id, self.language)

    @functools.cached_property
    def edit_costs(self) -> EditCosts:
        """The cost of each misspelling."""
        return EditCosts(self.letters, self.alphabet.first_id, self.language)

    @functools.cached_property
    def share_not_known(self) -> float:
        """The share of running text, counted in words of letters and apostrophes, that is in no
        word of the list.
        """
        total = sum(math.exp(log) for _, log in _log_frequencies(self.language))
        known = self.log_frequency[list(self.ids.values())].astype(float)
        return max(0.0, 1 - float(np.exp(known).sum()) / total)

    def knows(self, word: str) -> bool:
        """Whether a word is in the list, or its form without an 's, without a French or Italian
        elision (l'amour) or, in German, with ß for a Swiss ss; compounds with a hyphen part by
        part. What has no letter is known.
        """
        parts = BETWEEN_WORDS.split(self.normalise(word))
        return all(self._knows(part.strip(APOSTROPHE)) for part in parts)

    def _knows(self, word: str) -> bool:
        form = self.look_up(word)
        bare = form.removesuffix(f"{APOSTROPHE}s")
        return form in self.ids or bare in self.ids or not any(map(str.isalpha, word))

    def look_up(self, word: str) -> str:
        """The form under which a normalised word is looked for in the list: the word itself if the
        list has it, else without an elision (l'amour: amour), and with ß for a Swiss ss (Strasse:
        straße) if the list has that.
        """
        if word in self.ids:
            return word
        bare = elisions.without(word, self.language)
        if self.language == "de":
            return next((form for form in german.spellings(bare) if form in self.ids), bare)
        return bare

    def head(self, count: int) -> "WordList":
        """The list of the first `count` words alone."""
        words = self.words[:count]
        return WordList(
            self.language,
            words,
            self.log_frequency[:count],
            min(count, self.num_trained),
            self.alphabet,
            self.misspellings.intersection(words),
        )

    @property
    def letters(self) -> str:
        """The letters of the alphabet in the order of their ids."""
        return "".join(self.alphabet.characters)

    def encode(self, words: Sequence[str]) -> np.ndarray:
        """Any words as letter ids, cut at T letters, 0 behind their end: uint8 [len(words), T]."""
        return self.alphabet.encode(words, LONGEST_WORD).astype(np.uint8)

    def normalise(self, word: str) -> str:
        """A typed word as the list writes it: lower case, plain apostrophes, no blanks around it.

        What is far longer than any word is cut.
        """
        text = word[: 50 * LONGEST_WORD].strip()[: 2 * LONGEST_WORD].translate(QUOTES)
        if self.language == "tr":
            text = text.replace("I", "ı").replace("İ", "i")
        return fold(text)

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Rows of words to train on, int [count]: common ones more often (frequency^0.3), and the
        second half words confusable with those of the first.
        """
        weights = self._cumulative_weights
        rows = np.searchsorted(weights, rng.random(count) * weights[-1], side="right")
        rows = np.minimum(rows, self.num_trained - 1)
        half = count // 2
        confusable = self._confusables.draw(rows[:half], rng)  # [half]
        rows[half : 2 * half] = np.where(confusable < 0, rows[half : 2 * half], confusable)
        return rows

    @functools.cached_property
    def _cumulative_weights(self) -> np.ndarray:
        """Of the words to train on, float64 [M]."""
        logs = self.log_frequency[: self.num_trained].astype(np.float64)
        return np.cumsum(np.exp(DRAW_POWER * logs))

    @functools.cached_property
    def _confusables(self) -> Confusables:
        return Confusables(self.codes[: self.num_trained])


@functools.lru_cache(maxsize=4)
def load_words(language: str, num_words: int) -> WordList:
    """The `num_words` most frequent words of a language to train on, and as many rarer ones to
    know; fewer where the package `wordfreq` has fewer.

    Left out are words with a letter that is rare in the language (µ), single letters that are
    hardly words, forms that are usual with an apostrophe (dont), and among the rarer words those
    that are likelier a misspelling of a common one (recieve). Among the words to train on, those
    with two letters swapped that are far likelier such a misspelling (teh) are not known.

    Raises:
        ValueError: A language that is not in `core.text.word_tables.LANGUAGES`, or a count that
            is not from 100 to 50,000.
    """
    if not isinstance(language, str) or language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise ValueError(
            Message(
                "There is no word list for {received!r:.60}; there are {known}.",
                received=language,
                known=known,
            )
        )
    whole = isinstance(num_words, int | np.integer) and not isinstance(num_words, bool)
    if not whole or not MIN_WORDS <= num_words <= MAX_WORDS:
        raise ValueError(
            Message(
                "num_words must be a whole number from {least} to {most:,}; received "
                "{received!r:.60}.",
                least=MIN_WORDS,
                most=MAX_WORDS,
                received=num_words,
            )
        )
    num_known = int(KNOWN_A_TRAINED_WORD * num_words)
    words, logs = zip(*_usual(_log_frequencies(language), num_known), strict=True)
    alphabet = Alphabet.of(words, unknown=True)
    trained = min(int(num_words), len(words))
    log_frequency = np.array(logs, np.float32)  # [N]
    return _without_misspellings(WordList(language, words, log_frequency, trained, alphabet))


@functools.lru_cache(maxsize=1)
def words_of_all_languages() -> WordList:
    """The first 20,000 different training words of the task *language*, all equally often, without
    their languages.
    """
    words, _ = tasks.different_words("train", NUM_FROM_ALL)
    log_frequency = np.full(len(words), -np.log(len(words)), np.float32)
    alphabet = Alphabet.of(words, unknown=True)
    return WordList(RULES_FOR_ALL, tuple(words), log_frequency, len(words), alphabet)


def _log_frequencies(language: str) -> Iterator[tuple[str, float]]:
    """Every word of letters and apostrophes with its log frequency, common ones first."""
    for centibels, words in enumerate(read_bins(language, "best")):
        log = -centibels / 100 * math.log(10)
        for word in words:
            bare = word.replace(APOSTROPHE, "")
            inside = not (word.startswith(APOSTROPHE) or word.endswith(APOSTROPHE))
            if inside and bare.isalpha() and len(word) <= LONGEST_WORD and word == fold(word):
                yield word, log


def _usual(log_frequencies: Iterator[tuple[str, float]], num_words: int) -> list[tuple[str, float]]:
    """The first `num_words` pairs of a word and its log frequency, without words with a rare
    letter, single letters beyond the 100 commonest words, and words usual with an apostrophe.
    """
    first = list(itertools.islice(log_frequencies, 2 * num_words + 1_000))
    common = [pair for rank, pair in enumerate(first) if len(pair[0]) > 1 or rank < 100]
    letters = _usual_letters([word for word, _ in common[:num_words]])
    log_of = dict(common)
    contracted = {
        word.replace(APOSTROPHE, "")
        for word, log in common
        if APOSTROPHE in word
        and log > log_of.get(word.replace(APOSTROPHE, ""), log) + MIN_APOSTROPHE_LEAD
    }
    kept = (
        (word, log) for word, log in common if letters.issuperset(word) and word not in contracted
    )
    return list(itertools.islice(kept, num_words))


def _usual_letters(words: Sequence[str]) -> set[str]:
    """Letters of the thousand commonest words, and those that one word in 2,000 has."""
    counts = Counter(letter for word in words for letter in set(word))
    min_count = MIN_LETTER_SHARE * len(words)
    frequent = {letter for letter, count in counts.items() if count > min_count}
    return frequent.union(*words[:1_000])


def _without_misspellings(all_words: WordList) -> WordList:
    """The list without rarer words that are likelier a misspelling of a common one.

    Words to train on are only marked, and only where letters are swapped and the common word is so
    frequent that the misspelling is e^6.4, about 600, times likelier than the word. Any other
    change of a letter makes too many right words (thee, toe and ant out of the, to and and). Of
    30,000 words in each of the twelve languages this marks teh, thier, nciht, ets and itne.
    """
    misspeller = Misspeller(
        all_words.codes[:MISSPELT_WORDS],
        all_words.letters,
        all_words.alphabet.first_id,
        all_words.language,
    )
    rows, weights, codes = misspeller.all_single_edits()  # [E], [E], [E, T]
    log_likelihood = all_words.log_frequency[rows] - cost_of(weights)  # [E]
    row_of = {code.tobytes(): row for row, code in enumerate(all_words.codes)}
    suspects = np.array([row_of.get(code.tobytes(), -1) for code in codes])  # [E], -1: no word
    log_ratio = log_likelihood - all_words.log_frequency[suspects]  # [E]
    is_left_out = (log_ratio > MIN_LOG_RATIO) & (suspects >= all_words.num_trained)
    left_out = set(suspects[is_left_out].tolist())
    is_swap = (np.sort(all_words.codes[rows], axis=1) == np.sort(codes, axis=1)).all(axis=1)
    marked = suspects[(log_ratio > MIN_SWAP_LOG_RATIO) & (suspects >= 0) & is_swap]
    kept = [row for row in range(len(all_words.words)) if row not in left_out]
    words = tuple(all_words.words[row] for row in kept)
    return WordList(
        all_words.language,
        words,
        all_words.log_frequency[kept],
        all_words.num_trained,
        all_words.alphabet,
        frozenset(all_words.words[row] for row in marked).intersection(words),
    )
