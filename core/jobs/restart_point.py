"""The last state of a run that came to the server: from there it goes on when a worker is lost."""

from dataclasses import dataclass, replace
from typing import Any

from core.jobs.worker import Carried, Report

CHUNKS_BETWEEN = 20
BYTES_A_CHUNK = 500_000


@dataclass(frozen=True)
class Home:
    """A state after so many updates; None before the first one, and how far the run has come."""

    update: int
    carried: Carried | None
    num_chunks: int = 0
    num_bytes: int = 0

    def after(self, carried: Any, report: Report) -> "Home":
        """What it is when the run has come one chunk further: a state that lies here is home."""
        if isinstance(carried, Carried):
            return Home(report.update, carried)
        return replace(self, num_chunks=self.num_chunks + 1, num_bytes=report.state_bytes)

    def is_due(self) -> bool:
        """Whether the next state should come: the larger it is, the later. Counted in chunks, not
        seconds, so that two users of one link stay in step.
        """
        return self.num_chunks >= max(CHUNKS_BETWEEN, self.num_bytes // BYTES_A_CHUNK)
