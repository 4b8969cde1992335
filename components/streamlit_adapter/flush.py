"""What a run has drawn reaches the browser, whatever comes in meanwhile.

A run hands what it draws to the server's event loop. Streamlit (1.67) begins the next run of a
visitor as soon as the last one has ended, and throws away what of the last one the loop has not
taken by then: on a busy machine a word typed, or a part that is drawn again every half second, can
come in just there. So a run ends only when the loop has taken everything.
"""

import asyncio
import contextlib
import functools
import threading
from collections.abc import Callable, Iterator

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

PATIENT_SECONDS = 1.0
_loop: asyncio.AbstractEventLoop | None = None


def begin() -> None:
    """Remembers the event loop of the server, in which it is called."""
    global _loop
    _loop = asyncio.get_running_loop()


@contextlib.contextmanager
def whole() -> Iterator[None]:
    """Around a run: it ends when the server has taken what it has drawn, or a second later."""
    try:
        yield
    finally:
        if _loop is not None and not _loop.is_closed():
            taken = threading.Event()
            _loop.call_soon_threadsafe(taken.set)
            taken.wait(PATIENT_SECONDS)


def fragment(draw: Callable[..., None], *, run_every: float | None = None) -> Callable[..., None]:
    """`st.fragment`, with runs of its own that are delivered whole."""

    @functools.wraps(draw)
    def delivered(*arguments: object) -> None:
        context = get_script_run_ctx()
        is_own_run = context is not None and context.fragment_ids_this_run
        with whole() if is_own_run else contextlib.nullcontext():
            draw(*arguments)

    return st.fragment(delivered, run_every=run_every)
