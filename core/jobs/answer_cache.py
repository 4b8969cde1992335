"""What was seen on this server not long ago: whoever opens the same link sees it without a worker.

Only of states that are kept here: everybody who comes to one has the same. Nothing of own images
and texts, which stay until their owner leaves. Imports no TensorFlow.
"""

from typing import Any, NamedTuple

from dask.sizeof import sizeof
from distributed import Future
from zict import LRU

from core.jobs import worker

MAX_BYTES = 50_000_000


class Seen(NamedTuple):
    """How a look came out: its report; and, of an untrained network, the future of its state."""

    report: worker.Report
    carried: Future | None = None

    @property
    def is_valid(self) -> bool:
        """Whether the state, too, can still be had."""
        return self.carried is None or self.carried.status in ("pending", "finished")

    @property
    def num_bytes(self) -> int:
        """What it takes here or on a worker."""
        return sizeof(self.report.views) + (self.report.state_bytes if self.carried else 0)


LOOKS: LRU[str, Seen] = LRU(MAX_BYTES, {}, weight=lambda _, seen: seen.num_bytes)
"""By the key of the chunk."""
ANSWERS: LRU[bytes, dict[str, Any]] = LRU(MAX_BYTES, {}, weight=lambda _, answer: sizeof(answer))
"""By the question and the state that answered."""
