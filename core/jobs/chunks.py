"""Chunks: the short stretches of which a job is made, on their way through the workers.

Imports no TensorFlow.
"""

import asyncio
import dataclasses
import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

from distributed import Client, Future, wait

from core.experiments import Experiment
from core.jobs import answer_cache, worker
from core.store.checkpoints import Checkpoint

CHUNK_SECONDS = 0.3
AHEAD = 10
"""Dask's priority of what is short, seldom and waited for: it need not queue behind training."""
WATCH_SECONDS = 5
EXPORT_SECONDS = 120


class Chunk(NamedTuple):
    """What a worker is asked to do.

    Attributes:
        begin: The update at which it begins.
        size: How many updates; none to look at what is `carried`.
        carried: What the chunk before returned, or the future of it; None to begin a run.
        views: Names of `core.queries.autoencoder.VIEWS`.
        generation: How often the run was thrown back by a lost worker.
        checkpoint: Where `carried` comes from, if it was not trained now but before.
    """

    begin: int
    size: int
    carried: Future | worker.Carried | None
    views: tuple[str, ...]
    generation: int = 0
    checkpoint: Checkpoint | None = None

    @property
    def is_look(self) -> bool:
        """Whether somebody wants to see what is carried, and nothing more."""
        return not self.size and self.checkpoint is None


@dataclasses.dataclass(eq=False)
class Flight:
    """A chunk under way, and the futures of what it carries and of its report; or, of a look that
    is remembered, the two themselves. `memory` is where its report will be; empty for nowhere.
    """

    chunk: Chunk
    carried: Future | worker.Carried
    report: Future | worker.Report
    memory: str = ""

    @property
    def end(self) -> int:
        return self.chunk.begin + self.chunk.size


def submit(
    client: Client, experiment: Experiment, chunk: Chunk, near: str | None, data: Any
) -> Flight:
    """Sends a chunk off. The same chunk after the same chunks has the same key: two users of a link
    share it. A look at a state that is kept here, and is nobody's own, needs no worker twice.

    Args:
        near: The worker that should rather have it.
        data: What a worker cannot load by itself: own images.
    """
    parent = getattr(chunk.carried, "key", None)
    run = experiment.key_before(chunk.begin + 1)
    text = repr(
        (run, chunk.begin, chunk.size, chunk.views, experiment.early_stopping,
         chunk.generation, parent)
    )  # fmt: skip
    name = hashlib.sha256(text.encode()).hexdigest()[:32]
    memory = "" if chunk.size or parent or data else name
    seen = answer_cache.LOOKS.get(memory)
    if seen and seen.is_valid:
        return Flight(chunk, seen.carried or chunk.carried, seen.report)
    pinned = near is not None and not isinstance(chunk.carried, Future)
    options: Any = {"workers": [near], "allow_other_workers": True} if pinned else {}
    options["priority"] = AHEAD if chunk.is_look else 0
    own = client.submit(worker.hold, data, key=f"data-{experiment.data_name}") if data else None
    arguments = (experiment, chunk.carried, chunk.size, chunk.views, own)
    carried = client.submit(worker.run_chunk, *arguments, key=f"chunk-{name}", **options)
    report = client.submit(worker.report_of, carried, key=f"report-{name}", priority=AHEAD)
    return Flight(chunk, carried, report, memory)


def wait_for(client: Client, flight: Flight, near: str | None) -> worker.Report:
    """The report of a chunk, remembered if it is a look. Dask itself would wait for ever for a
    worker that is gone: a renewed one has another address.

    Raises:
        TimeoutError: The worker that the chunk prefers is gone.
    """
    while not isinstance(flight.report, worker.Report):
        try:
            report = result_of(flight.report, WATCH_SECONDS)
            _remember(flight, report)
            return report
        except TimeoutError:
            if near and near not in client.scheduler_info()["workers"]:
                raise
    return flight.report


def _remember(flight: Flight, report: worker.Report) -> None:
    """No worker is named: whoever comes later takes the one that is free."""
    if flight.memory:
        carried = None if flight.chunk.carried else flight.carried
        answer_cache.LOOKS[flight.memory] = answer_cache.Seen(
            report._replace(address=None), carried
        )


def result_of(future: Future, seconds: float | None = None) -> Any:
    """What a future has to give.

    Dask gathers for all threads at once: whoever gives up waiting must not cancel that for others.

    Raises:
        CancelledError: It was cancelled.
        TimeoutError: It gave nothing for so long.
    """
    client = future.client

    async def gather() -> Any:
        return await asyncio.shield(client.gather(future, asynchronous=True))

    with client.as_current():
        wait(future, timeout=seconds)
    return client.sync(gather, callback_timeout=seconds)


def export(client: Client, kind: str, experiment: Experiment, checkpoint: Checkpoint) -> bytes:
    """A file of a run, made by a worker: "script" (a zip) or "keras"; see `core.export.script`."""
    own = experiment.own()
    made = client.submit(worker.export, kind, experiment, checkpoint, own, pure=False)
    return result_of(made, EXPORT_SECONDS)


def size_near(seconds_per_update: float) -> int:
    """The updates of a chunk of about 0.3 seconds: 1, 2, 3, 4, 6, 8, 12, ..."""
    most = max(1, round(CHUNK_SECONDS / seconds_per_update))
    power = 1 << most.bit_length() - 1
    return power + power // 2 if most >= power + power // 2 else power


def next_size(count: int) -> int:
    """The first of 1, 2, 3, 4, 6, 8, 12, ... above `count`."""
    return next(size for size in _sizes() if size > count)


def _sizes() -> Iterable[int]:
    yield 1
    power = 2
    while True:
        yield from (power, power + power // 2)
        power *= 2
