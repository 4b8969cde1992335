"""The switch between the parts of a stage, of which one at a time is drawn."""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import streamlit as st

from components.knobs import lesson, link
from components.streamlit_adapter import session
from components.words.language import t
from core.experiments import Experiment
from core.question import Views

ViewsOf = Callable[[Experiment], Views]
Beside = Callable[[Any, str], Iterable[Experiment]]


def nothing(*_: Any) -> Iterable[Experiment]:
    """No run beside."""
    return ()


class Part(NamedTuple):
    """One way to look at a run.

    Attributes:
        label: A word for the switch.
        show: Draws it.
        views: What it needs beside what the stage always shows, or what says so for a run.
        beside: With what a page's parts are drawn and the key: the runs that it compares with, as
            far as they are known. They are begun before it is drawn.
    """

    label: str
    show: Callable[..., None]
    views: Views | ViewsOf = ()
    beside: Beside = nothing


class Stage(NamedTuple):
    """Parts by name, and what is needed whatever part is chosen: views, and runs beside."""

    parts: Mapping[str, Part]
    always: Views = ()
    always_beside: Beside = nothing

    def choose(self, key: str) -> None:
        """Draws the switch."""
        choose(self.parts, key)

    def views(self, key: str) -> ViewsOf:
        """What a job must compute for the part that is chosen."""
        return self.views_of(current(self.parts, key))

    def views_of(self, name: str) -> ViewsOf:
        """What a job must compute for a part."""
        return functools.partial(_views, self.always, self.parts[name].views)

    def beside(self, experiment: Any, key: str) -> list[Experiment]:
        """The runs that the chosen part compares with."""
        part = self.parts[current(self.parts, key)]
        return [*self.always_beside(experiment, key), *part.beside(experiment, key)]

    def show(self, *seen: Any) -> None:
        """Draws the part that is chosen, with what its page draws it with; the key comes last."""
        self.parts[current(self.parts, seen[-1])].show(*seen)


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
    key = session.leader(key)
    first = next(iter(parts))
    named = link.lens_in(key)
    held = lesson.of(key)
    if held.holds(lesson.PARTS):
        return held.part if held.part in parts else first
    chosen = session.widget_value(f"{key}_lens", named if named in parts else first)
    return chosen if chosen in parts else first
