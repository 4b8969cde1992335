"""The words of the app in the language of the visitor.

An English sentence is the key of its translations (as in gettext): the code stays readable, and
what no language has is shown in English. A language is a folder of `languages`: a story (Markdown)
for every page, and catalogues (.po) for the rest.
"""

import string
from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.streamlit_adapter import session
from components.words import catalogues
from components.words.catalogues import ENGLISH, LANGUAGES, WORDS
from components.words.josa import josa, starts
from core.message import Message

LINK = "language"
_document = st.components.v2.component(
    "bottleneck_language",
    js="export default function ({ data }) { document.documentElement.lang = data; }",
)


def t(text: str, /, **values: object) -> str:
    """A text in the visitor's language, with `{name}` (or `{name:,}`) filled from `values`.

    Args:
        text: English, as a literal wherever possible: a test compares these with the catalogues.
    """
    return _filled(table(current()).get(text, text), values)


def tn(one: str, many: str, count: int, /, **values: object) -> str:
    """A text with a number in it, in the plural form that the visitor's language has for it.

    Args:
        one: English for one.
        many: English for any other number; `{count}` is the number.
    """
    catalogue = catalogues.read(current(), WORDS)
    forms = catalogue.plurals.get(one)
    text = forms[catalogue.form(count)] if forms else one if count == 1 else many
    return _filled(text, {"count": count} | values)


def in_all_languages(text: str) -> set[str]:
    """A text as it is said in each language."""
    return {table(language).get(text, text) for language in LANGUAGES}


def sentence(text: str, language: str | None = None) -> str:
    """A sentence of core in the visitor's language, or in another: a `Message` by its template,
    and with those of its values that are messages themselves.
    """
    language = language or current()
    if not isinstance(text, Message):
        return table(language).get(text, text)
    said = table(language).get(text.template, text.template)
    return _filled(said, {name: _said(value, language) for name, value in text.values.items()})


def current() -> str:
    """The visitor's language, as it was settled when the page began."""
    return session.visitor().language_now or _wish()


def settle() -> None:
    """Finds out the visitor's language, once for a run of the page: every text asks for it."""
    session.visitor().language_now = _wish()


def _wish() -> str:
    """As chosen here, else as in the link, else as in the browser."""
    wishes = (
        session.visitor().language,
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
    wish = session.visitor().language or st.query_params.get(LINK, "")
    if wish in LANGUAGES:
        session.visitor().language = wish
        if st.query_params.get(LINK) != wish:
            st.query_params[LINK] = wish


def _choose() -> None:
    session.visitor().language = session.widget_value("language_choice", ENGLISH)


def _own_name(language: str) -> str:
    return table(language).get("This language", "English")


def table(language: str) -> Mapping[str, str]:
    """English -> a language, for pages and core."""
    return catalogues.read(language, WORDS).texts


def _said(value: Any, language: str) -> Any:
    return sentence(value, language) if isinstance(value, Message) else value


def _filled(text: str, values: Mapping[str, object]) -> str:
    """A text with its values; a Korean particle behind one gets the form that fits it."""
    if not values:
        return text
    said = ""
    for literal, name, form, conversion in string.Formatter().parse(text):
        pair = starts(literal) if said else ""
        said += (josa(said, pair) if pair else "") + literal[len(pair) :]
        if name is not None:
            field = f"{{{name}{f'!{conversion}' if conversion else ''}:{form}}}"
            said += field.format(**values)
    return said
