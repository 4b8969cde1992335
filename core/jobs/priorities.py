"""Which task goes first on a worker. Dask takes the one with the highest priority.

Short tasks that somebody waits for go ahead of all training. A chunk has a deadline, and the one
that is due first goes first: so what nobody has seen yet comes before what trains on, and what
trains on still has its turn.
"""

import time

AHEAD = 10.0
TRAINS_ON = 6.0
"""Within how many seconds a run shall go on."""
QUESTION = 3.0
"""Within how many seconds a question is answered that nobody has typed, while many runs train."""
USUAL, MOST_LATER = 0.3, 20.0
"""Seconds of a chunk, and how many times as late a long one is due at most."""
FIRST_PICTURE = 3.0
"""At most, and at most twice what it takes: of first pictures the shortest comes first."""


def due_in(seconds: float) -> float:
    """The priority of a task that is due so many seconds from now."""
    return -(time.time() + seconds)


def of_chunk(seconds_to_first: float | None, seconds: float = USUAL) -> float:
    """The priority of a chunk.

    Args:
        seconds_to_first: How long the run still takes to its first epoch; None where nobody waits.
        seconds: What the chunk takes: one that takes longer than usual is due so much later, since
            workers share their time among visits, not their chunks.
    """
    if seconds_to_first is None:
        return due_in(TRAINS_ON * min(MOST_LATER, max(1.0, seconds / USUAL)))
    return due_in(min(FIRST_PICTURE, 2 * seconds_to_first))
