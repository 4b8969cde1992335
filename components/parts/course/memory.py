"""What a visitor has predicted, kept by the browser and by nobody else."""

from typing import Any

import streamlit as st

from components.parts.course.stops import STOPS
from components.streamlit_adapter import session

MOST_ANSWERS = 3
JS = """
export default function ({ setStateValue, data }) {
  const NAME = 'bottleneck-course';
  let stored = {};
  try { stored = JSON.parse(localStorage.getItem(NAME)) ?? {}; } catch { /* keeps nothing */ }
  const all = data.forgets ? data.progress : { ...stored, ...data.progress };
  try { localStorage.setItem(NAME, JSON.stringify(all)); } catch { /* then for this visit only */ }
  const has = (name) => name in data.progress;
  if (!Object.keys(all).every(has)) setStateValue('progress', all);
}
"""
_component = st.components.v2.component("bottleneck_course", js=JS)


def show() -> None:
    """Exchanges with the browser what each of the two knows; stands above whatever shows it."""
    known = session.visitor().progress
    data = {"progress": known, "forgets": session.visitor().forgets}
    told = _component(key="course_memory", data=data, on_progress_change=_nothing).progress
    if not session.visitor().forgets:
        session.visitor().progress = parse(told) | known


def parse(told: Any) -> dict[str, int]:
    """What a browser says, without what no visitor can have done."""
    pairs = told.items() if isinstance(told, dict) else ()
    return {
        name: answer
        for name, answer in pairs
        if name in STOPS and type(answer) is int and 0 <= answer < MOST_ANSWERS
    }


def forget() -> None:
    """Begins the path anew, here and in the browser; only from a callback."""
    visitor = session.visitor()
    visitor.progress = {}
    visitor.forgets = True


def _nothing() -> None:
    """Streamlit passes on only values with a callback."""
