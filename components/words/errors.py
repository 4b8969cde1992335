"""How anything that went wrong is said: a sentence, never a traceback, and nothing that the reader
typed is run."""

import logging

import streamlit as st

from components.words.escaping import plain
from components.words.language import sentence, t
from core.message import message_of


def say(problem: object) -> str:
    """A sentence of core, as an exception or as text, in the visitor's language, for Markdown."""
    return plain(sentence(message_of(problem)))


def show(error: Exception) -> bool:
    """Replaces Streamlit's red box when a page fails (the hook of `st.App`)."""
    logging.getLogger(__name__).error("A page failed", exc_info=error)
    st.error(
        t(
            "This page met an unexpected error ({name}). Reload the page; its "
            "address holds your settings.",
            name=plain(type(error).__name__),
        ),
        icon=":material/error:",
    )
    return True
