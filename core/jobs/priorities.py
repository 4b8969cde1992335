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
QUESTION = 3.0
"""The deadline of a question that nobody has typed, while many runs train."""
FIRST_PICTURE = 3.0
"""The latest deadline of a chunk before the first epoch: the shortest run comes first."""
MOST_TIMES_LATER = 20.0
"""How many times later than usual a chunk that takes long is due at most."""


def due_in(seconds: float) -> float:
    """The priority of a task that is due so many seconds from now."""
    return -(time.time() + seconds)


def of_chunk(seconds_to_first: float | None, length: float = 1.0) -> float:
    """The priority of a chunk.

    Args:
        seconds_to_first: How long the run still takes to its first epoch; None where nobody waits.
        length: How long the chunk takes, as a multiple of `chunks.CHUNK_SECONDS`. One that takes
            longer is due later in proportion, so that visits share the time of the workers, not the
            number of chunks.
    """
    if seconds_to_first is None:
        return due_in(TRAINS_ON * min(MOST_TIMES_LATER, max(1.0, length)))
    return due_in(min(FIRST_PICTURE, 2 * seconds_to_first))
