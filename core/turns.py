"""One page at a time: Python runs one thread at a time anyway, and thirty pages that are drawn
together are all late.
"""

import contextlib
import threading
from collections.abc import Iterator

PATIENT_SECONDS = 1.0
_turn = threading.Lock()
_own = threading.local()


@contextlib.contextmanager
def taken() -> Iterator[None]:
    """Waits for a turn, a second at most: whoever holds it may be waiting for something slow."""
    if getattr(_own, "holds", False):
        yield
        return
    _own.holds = _turn.acquire(timeout=PATIENT_SECONDS)
    try:
        yield
    finally:
        _give_back()


@contextlib.contextmanager
def lent() -> Iterator[None]:
    """Leaves the turn to others, while this one waits for a worker."""
    held = getattr(_own, "holds", False)
    _give_back()
    try:
        yield
    finally:
        if held:
            _own.holds = _turn.acquire(timeout=PATIENT_SECONDS)


def _give_back() -> None:
    if getattr(_own, "holds", False):
        _own.holds = False
        _turn.release()
