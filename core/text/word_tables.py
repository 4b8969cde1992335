"""The tables behind the tasks, from the packages `wordfreq` and `Faker`. Imports no TensorFlow.

A table is a list of texts, ordered from common to rare, for every class.
"""

import importlib
import itertools
import re
import zoneinfo
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from core.message import Message
from core.text import german
from core.text.alphabet import fold

LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "sv": "Swedish",
    "fi": "Finnish",
    "tr": "Turkish",
    "pl": "Polish",
    "cs": "Czech",
}
ENTITIES = ("name", "place", Message("ordinary word"))
LOCALES = (
    "en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "pt_PT", "nl_NL", "sv_SE", "fi_FI",
    "tr_TR", "pl_PL", "cs_CZ",
)  # fmt: skip
NAME_LISTS = ("first_names", "last_names", "unisex_last_names")
PLACE_LISTS = ("cities", "countries", "states", "counties", "regions", "concelhos")
LATIN = "a-zß-öø-ɏ"
MIN_LETTERS = 3
MAX_LETTERS = 20
MOST_READ = 90_000
MOST_WORDS = 60_000
OWNER_SHARE = 0.75
MOST_ENTITIES = 8_000
MOST_A_LIST = 1_500
WORDS_A_LANGUAGE = 700
SNIPPET_WORDS = 20_000
SNIPPETS_A_LANGUAGE = 5_000
SNIPPET_LENGTHS = (3, 4, 5)


def language_words() -> dict[str, list[str]]:
    """The most frequent words of each language, 60,000 at most, each word under one language only.

    A word that several languages use belongs to the one that has at least three quarters of its
    summed frequencies; without such a language it is dropped. Only words of 3 to 20 Latin letters.
    """
    lists = [_word_list(language, MOST_READ) for language in LANGUAGES]
    frequency = np.concatenate([frequencies for _, frequencies in lists])
    all_words = (word for words, _ in lists for word in words)
    # Python's hashes of strings have 64 bits: a million words do not meet by chance.
    hashes = np.fromiter(map(hash, all_words), np.int64, len(frequency))
    _, number = np.unique(hashes, return_inverse=True)
    is_owner = frequency >= OWNER_SHARE * np.bincount(number, weights=frequency)[number]
    ends = np.cumsum([len(words) for words, _ in lists])
    return {
        name: list(itertools.compress(words, is_own.tolist()))[:MOST_WORDS]
        for name, (words, _), is_own in zip(
            LANGUAGES.values(), lists, np.split(is_owner, ends[:-1]), strict=True
        )
    }


def entities() -> dict[str, list[str]]:
    """Single-word names, places and ordinary words of the 12 languages, in lower case.

    What is both a name and a place is dropped; what is either is no ordinary word.
    """
    names = _single_words(_faker_lists("person", NAME_LISTS))
    zones = (zone.rpartition("/")[2] for zone in sorted(zoneinfo.available_timezones()))
    places = _single_words([list(zones), *_faker_lists("address", PLACE_LISTS)])
    common = [_word_list(language, 2 * WORDS_A_LANGUAGE) for language in LANGUAGES]
    proper = set(names) | set(places)
    ordinary = (
        [word for word in words if word not in proper][:WORDS_A_LANGUAGE] for words, _ in common
    )
    tables = (_without(names, places), _without(places, names), _single_words(ordinary))
    return {name: table[:MOST_ENTITIES] for name, table in zip(ENTITIES, tables, strict=True)}


def snippets(seed: int = 0) -> dict[str, list[str]]:
    """5,000 different snippets of 3 to 5 words for each language, words drawn by frequency.

    Words that several languages use stay in, as in any text.
    """
    table = {}
    for i, (language, name) in enumerate(LANGUAGES.items()):
        rng = np.random.default_rng((seed, i))
        drawn = list(_snippets(language, 2 * SNIPPETS_A_LANGUAGE, rng))
        table[name] = list(dict.fromkeys(drawn))[:SNIPPETS_A_LANGUAGE]
    return table


