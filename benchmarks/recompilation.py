"""Whether anything that moves costs a compilation: new chunks against one that is only repeated."""

import itertools
from collections.abc import Callable
from functools import partial

from benchmarks.arena import Contestant, Spread, Timed, play_rounds, ratios, spread
from benchmarks.contestants import LEARNING_RATE, SIZES, images
from benchmarks.reach.table import Claim, Say
from benchmarks.report import table

BATCH_SIZE = 128
CHUNK = 200
NUM_ROUNDS = 5
MOST = 1.5
REPEATED = "the same chunk again"
NEXT = "later updates"
RATE = "another learning rate"
LENGTH = "another length"
SEED = "another seed"


def measure(say: Say) -> tuple[list[Claim], str]:
    """Every round has updates, a learning rate, a length and a seed that were never seen before."""
    say(f"Recompilation: {NUM_ROUNDS} rounds of chunks of about {CHUNK} updates")
    contestant = Contestant(chunks, NUM_ROUNDS)
    contestant.call("")
    first = contestant.call(REPEATED)

    def one(kind: str) -> Timed:
        timed = contestant.call(kind)
        return Timed(timed.seconds / timed.value * CHUNK, kind)

    players = {kind: partial(one, kind) for kind in (REPEATED, NEXT, RATE, LENGTH, SEED)}
    rounds = play_rounds(players, NUM_ROUNDS)
    contestant.close()
    repeated = rounds.pop(REPEATED)
    result = {kind: ratios(timed, repeated) for kind, timed in rounds.items()}
    typical = spread([timed.seconds for timed in repeated]).median
    slowest = max(result.values(), key=lambda ratio: ratio.median)
    what = "a chunk with something new in it, times a repeated one"
    claim = Claim(what, slowest, f"at most {MOST}", slowest.median <= MOST)
    return [claim], _words(first.seconds, typical, result)


def _words(first: float, repeated: float, result: dict[str, Spread]) -> str:
    head = (
        f"The first chunk of a network took {first:.2f} s, compilation and all; the same {CHUNK} "
        f"updates again {repeated:.2f} s. Time an update of a chunk with something never seen "
        "before, over that of the repeated one:\n\n"
    )
    rows = [(kind, ratio.words()) for kind, ratio in result.items()]
    return head + table(("new in the chunk", "ratio"), rows)


def chunks(num_seeds: int) -> Callable[[str], int]:
    """What lives in the process: it trains a chunk of a kind and returns its number of updates."""
    from core.configs import StackedConfig
    from core.datasets import Dataset
    from core.training import advance, init_state

    config = StackedConfig(batch_size=BATCH_SIZE, learning_rate=LEARNING_RATE)
    x = images()
    data = Dataset(x, x[:10])
    counter = itertools.count(1)
    start, *seeded = [init_state(config, SIZES[0], seed) for seed in range(num_seeds + 1)]
    latest = start

    def train(kind: str) -> int:
        nonlocal latest
        if not kind:
            return 0
        number = next(counter)
        coefficients = config.coefficients()
        if kind == RATE:
            coefficients["learning_rate"] *= 1 + number / 1000
        num_updates = CHUNK + (number if kind == LENGTH else 0)
        begin = seeded.pop() if kind == SEED else latest if kind == NEXT else start
        end, _ = advance(config, data, begin, coefficients, num_updates=num_updates)
        latest = end if kind == NEXT else latest
        return num_updates

    return train
