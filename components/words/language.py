"""The words of the app in the language of the visitor.

An English sentence is the key of its translations (as in gettext): the code stays readable, and
what no language has is shown in English. A language is a folder of `languages`: a story (Markdown)
for every page, and tables "English" = "translation" (TOML) for the rest.
"""

import functools
import re
import tomllib
from pathlib import Path

import streamlit as st

from components.streamlit_adapter import session

FOLDER = Path(__file__).parent / "languages"
ENGLISH = "en"
LANGUAGES = sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())
LINK = "language"
PADS = "pads"
_document = st.components.v2.component(
    "bottleneck_language",
    js="export default function ({ data }) { document.documentElement.lang = data; }",
)


def t(text: str, /, **values: object) -> str:
    """A text in the visitor's language, with `{name}` (or `{name:,}`) filled from `values`.

    Args:
        text: English, as a literal wherever possible: a test compares these with the tables.
    """
    translated = table(current()).get(text, text)
    return translated.format(**values) if values else translated


def in_all_languages(text: str) -> set[str]:
    """A text as it is said in each language."""
    return {table(language).get(text, text) for language in LANGUAGES}


def sentence(text: str, language: str | None = None) -> str:
    """A sentence that core has made, values included, in the visitor's language or in another.

    A value that is itself a sentence or phrase of core is translated, too.
    """
    language = language or current()
    known = table(language)
    if text in known:
        return known[text]
    for pattern, translation in _templates(language):
        found = pattern.fullmatch(text)
        if found:
            return translation.format(*(sentence(value, language) for value in found.groups()))
    return text


def current() -> str:
    """The visitor's language, as it was settled when the page began."""
    return session.language_now() or _wish()


def settle() -> None:
    """Finds out the visitor's language, once for a run of the page: every text asks for it."""
    session.keep_language_now(_wish())


def _wish() -> str:
    """As chosen here, else as in the link, else as in the browser."""
    wishes = (
        session.language(),
        st.query_params.get(LINK, ""),
        (st.context.locale or "").partition("-")[0],
    )
    return next((wish for wish in wishes if wish in LANGUAGES), ENGLISH)


def choose() -> None:
    """Draws the choice of languages, each under its own name, and tells the browser which it is."""
    _carry()
    with st.container(key="language"):
        _document(key="document", data=current())
        st.segmented_control(
            t("Language"),
            LANGUAGES,
            default=current(),
            required=True,
            format_func=_own_name,
            key="language_choice",
            label_visibility="collapsed",
            on_change=_choose,
        )


def _carry() -> None:
    """Takes the language that was chosen, or that the link names, along to every page: Streamlit
    empties the address when the page changes.
    """
    wish = session.language() or st.query_params.get(LINK, "")
    if wish in LANGUAGES:
        session.keep_language(wish)
        if st.query_params.get(LINK) != wish:
            st.query_params[LINK] = wish


def _choose() -> None:
    session.keep_language(session.widget_value("language_choice", ENGLISH))


def _own_name(language: str) -> str:
    return table(language).get("This language", "English")


@functools.lru_cache
def table(language: str) -> dict[str, str]:
    """English -> a language, of all its tables."""
    files = (FOLDER / language).glob("*.toml")
    return {
        english: text for file in files for english, text in table_of(language, file.stem).items()
    }


@functools.lru_cache
def table_of(language: str, name: str) -> dict[str, str]:
    """English -> a language, of one table; empty where there is none."""
    file = FOLDER / language / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


@functools.lru_cache
def _templates(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Sentences of core with `{}` for their values, the longest first, beside `{0}`, `{1}`, ... .

    Those of the pads are left out: a value may be a text of the visitor, and "{} of {}" of a pad
    would take it apart.
    """
    of_pads = table_of(language, PADS).keys()
    of_core = (key for key in table(language) if "{}" in key and key not in of_pads)
    with_values = sorted(of_core, key=len, reverse=True)
    return [
        (
            re.compile("(.*?)".join(map(re.escape, key.split("{}"))), re.DOTALL),
            table(language)[key],
        )
        for key in with_values
    ]
