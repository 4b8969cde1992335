"""Images a second of every contestant at several batch sizes, in paired rounds."""

import statistics
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import NamedTuple

from benchmarks.arena import Contestant, Spread, Timed, play_rounds, ratios, spread
from benchmarks.contestants import CONTESTANTS, ENGINE, LIMIT, NEEDS, NUM_IMAGES, trainer

EPOCHS = 3
FALLEN = 0.6
ALIKE = 0.25


class Throughput(NamedTuple):
    """One contestant at one batch size: its images a second, and how many times as many the engine
    trained in the same rounds.
    """

    images_per_second: Spread
    engine_ratio: Spread


Table = dict[str, dict[int, Throughput]]


def present() -> list[str]:
    """The contestants whose library is installed."""
    missing = [word for word, package in NEEDS.items() if find_spec(package) is None]
    return [name for name in CONTESTANTS if not name.startswith(tuple(missing))]


def measure(batch_sizes: tuple[int, ...], num_rounds: int, say: Callable[[str], None]) -> Table:
    """Trains everything everywhere.

    Raises:
        RuntimeError: A contestant does not train, or not the same network.
    """
    contestants = {name: Contestant(trainer, name) for name in present()}
    table: Table = {name: {} for name in contestants}
    for batch_size in batch_sizes:
        say(f"Batch size {batch_size}: one epoch to warm up, {num_rounds} rounds of {EPOCHS}")
        players = {name: partial(c.call, batch_size, EPOCHS) for name, c in contestants.items()}
        first = {name: c.call(batch_size, 1) for name, c in contestants.items()}
        rounds = play_rounds(players, num_rounds)
        _check_losses(first, rounds)
        for name, timed in rounds.items():
            table[name][batch_size] = _throughput(timed, rounds[ENGINE])
            say(f"  {name:58} {_words(table[name][batch_size])}")
    for contestant in contestants.values():
        contestant.close()
    return table


def best_peer(table: Table, batch_size: int) -> str:
    """The fastest contestant that trains, the engine apart."""
    peers = [name for name in table if name not in (ENGINE, LIMIT)]
    return max(peers, key=lambda name: table[name][batch_size].images_per_second.median)


def _throughput(timed: list[Timed], engine: list[Timed]) -> Throughput:
    speeds = [EPOCHS * NUM_IMAGES / each.seconds for each in timed]
    return Throughput(spread(speeds), ratios(timed, engine))


def _check_losses(first: dict[str, Timed], rounds: dict[str, list[Timed]]) -> None:
    trained = [name for name in rounds if name != LIMIT]
    last = {name: rounds[name][-1].value[-1] for name in trained}
    middle = statistics.median(last.values())
    for name in trained:
        before = first[name].value[0]
        if not last[name] < FALLEN * before:
            raise RuntimeError(f"{name} does not train: {before:.4f}, then {last[name]:.4f}.")
        if abs(last[name] / middle - 1) > ALIKE:
            raise RuntimeError(f"{name} trains otherwise: {last[name]:.4f}, others {middle:.4f}.")


def _words(result: Throughput) -> str:
    speed, ratio = result
    return f"{speed.median:9,.0f} images/s   engine × {ratio.median:5.2f}" + (
        f" ({ratio.low:.2f} to {ratio.high:.2f})"
    )
