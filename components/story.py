"""The words of a page: one Markdown file a page and language, read by heading."""

import functools
from pathlib import Path

import streamlit as st

STORIES = Path(__file__).parent / "stories"


def show(page: str, heading: str, language: str = "en") -> None:
    """Writes what stands under `## heading` in the story of a page.

    Raises:
        KeyError: The story has no such heading.
    """
    st.markdown(sections(page, language)[heading])


@functools.lru_cache
def sections(page: str, language: str = "en") -> dict[str, str]:
    """The text under every `## heading` of a story."""
    text = (STORIES / language / f"{page}.md").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("\n## ")[1:])
    return {heading.strip(): body.strip() for heading, _, body in parts}
