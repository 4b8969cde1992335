"""The catalogues of translations: gettext's .po files, read by Babel, two for each language.

The key of a translation is the English text. tests/words.py extracts the keys from the code
(`make words`).
"""

import functools
import re
import string
from collections.abc import Callable, Iterator
from gettext import c2py
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.pofile import PoFileError, read_po

FOLDER = Path(__file__).parent / "languages"
ENGLISH = "en"
LANGUAGES = sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())
WORDS = "words"
"""What pages and core say."""
PADS = "pads"
"""What is sent to the browser with a pad."""
PLAIN = re.compile(r"%\{[^}]*\}|\\[A-Za-z]+\{[^}]*\}")
"""Braces that are no placeholders: of plotly, and of TeX."""


class CatalogueBroken(ValueError):
    """A catalogue that cannot be used; the text names the file and the line."""


class Catalogue(NamedTuple):
    """What one file says.

    Attributes:
        texts: English -> translation.
        plurals: English for one -> the plural forms of the translation.
        form: The number of the plural form for a count.
    """

    texts: dict[str, str]
    plurals: dict[str, tuple[str, ...]]
    form: Callable[[int], int]


EMPTY = Catalogue({}, {}, lambda _: 0)


@functools.lru_cache
def read(language: str, domain: str) -> Catalogue:
    """A catalogue; an empty one where a language has none. What is not translated yet, or marked as
    fuzzy, is left out: it is said in English.

    Raises:
        CatalogueBroken: No .po file, or a translation with other placeholders than its English.
    """
    file = FOLDER / language / f"{domain}.po"
    if not file.is_file():
        return EMPTY
    try:
        with file.open("rb") as opened:
            catalogue = read_po(opened, locale=language, abort_invalid=True)
        form = c2py(catalogue.plural_expr)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        line = f":{error.lineno + 1}" if isinstance(error, PoFileError) else ""
        raise CatalogueBroken(f"{file}{line}: this is no .po file ({error}).") from error
    entries: list[Any] = [entry for entry in catalogue if entry.id and not entry.fuzzy]
    for entry in entries:
        if problem := _problem(entry):
            raise CatalogueBroken(f"{file}:{entry.lineno}: {problem}")
    texts = {each.id: each.string for each in entries if each.string and not each.pluralizable}
    counted = [each for each in entries if each.pluralizable and all(each.string)]
    plurals = {each.id[0]: each.string for each in counted}
    return Catalogue(texts, plurals, form)


def read_all() -> None:
    """Reads the catalogues of all languages, so that a broken one is found when a server starts.

    Raises:
        CatalogueBroken: A sentence with the file and the line.
    """
    for language in LANGUAGES:
        for domain in (WORDS, PADS):
            read(language, domain)


def placeholders(text: str) -> set[str]:
    """The names of the values in a text; `{}` and `{0}` count as numbered.

    Raises:
        ValueError: A brace without its other one.
    """
    fields = [name for _, name, _, _ in string.Formatter().parse(PLAIN.sub("", text))]
    named = [name for name in fields if name is not None]
    return {name or str(number) for number, name in enumerate(named)}


def _problem(entry: Any) -> str:
    """What is wrong with the placeholders of a translation, or ""."""
    for english, text in _pairs(entry):
        try:
            wanted = placeholders(english)
        except ValueError:
            continue  # no text with values
        try:
            found = placeholders(text)
        except ValueError as error:
            return f"the braces of {text[:60]!r} do not match ({error})."
        is_numbered = all(name.isdigit() for name in wanted)
        must = set() if is_numbered or entry.pluralizable else wanted
        if found - wanted or must - found:
            return f"{text[:60]!r} must hold {_listed(wanted)}; received {_listed(found)}."
    return ""


def _pairs(entry: Any) -> Iterator[tuple[str, str]]:
    """An English text and each of its translations; of a plural, the text for many."""
    english = entry.id[-1] if entry.pluralizable else entry.id
    texts = entry.string if entry.pluralizable else (entry.string,)
    return ((english, text) for text in texts if text)


def _listed(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "no value"
