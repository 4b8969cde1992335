"""Drawing again and again while a page is at work; the more jobs there are, the less often."""

import math
from collections.abc import Callable
from typing import Any

import streamlit as st

from components.streamlit_adapter import flush, session, turns
from core.jobs.chunks import CHUNK_SECONDS
from core.jobs.cluster import CLUSTER
from core.jobs.registry import num_training

POLL_SECONDS = 0.5
MOST_BEFORE_FIRST = 2


def repeat(
    draw: Callable[..., None],
    *arguments: Any,
    key: str,
    begin: Callable[[], None] | None = None,
    seconds: float = POLL_SECONDS,
    is_busy: Callable[[], bool] | None = None,
) -> None:
    """Draws something where it is called, as long as something moves; then the page once more,
    and also when it is the drawing that has begun something.

    A fragment stands alone in its container: when it runs again before the page has been sent,
    Streamlit drops what it drew before, and the browser stumbles over the gap before a sibling.

    Args:
        key: The page, as in its widget keys.
        begin: What comes before every drawing: it may begin and steer runs, a drawing never does.
        seconds: Between two looks, with few jobs on the server.
        is_busy: Whether something moves; without it, whether any job of the page does.
    """
    is_busy = is_busy or (lambda: session.is_busy(key))
    pace = _pace(key) if is_busy() else 0
    if not pace:
        session.visitor().resting.append(is_busy)
    with st.container():
        flush.fragment(_again, run_every=seconds * pace or None)(
            draw, arguments, begin, is_busy, pace, key
        )
        if not pace and is_busy():
            flush.fragment(session.run_page_again, run_every=seconds)()


def follow(draw: Callable[[], None], seconds: float) -> None:
    """Draws something where it is called, again and again while somebody looks: what others do is
    told by nobody.
    """
    with st.container():
        flush.fragment(draw, run_every=seconds)()


def _again(
    draw: Callable[..., None],
    arguments: tuple[Any, ...],
    begin: Callable[[], None] | None,
    is_busy: Callable[[], bool],
    pace: int,
    key: str,
) -> None:
    with turns.taken():
        if begin is not None:
            begin()
        draw(*arguments)
    if _is_out_of_step(is_busy, pace, key):
        session.run_page_again()


def _is_out_of_step(is_busy: Callable[[], bool], pace: int, key: str) -> bool:
    """Whether the page is drawn too often or too seldom: a job can come to rest, and begin again,
    between two parts of one run, so this part may be awake and another one not.
    """
    if not is_busy():
        return pace > 0
    return not pace / 4 < _pace(key) < 4 * pace or any(
        wakes() for wakes in session.visitor().resting
    )


def _pace(key: str) -> int:
    """1, 2, 4, ... times as slow: a job among many has its turn, and something new, so seldom. Who
    waits for a first picture is told soon.
    """
    seconds_between_turns = num_training() * CHUNK_SECONDS / max(1, CLUSTER.status().ready)
    pace = 1 << round(math.log2(max(1.0, seconds_between_turns / POLL_SECONDS)))
    return min(pace, MOST_BEFORE_FIRST) if session.awaits_first(key) else pace
