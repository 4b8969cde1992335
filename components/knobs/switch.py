"""The switch between the parts of a stage, of which one at a time is drawn."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import streamlit as st

from components.knobs import lesson, link
from components.streamlit_adapter import session
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.question import Views

ViewsOf = Callable[[Experiment], Views]


class Part(NamedTuple):
    """A word for the switch, what draws it, and the views (or what says them for a run) that
    it needs beside those that the stage always shows.
    """

    label: str
    show: Callable[..., None]
    views: Views | ViewsOf = ()


class Stage(NamedTuple):
    """Parts by name, and the views that are needed whatever part is chosen."""

    parts: Mapping[str, Part]
    always: Views = ()

    def choose(self, key: str) -> None:
        """Draws the switch."""
        choose(self.parts, key)

    def views(self, key: str) -> ViewsOf:
        """What a job must compute for the part that is chosen."""
        return self.views_of(current(self.parts, key))

    def views_of(self, name: str) -> ViewsOf:
        """What a job must compute for a part."""
        return functools.partial(_views, self.always, self.parts[name].views)

    def show(self, snapshot: Snapshot, experiment: Experiment, key: str) -> None:
        """Draws the part that is chosen."""
        self.parts[current(self.parts, key)].show(snapshot, experiment, key)


def _views(always: Views, wanted: Views | ViewsOf, experiment: Experiment) -> Views:
    return (*always, *(wanted(experiment) if callable(wanted) else wanted))


def choose(parts: Mapping[str, Any], key: str) -> None:
    """Draws the switch. parts: by name, the first one unless the link names another; each has a
    `label`.
    """
    held = lesson.of(key)
    if held.hides(lesson.PARTS):
        return
    st.segmented_control(
        t("Look at"),
        list(parts),
        default=current(parts, key),
        format_func=lambda name: t(parts[name].label),
        key=f"{key}_lens",
        disabled=held.holds(lesson.PARTS),
        help=t("Fixed by the lesson.") if held.holds(lesson.PARTS) else None,
        label_visibility="collapsed",
    )


def current(parts: Mapping[str, Any], key: str) -> str:
    """The part that the lesson holds, else the one that is chosen, else the one that the link
    names, else the first.
    """
    first = next(iter(parts))
    named = link.lens_in(key)
    held = lesson.of(key)
    if held.holds(lesson.PARTS):
        return held.part if held.part in parts else first
    chosen = session.widget_value(f"{key}_lens", named if named in parts else first)
    return chosen if chosen in parts else first
