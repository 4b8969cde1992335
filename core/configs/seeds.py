"""Seeds: whole numbers from which all random numbers of a run follow."""

from typing import Any

import numpy as np

from core.message import Message

MAX_SEED = 2_000_000


def check_seed(seed: Any) -> int:
    """The seed. Raises ValueError unless it is a whole number from 0 to 2,000,000."""
    is_whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
    if not is_whole or not 0 <= seed <= MAX_SEED:
        raise ValueError(
            Message(
                "seed must be a whole number from 0 to {most:,}; received {received!r}.",
                most=MAX_SEED,
                received=seed,
            )
        )
    return int(seed)


def seed_after(seed: int, steps: int) -> int:
    """The seed `steps` further; 0 follows `MAX_SEED`."""
    return (seed + steps) % (MAX_SEED + 1)
