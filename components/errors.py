"""How anything that went wrong is said: a sentence, never a traceback, and nothing that the reader
typed is run."""

import logging
import re

import streamlit as st

MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-!|<>$~:&^=])")


def plain(text: str) -> str:
    """Text of any origin, so that Markdown shows it as it is."""
    return MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))


def show(error: Exception) -> bool:
    """Replaces Streamlit's red box when a page fails (the hook of `st.App`)."""
    logging.getLogger(__name__).error("A page failed", exc_info=error)
    st.error(
        f"This page met an error that nobody foresaw ({plain(type(error).__name__)}). "
        "Reload the page; its address holds your settings.",
        icon=":material/error:",
    )
    return True
