"""The restart point of a run: its last state off the workers, used when one is lost."""

from dataclasses import dataclass, replace
from typing import Any

from core.jobs.worker import Carried, Report

CHUNKS_BETWEEN = 20
BYTES_A_CHUNK = 500_000


@dataclass(frozen=True)
class Home:
    """The state after `update` updates (None at 0), in its file or, where the disk fails, here; and
    chunks and state size since the workers were given one.
    """

    update: int
    carried: Carried | None
    num_chunks: int = 0
    num_bytes: int = 0

    def after(self, carried: Any, report: Report) -> "Home":
        """The restart point after one more chunk: its state, if no worker holds that."""
        if isinstance(carried, Carried):
            return Home(report.update, carried)
        return replace(self, num_chunks=self.num_chunks + 1, num_bytes=report.state_bytes)

    def is_due(self) -> bool:
        """Whether the next state should be fetched: later, the larger it is. Counted in chunks, not
        seconds, so that users of one link fetch the same states.
        """
        return self.num_chunks >= max(CHUNKS_BETWEEN, self.num_bytes // BYTES_A_CHUNK)
