"""Images a second of every contestant at several batch sizes, in paired rounds."""

import statistics
from collections.abc import Callable, Iterable
from functools import partial
from importlib.util import find_spec
from typing import NamedTuple

from benchmarks.arena import Contestant, Spread, Timed, play_rounds, ratios, spread
from benchmarks.contestants import CONTESTANTS, ENGINE, LIMIT, NEEDS, NUM_IMAGES, trainer
from benchmarks.reach.table import Claim, Say, not_measured
from benchmarks.report import table as table_of

BATCH_SIZES = (32, 128, 256)
JUDGED_BATCH_SIZE = 128
NUM_ROUNDS = 5
EPOCHS = 3
LEAST_KERAS = 2.5
LEAST_PEER = 1.25
KERAS = next(name for name in CONTESTANTS if "its default" in name)
FALLEN = 0.6
ALIKE = 0.25
HOW = """\
Every contestant lives in a process of its own, with the threads that its library takes by default \
(PyTorch: one a core), and only the one that is asked works. In every round each of them trains \
{epochs} epochs, in turn, and who begins moves on by one each round. A cell is the median of \
{rounds} rounds; a ratio is taken within a round, and its median, lowest and highest are given, \
because the speed of a machine drifts and other programs run on it. A first epoch (compilation) is \
not counted. All train 784-100-30-100-784 (relu; linear code; sigmoid output) with Adam at 1e-3 on \
mse, on {images:,} images of digits in a new random order every epoch; the run fails if the loss \
of one of them does not fall, or falls otherwise than the others'. The engine's time holds the \
record of the epoch and the state brought out to numpy. Peers keep their images as float32 in \
memory and use no data loader. The last line is a limit and not a contestant: the matrix products \
alone."""


class Throughput(NamedTuple):
    """One contestant at one batch size: its images a second, and how many times as many the engine
    trained in the same rounds.
    """

    images_per_second: Spread
    engine_ratio: Spread


Table = dict[str, dict[int, Throughput]]


def present() -> list[str]:
    """The contestants whose library is installed."""
    return [name for name in CONTESTANTS if not name.startswith(tuple(_missing()))]


def _missing() -> dict[str, str]:
    """The packages that are not installed, by how the names of their contestants begin."""
    return {word: package for word, package in NEEDS.items() if find_spec(package) is None}


def measure(say: Say) -> tuple[list[Claim], str]:
    """Trains everything everywhere.

    Raises:
        RuntimeError: A contestant does not train, or not the same network.
    """
    contestants = {name: Contestant(trainer, name) for name in present()}
    table: Table = {name: {} for name in contestants}
    for batch_size in BATCH_SIZES:
        say(f"Batch size {batch_size}: one epoch to warm up, {NUM_ROUNDS} rounds of {EPOCHS}")
        players = {name: partial(c.call, batch_size, EPOCHS) for name, c in contestants.items()}
        first = {name: c.call(batch_size, 1) for name, c in contestants.items()}
        rounds = play_rounds(players, NUM_ROUNDS)
        _check_losses(first, rounds)
        for name, timed in rounds.items():
            table[name][batch_size] = _throughput(timed, rounds[ENGINE])
            say(f"  {name:58} {_words(table[name][batch_size])}")
    for contestant in contestants.values():
        contestant.close()
    left_out = [not_measured(f"{word}, images a second", f"{package} is not installed")
                for word, package in _missing().items()]  # fmt: skip
    return [*_claims(table), *left_out], _words_about(table)


def _claims(table: Table) -> list[Claim]:
    peers = [name for name in table if name not in (ENGINE, LIMIT)]
    speed = {name: table[name][JUDGED_BATCH_SIZE].images_per_second.median for name in peers}
    best = max(peers, key=speed.__getitem__)

    def claim(name: str, words: str, least: float) -> Claim:
        ratio = table[name][JUDGED_BATCH_SIZE].engine_ratio
        what = f"times as fast as {words}, batch {JUDGED_BATCH_SIZE}"
        return Claim(what, ratio, f"at least {least}", ratio.median >= least)

    return [
        claim(KERAS, KERAS, LEAST_KERAS),
        claim(best, f"the best peer, {best}", LEAST_PEER),
    ]


def _words_about(table: Table) -> str:
    speeds = _cells(table, lambda each: f"{each.images_per_second.median:,.0f}")
    others = {name: results for name, results in table.items() if name != ENGINE}
    ratios_of = _cells(others, lambda each: each.engine_ratio.words())
    return "\n\n".join(
        ("Images a second:", speeds,
         "How many times as many the engine trained in the same rounds (lowest to highest):",
         ratios_of, HOW.format(epochs=EPOCHS, rounds=NUM_ROUNDS, images=NUM_IMAGES))
    )  # fmt: skip


def _cells(table: Table, cell: Callable[[Throughput], str]) -> str:
    marks = {ENGINE: "**{}**", LIMIT: "*{}*"}
    rows: Iterable[list[str]] = (
        [marks.get(name, "{}").format(name), *(cell(results[size]) for size in BATCH_SIZES)]
        for name, results in table.items()
    )
    return table_of(["", *(f"batch {size}" for size in BATCH_SIZES)], rows)


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
    return f"{speed.median:9,.0f} images/s   engine × {ratio.words()}"
