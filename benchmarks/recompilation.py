"""Whether a moved knob costs a compilation: chunks with something new against the usual chunk."""

import itertools
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from benchmarks.arena import Contestant, Spread, Timed, play_rounds, ratios
from benchmarks.contestants import LEARNING_RATE, SIZES, images

BATCH_SIZE = 128
CHUNK = 200
USUAL, RATE, LENGTH, SEED = (
    "the usual chunk",
    "another learning rate",
    "another length",
    "another seed",
)


class Recompilation(NamedTuple):
    """Seconds of the very first chunk, compilation and all, of a usual one, and ratios an update
    by what is new in a chunk.
    """

    first_seconds: float
    usual_seconds: float
    ratios: dict[str, Spread]


def measure(num_rounds: int, say: Callable[[str], None]) -> Recompilation:
    """Every round has a learning rate, a length and a seed that were never seen before."""
    say(f"Recompilation: {num_rounds} rounds of chunks of about {CHUNK} updates")
    contestant = Contestant(chunks)
    contestant.call("")
    first = contestant.call(USUAL)

    def one(kind: str) -> Timed:
        timed = contestant.call(kind)
        return Timed(timed.seconds / timed.value * CHUNK, kind)

    players = {kind: partial(one, kind) for kind in (USUAL, RATE, LENGTH, SEED)}
    rounds = play_rounds(players, num_rounds)
    contestant.close()
    usual = rounds.pop(USUAL)
    result = {kind: ratios(timed, usual) for kind, timed in rounds.items()}
    typical = sorted(timed.seconds for timed in usual)[num_rounds // 2]
    say(f"  first chunk {first.seconds:.2f} s, a usual one {typical:.2f} s")
    for kind, ratio in result.items():
        say(f"  {kind:24} × {ratio.median:.2f} ({ratio.low:.2f} to {ratio.high:.2f})")
    return Recompilation(first.seconds, typical, result)


def chunks() -> Callable[[str], int]:
    """What lives in the process: it trains a chunk of a kind and returns its number of updates."""
    from core.configs import StackedConfig
    from core.datasets import Dataset
    from core.training import advance, init_state

    config = StackedConfig(batch_size=BATCH_SIZE, learning_rate=LEARNING_RATE)
    x, counter = images(), itertools.count(1)
    data, state = Dataset(x, x[:10]), init_state(config, SIZES[0], 0)
    others = (init_state(config, SIZES[0], seed) for seed in itertools.count(1))
    fresh = [next(others) for _ in range(20)]

    def train(kind: str) -> int:
        nonlocal state
        if not kind:
            return 0
        number, coefficients = next(counter), config.coefficients()
        if kind == RATE:
            coefficients["learning_rate"] *= 1 + number / 1000
        num_updates = CHUNK + (number if kind == LENGTH else 0)
        begin = fresh.pop() if kind == SEED else state
        state, _ = advance(config, data, begin, coefficients, num_updates=num_updates)
        return num_updates

    return train
