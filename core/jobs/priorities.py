"""Which task goes first on a worker. Dask takes the one with the highest priority.

Short tasks that somebody waits for go ahead of all training. A chunk has a deadline, and the one
that is due first goes first: so what nobody has seen yet comes before what trains on, and what
trains on still has its turn.
"""

import time

AHEAD = 10.0
"""The priority of short tasks that somebody waits for."""
TRAINS_ON = 6.0
"""The deadline of a chunk of a run that has an epoch already, in seconds from when it is sent."""
LONGEST_FIRST = 12.0
"""A run whose first epoch takes more of a worker, in seconds, goes as one that trains on: it would
keep all others waiting.
"""
QUESTION = 3.0
"""The deadline of a question that nobody has typed, while many runs train."""
BEHIND = 30.0
"""The deadline of what is brought only for comfort: pictures of the way that a run has come."""
MOST_LATER = 120.0
"""How much later than usual a chunk of a visit is due at most that has had more than its share."""


def due_in(seconds: float) -> float:
    """The priority of a task that is due so many seconds from now."""
    return -(time.time() + seconds)


def of_chunk(seconds_to_first: float | None, ahead: float = 0.0) -> float:
    """The priority of a chunk.

    Args:
        seconds_to_first: How long the run still takes to its first epoch; None where nobody waits.
            The shortest comes first; one that takes very long is not ahead of all others for that.
        ahead: How long its visit is ahead of the others, in seconds; see
            `core.jobs.visits.Visit.ahead`. So visits share the time of the workers, whatever the
            length of their chunks.
    """
    later = TRAINS_ON + min(MOST_LATER, ahead)
    return due_in(later if seconds_to_first is None else min(later, 2 * seconds_to_first))
