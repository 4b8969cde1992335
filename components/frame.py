"""What the pages share: two columns, presets over what to look for, words underneath."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from components.knobs import lesson, lesson_link
from components.pages import ROOMS
from components.parts.course import guide
from components.runs import presets, run_panel
from components.streamlit_adapter import flush, session
from components.words import story
from components.words.errors import say
from components.words.language import t
from core.presets import Preset

WORDS = ("formula", "why", "try")


def columns() -> list[Any]:
    """The column of the knobs, and that of the stage, which stands first on a phone."""
    with st.container(key="layout"):
        return st.columns([1, 2.4], gap="medium")


def introduce(
    chosen_from: Mapping[str, Preset],
    page: str,
    key: str,
    views_of: Callable[[str], run_panel.Views] | None,
) -> str:
    """Presets, what to look for, and what of the link was ignored; returns the preset or "". The
    title is only heard: the navigation shows it.

    Args:
        page: The story.
        views_of: Says for a part of the stage what a job must compute; None for a page that starts
            its own jobs.
    """
    with st.container(key="title"):
        st.title(t(next(room.title for room in ROOMS if room.story == page)))
    lesson.show(key)
    guide.show(key)
    preset = presets.show(chosen_from, page, key, views_of)
    with st.container(horizontal=True, gap="small"):
        with st.container():
            story.show(page, f"{preset}: look for" if preset else "lead")
        with st.container(width="content", key="lesson_link"):
            flush.fragment(lesson_link.show)(key)
    for notice in session.notices(key):
        st.warning(
            t("Ignored from the link: {notice}", notice=say(notice)), icon=":material/link_off:"
        )
    return preset


def explain(page: str) -> None:
    """Formula, reason, and things to try, side by side under the stage."""
    with st.container():
        for heading, column in zip(WORDS, st.columns(len(WORDS), gap="medium"), strict=True):
            with column:
                story.show(page, heading)
