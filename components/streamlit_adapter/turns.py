"""One page at a time: Python runs one thread at a time anyway, and thirty pages that are drawn
together are all late.
"""

import contextlib
import threading
from collections.abc import Iterator

PATIENT_SECONDS = 1.0
_turn = threading.Lock()


class _Own(threading.local):
    """What a thread is at: whether it draws a page, and has the turn."""

    draws = holds = False


_own = _Own()


@contextlib.contextmanager
def taken() -> Iterator[None]:
    """Waits for a turn, a second at most: whoever holds it may be waiting for something slow. A
    part of a page waits no second time.
    """
    if _own.draws:
        yield
        return
    _own.draws = True
    _take()
    try:
        yield
    finally:
        _give_back()
        _own.draws = False


@contextlib.contextmanager
def lent() -> Iterator[None]:
    """Leaves the turn to others, while this one waits for a worker."""
    held = _own.holds
    _give_back()
    try:
        yield
    finally:
        if held:
            _take()


def _take() -> None:
    _own.holds = _turn.acquire(timeout=PATIENT_SECONDS)


def _give_back() -> None:
    if _own.holds:
        _own.holds = False
        _turn.release()
