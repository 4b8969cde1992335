"""What the pages share: two columns, presets over what to look for, words underneath."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from components.knobs import controls, lesson, lesson_link, link
from components.knobs.switch import ViewsOf
from components.pages import ROOMS
from components.parts.course import guide
from components.runs import bar, moments, own_run, pair, presets, run_export, run_panel, series
from components.runs.page import ChainedPage, RunPage
from components.streamlit_adapter import flush, session
from components.streamlit_adapter.polling import repeat
from components.words import story
from components.words.errors import say
from components.words.language import t
from core.datasets import is_at_hand
from core.experiments import Experiment
from core.presets import Preset

WORDS = ("formula", "why", "try")


def show(page: RunPage) -> None:
    """Draws a page with one run."""
    key = page.key
    moments.settle(key)
    left, right = _columns()
    with left:
        panel = st.container(key=f"{key}_panel")
        experiment = _knobs(page)
    views = page.stage.views(key)
    begin = functools.partial(own_run.begin_beside, page.stage, key)
    own_run.begin(experiment, key, views)
    with panel:
        panel_of_run = own_run.Panel(views)
        run_panel.show(panel_of_run, experiment, key, begin)
        run_panel.show_past(panel_of_run, experiment, key, begin)
        bar.show_pictures(key)
        flush.fragment(run_export.show)(key)
    with right:
        preset = _introduce(page.presets, page.story, key, page.stage.views_of)
        if page.choose is not None:
            page.choose(key)
        _say_moment("epoch", key)
        if pair.is_on(key):
            pair.show(page.stage, page.summary, key, begin)
        elif page.is_one:
            own_run.watch(key, page.show_stage, begin)
        else:
            own_run.watch(key, page.summary, begin)
            page.stage.choose(key)
            own_run.watch(key, page.stage.show, begin)
    if page.explain is None:
        _explain(page.story)
    else:
        page.explain(preset)


def show_chained(page: ChainedPage) -> None:
    """Draws a page whose run learns from that of another network: the stage starts both."""
    key = page.key
    moments.settle(key)
    page.offer(key)
    left, right = _columns()
    with left:
        panel = st.container(key=f"{key}_panel")
        settings = _knobs(page)
    with right:
        at_hand = {
            name: preset
            for name, preset in page.presets.items()
            if is_at_hand(preset.experiment.dataset)
        }
        _introduce(at_hand, page.story, key, None)
        if isinstance(settings, page.settings):
            begin = functools.partial(_begin, page, settings)
            _say_moment(page.panel.unit, key)
            page.show(settings, key, begin)
            page.stage.choose(key)
            repeat(_show_part, page, settings, key=key, begin=begin)
    with panel:
        if isinstance(settings, page.settings):
            link.write(settings, key)
            run_panel.show(page.panel, settings, key, begin)
            run_panel.show_past(page.panel, settings, key, begin)
            bar.show_pictures(key)
            flush.fragment(run_export.show)(key)
    _explain(page.story)


def _show_part(page: ChainedPage, settings: Experiment) -> None:
    with moments.looking(page.key):
        page.stage.show(settings, page.key)


def _say_moment(unit: str, key: str) -> None:
    """Over the stage, while it shows the past."""
    if session.page(key).moment is not None:
        repeat(moments.say_which, key, unit, key=key)


def _begin(page: ChainedPage, settings: Experiment) -> None:
    """Before every drawing: what the page trains, and what the chosen part compares it with."""
    page.begin(settings, page.key)
    series.begin_all(page.stage.beside(settings, page.key), page.key)


def _knobs(page: RunPage | ChainedPage) -> Experiment | None:
    """The knobs, and under them how own data are brought; what they say, or None."""
    experiment = controls.show(page.config, page.knobs, page.key, page.first)
    if page.own is not None:
        page.own(experiment, page.key)
    return experiment


def _columns() -> list[Any]:
    """The column of the knobs, and that of the stage, which stands first on a phone."""
    with st.container(key="layout"):
        return st.columns([1, 2.4], gap="medium")


def _introduce(
    chosen_from: Mapping[str, Preset],
    page: str,
    key: str,
    views_of: Callable[[str], ViewsOf] | None,
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
    for notice in session.page(key).notices:
        st.warning(
            t("Ignored from the link: {notice}", notice=say(notice)), icon=":material/link_off:"
        )
    return preset


def _explain(page: str) -> None:
    """Formula, reason, and things to try, side by side under the stage."""
    with st.container():
        for heading, column in zip(WORDS, st.columns(len(WORDS), gap="medium"), strict=True):
            with column:
                story.show(page, heading)
