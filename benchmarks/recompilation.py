"""Whether anything that moves costs a compilation: new chunks against one that is only repeated."""

import itertools
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from benchmarks.arena import Contestant, Spread, Timed, play_rounds, ratios, spread
from benchmarks.contestants import LEARNING_RATE, SIZES, images

BATCH_SIZE = 128
CHUNK = 200
REPEATED, NEXT, RATE, LENGTH, SEED = (
    "the same chunk again",
    "later updates",
    "another learning rate",
    "another length",
    "another seed",
)


class Recompilation(NamedTuple):
    """Seconds of the very first chunk, compilation and all, of one that is repeated, and ratios an
    update by what is new in a chunk.
    """

    first_seconds: float
    repeated_seconds: float
    ratios: dict[str, Spread]


def measure(num_rounds: int, say: Callable[[str], None]) -> Recompilation:
    """Every round has updates, a learning rate, a length and a seed that were never seen before."""
    say(f"Recompilation: {num_rounds} rounds of chunks of about {CHUNK} updates")
    contestant = Contestant(chunks, num_rounds)
    contestant.call("")
    first = contestant.call(REPEATED)

    def one(kind: str) -> Timed:
        timed = contestant.call(kind)
        return Timed(timed.seconds / timed.value * CHUNK, kind)

    players = {kind: partial(one, kind) for kind in (REPEATED, NEXT, RATE, LENGTH, SEED)}
    rounds = play_rounds(players, num_rounds)
    contestant.close()
    repeated = rounds.pop(REPEATED)
    result = {kind: ratios(timed, repeated) for kind, timed in rounds.items()}
    typical = spread([timed.seconds for timed in repeated]).median
    say(f"  first chunk {first.seconds:.2f} s, repeated {typical:.2f} s")
    for kind, ratio in result.items():
        say(f"  {kind:58} × {ratio.median:5.2f} ({ratio.low:.2f} to {ratio.high:.2f})")
    return Recompilation(first.seconds, typical, result)


def chunks(num_seeds: int) -> Callable[[str], int]:
    """What lives in the process: it trains a chunk of a kind and returns its number of updates."""
    from core.configs import StackedConfig
    from core.datasets import Dataset
    from core.training import advance, init_state

    config, x = StackedConfig(batch_size=BATCH_SIZE, learning_rate=LEARNING_RATE), images()
    data, counter = Dataset(x, x[:10]), itertools.count(1)
    start, *seeded = [init_state(config, SIZES[0], seed) for seed in range(num_seeds + 1)]
    latest = start

    def train(kind: str) -> int:
        nonlocal latest
        if not kind:
            return 0
        number, coefficients = next(counter), config.coefficients()
        if kind == RATE:
            coefficients["learning_rate"] *= 1 + number / 1000
        num_updates = CHUNK + (number if kind == LENGTH else 0)
        begin = seeded.pop() if kind == SEED else latest if kind == NEXT else start
        end, _ = advance(config, data, begin, coefficients, num_updates=num_updates)
        latest = end if kind == NEXT else latest
        return num_updates

    return train
