"""Contestants in processes of their own, timed in turn, and what is read off such paired rounds.

Every contestant lives through the whole measurement, so thread pools never meet in one process;
only the one that is asked works, the others sleep. Each round asks all of them once: a slow minute
of the machine then slows all of them, and ratios taken within a round survive it.
"""

import multiprocessing
import os
import statistics
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

REST_SECONDS = 0.3  # Threads of the one before may still spin for work.


class Timed(NamedTuple):
    """How long a call took inside its process, and what it returned."""

    seconds: float
    value: Any


class Spread(NamedTuple):
    """The median of some rounds, and their lowest and highest."""

    median: float
    low: float
    high: float

    def words(self) -> str:
        """Such as "1.39 (1.18 to 1.47)"."""
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"


class Contestant:
    """A function that lives in a process of its own.

    Args:
        factory: Called there, once, with `args`; what it returns is the function. Importable.
    """

    def __init__(self, factory: Callable[..., Callable[..., Any]], *args: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, factory, args), daemon=True)
        self._process.start()

    def call(self, *args: Any) -> Timed:
        """Calls the function and waits for it.

        Raises:
            RuntimeError: It failed; the text is its traceback.
        """
        self._pipe.send(args)
        try:
            answer = self._pipe.recv()
        except EOFError:
            answer = f"A contestant's process ended with exit code {self._process.exitcode}."
        if isinstance(answer, str):
            raise RuntimeError(answer)
        return answer

    def close(self) -> None:
        self._pipe.close()
        self._process.join(10)


def _serve(pipe: Connection, factory: Callable[..., Callable[..., Any]], args: Any) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what libraries chatter when they are loaded
    function = None
    while True:
        try:
            call = pipe.recv()
        except EOFError:
            return
        try:
            function = function or factory(*args)
            started = time.perf_counter()
            value = function(*call)
            pipe.send(Timed(time.perf_counter() - started, value))
        except Exception:
            pipe.send(traceback.format_exc())


def play_rounds(
    players: Mapping[str, Callable[[], Timed]], num_rounds: int
) -> dict[str, list[Timed]]:
    """Asks every player once a round; who begins moves on by one place each round."""
    names = list(players)
    results: dict[str, list[Timed]] = {name: [] for name in names}
    for number in range(num_rounds):
        for i in range(len(names)):
            name = names[(number + i) % len(names)]
            time.sleep(REST_SECONDS)
            results[name].append(players[name]())
    return results


def spread(values: Sequence[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))


def ratios(numerator: Sequence[Timed], denominator: Sequence[Timed]) -> Spread:
    """Seconds of one over seconds of another, taken round by round."""
    pairs = zip(numerator, denominator, strict=True)
    return spread([a.seconds / b.seconds for a, b in pairs])
