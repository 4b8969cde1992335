"""How anything that went wrong is said: a sentence, never a traceback, and nothing that the reader
typed is run."""

import logging
import re

import streamlit as st

from components.language import sentence, t

MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-!|<>$~:&^=])")
# Streamlit looks for icons, emojis and addresses once more when the signs have been read: a word
# joiner, which nobody sees, parts them.
SHORTCUTS = re.compile(r"(?<=:)(?=[\w/+-])|(?<=www)(?=\.)|(?<=\w)(?=@)", re.IGNORECASE)


def plain(text: str) -> str:
    """Text of any origin, so that Markdown shows it as it is."""
    parted = SHORTCUTS.sub("\u2060", " ".join(text.split()))
    return MARKDOWN_SIGNS.sub(r"\\\1", parted)


def say(problem: object) -> str:
    """A sentence of core, as an exception or as text, in the visitor's language, for Markdown."""
    return plain(sentence(str(problem)))


def show(error: Exception) -> bool:
    """Replaces Streamlit's red box when a page fails (the hook of `st.App`)."""
    logging.getLogger(__name__).error("A page failed", exc_info=error)
    st.error(
        t(
            "This page met an error that nobody foresaw ({name}). Reload the page; its address "
            "holds your settings.",
            name=plain(type(error).__name__),
        ),
        icon=":material/error:",
    )
    return True
