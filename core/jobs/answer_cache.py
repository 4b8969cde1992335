"""LRU caches of answers and of query-only chunks: a link that is opened again needs no worker.

Only of states that this server holds. Nothing of own images and texts is cached, which are dropped
when their owner leaves. Imports no TensorFlow.
"""

from typing import Any, NamedTuple

from dask.sizeof import sizeof
from distributed import Future
from zict import LRU

from core.jobs import worker

MAX_BYTES = 50_000_000


class Seen(NamedTuple):
    """The result of a query-only chunk: its report, and for a new run the future of its state."""

    report: worker.Report
    carried: Future | None = None

    @property
    def is_valid(self) -> bool:
        """Whether the future of the state is still pending or finished."""
        return self.carried is None or self.carried.status in ("pending", "finished")

    @property
    def num_bytes(self) -> int:
        """Size of the views, here, and of the state, on a worker."""
        return sizeof(self.report.views) + (self.report.state_bytes if self.carried else 0)


LOOKS: LRU[str, Seen] = LRU(MAX_BYTES, {}, weight=lambda _, seen: seen.num_bytes)
"""Results of query-only chunks by the key of the chunk."""
ANSWERS: LRU[bytes, Any] = LRU(MAX_BYTES, {}, weight=lambda _, answer: sizeof(answer))
"""Answers by a hash of the question and the state, see `queries.Asked.memory`."""