def _snippets(language: str, count: int, rng: np.random.Generator) -> Iterator[str]:
    """`count` snippets of a language, some of them equal."""
    words, frequencies = _word_list(language, SNIPPET_WORDS, shortest=1)
    share = frequencies / frequencies.sum()
    lengths = rng.choice(SNIPPET_LENGTHS, count)
    ends = np.cumsum(lengths)
    drawn = [words[i] for i in rng.choice(len(words), ends[-1], p=share)]
    for start, end in zip(ends - lengths, ends, strict=True):
        yield " ".join(drawn[start:end])


def vocabulary_growth(
    language: str, num_tokens: int, *, seed: int = 0, num_points: int = 50
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How many different words and characters a text shows as it grows.

    The text is drawn word by word from `wordfreq`'s list of everything that occurs at least once
    in a million words, one cut for every language.

    Args:
        language: "fi", "tr", "en" or another code of `wordfreq`.
        num_tokens: Length of the whole text in words.

    Returns:
        Words read so far, different words and different characters among them: int [P] each, with
        P at most `num_points`.
    """
    bins = read_bins(language, "small")
    words = [word for group in bins for word in group]
    share = np.repeat(_frequency(np.arange(len(bins))), [len(group) for group in bins])
    share /= share.sum()
    drawn = np.random.default_rng(seed).choice(len(words), num_tokens, p=share)
    points = np.unique(np.geomspace(1, num_tokens, num_points).astype(int))
    different, first_position = np.unique(drawn, return_index=True)
    new_words = np.sort(first_position)
    character_position: dict[str, int] = {}
    for position, word in sorted(zip(first_position, different, strict=True)):
        for character in words[word]:
            character_position.setdefault(character, int(position))
    new_characters = np.sort(list(character_position.values()))
    return points, np.searchsorted(new_words, points), np.searchsorted(new_characters, points)


def _word_list(
    language: str, count: int, shortest: int = MIN_LETTERS
) -> tuple[list[str], np.ndarray]:
    """The `count` most frequent words of Latin letters only, and their frequencies. In German also
    the Swiss spellings.
    """
    latin = re.compile(f"(?m)^[{LATIN}]{{{shortest},{MAX_LETTERS}}}$")
    latin_words: list[str] = []
    frequencies: list[float] = []
    for centibels, words in enumerate(read_bins(language, "best", swiss=True)):
        matching = latin.findall("\n".join(words))
        latin_words += matching
        frequencies += [_frequency(centibels)] * len(matching)
        if len(latin_words) >= count:
            break
    return latin_words[:count], np.array(frequencies[:count])


def read_bins(language: str, size: str, *, swiss: bool = False) -> list[list[str]]:
    """Words of equal frequency in a list of `wordfreq`, German ones with ß. The list is read past
    the package's cache, so that it does not stay in memory.

    Bin number i of a list holds the words of i centibels below a frequency of 1.

    Args:
        language: A code of `wordfreq`.
        size: "small" or "best".
        swiss: See `core.text.german.restore`.
    """
    import wordfreq

    bins = wordfreq.read_cBpack(wordfreq.available_languages(size)[language])
    return german.restore(bins, swiss=swiss) if language == "de" else bins


def _frequency(centibels: Any) -> Any:
    """A share of running text, from centibels below 1."""
    return 10 ** (-centibels / 100)


def _faker_lists(provider: str, names: tuple[str, ...]) -> Iterator[list[Any]]:
    """What `Faker` holds under these names in each locale, the longest lists thinned out."""
    for locale in LOCALES:
        try:
            module = importlib.import_module(f"faker.providers.{provider}.{locale}")
        except ModuleNotFoundError:
            continue
        for name in names:
            rows = list(getattr(module.Provider, name, ()))
            if len(rows) > MOST_A_LIST:  # made from a set here and there: in no certain order
                rows = sorted(set(map(str, rows)))[:: len(rows) // MOST_A_LIST]
            yield rows


def _single_words(lists: Iterable[list[Any]]) -> list[str]:
    """The different single words in some lists, folded, taken from each list in turn by rank."""
    ranked = [
        (rank, fold(text))
        for texts in lists
        for rank, text in enumerate(texts)
        if isinstance(text, str)
    ]
    words = [word for _, word in sorted(ranked, key=lambda item: item[0])]
    return list(dict.fromkeys(w for w in words if w.isalpha() and 3 <= len(w) <= MAX_LETTERS))


def _without(words: list[str], others: list[str]) -> list[str]:
    excluded = set(others)
    return [word for word in words if word not in excluded]
