"""The words of a page: one Markdown file a page and language, read by heading."""

import functools

import streamlit as st

from components.words import catalogues, language


def show(page: str, heading: str) -> None:
    """Writes what stands under `## heading` in the story of a page, in the visitor's language.

    Raises:
        KeyError: The story has no such heading.
    """
    st.markdown(sections(page)[heading])


def sections(page: str) -> dict[str, str]:
    """The text under every `## heading` of a story, in the visitor's language; in English where it
    has none.
    """
    return sections_in(catalogues.ENGLISH, page) | sections_in(language.current(), page)


@functools.lru_cache
def sections_in(folder: str, page: str) -> dict[str, str]:
    """The text under every `## heading` of a story in one language."""
    file = catalogues.FOLDER / folder / f"{page}.md"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    parts = (part.partition("\n") for part in text.split("\n## ")[1:])
    return {heading.strip(): body.strip() for heading, _, body in parts}
