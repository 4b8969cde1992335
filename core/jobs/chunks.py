"""Chunks: the short tasks of which a job consists, some updates each, and their futures.

Imports no TensorFlow.
"""

import asyncio
import dataclasses
import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

from distributed import Client, Future, wait

from core.engine.state import Patience
from core.experiments import Experiment
from core.jobs import worker
from core.jobs.answers import ANSWERS, EVERYBODY, Place
from core.jobs.priorities import AHEAD, BEHIND, due_in
from core.question import Views
from core.store.checkpoints import Checkpoint, small

CHUNK_SECONDS = 0.3
WATCH_SECONDS = 5
EXPORT_SECONDS = 120
Model: TypeAlias = Future | worker.Carried | None
"""What a chunk begins with: a state, the future of one, or None for the untrained network."""


class Chunk(NamedTuple):
    """What a worker is asked to do.

    Attributes:
        begin: The update at which it begins.
        size: Number of updates; 0 to compute views of `carried` alone.
        carried: The result of the chunk before, or its future; None to begin a run.
        views: Questions of `core.queries.autoencoder.VIEWS` that are answered at its end.
        generation: How often the run was restarted after a lost worker, counted from 0, or from a
            random number for a run of another version.
        checkpoint: The checkpoint that `carried` was read from, or None.
    """

    begin: int
    size: int
    carried: Model
    views: Views
    generation: int = 0
    checkpoint: Checkpoint | None = None

    @property
    def is_look(self) -> bool:
        """Whether it is a query-only chunk: no updates and no checkpoint."""
        return not self.size and self.checkpoint is None


@dataclasses.dataclass(eq=False)
class Flight:
    """A submitted chunk with the futures of its result and report; of a query-only chunk whose
    answers are known the values themselves. `places` is where those of a query-only chunk are kept,
    `near` the address of the worker that it prefers, or None.
    """

    chunk: Chunk
    carried: Model
    report: Future | worker.Report
    places: tuple[Place, ...] = ()
    near: str | None = None


def submit(
    client: Client,
    experiment: Experiment,
    chunk: Chunk,
    near: str | None,
    data: Any,
    *,
    priority: float = 0,
    owner: int = EVERYBODY,
    moves: bool = False,
) -> Flight:
    """Submits a chunk to Dask. The same chunk after the same chunks has the same key, so users of
    one link share its computation. A chunk without updates, of a state that this server holds, is
    sent only if one of its answers is not known.

    Args:
        near: The address of the preferred worker, or None.
        data: Own data, which a worker cannot load by itself, or None.
        priority: Of a chunk that trains or replays; see `core.jobs.priorities`.
        owner: Who alone may know the answers; see `core.jobs.answers`.
        moves: Whether the state goes to the preferred worker, if another one holds it.
    """
    parent = getattr(chunk.carried, "key", None)
    is_here = not chunk.size and not parent
    places = _places(experiment, chunk, owner) if is_here else ()
    if is_here and (report := _known(experiment, chunk, places)):
        return Flight(chunk, chunk.carried, report)
    run = experiment.key_before(chunk.begin + 1)
    text = repr(
        (run, chunk.begin, chunk.size, chunk.views, experiment.early_stopping,
         chunk.generation, parent)
    )  # fmt: skip
    name = hashlib.sha256(text.encode()).hexdigest()[:32]
    pinned = near is not None and (moves or not isinstance(chunk.carried, Future))
    options: Any = {"workers": [near], "allow_other_workers": True} if pinned else {}
    options["priority"] = AHEAD if chunk.is_look else priority
    own = client.submit(worker.hold, data, key=f"data-{experiment.data_name}") if data else None
    arguments = (experiment, sendable(chunk.carried), chunk.size, chunk.views, own)
    carried = client.submit(worker.run_chunk, *arguments, key=f"chunk-{name}", **options)
    report = client.submit(worker.report_of, carried, key=f"report-{name}", priority=AHEAD)
    return Flight(chunk, carried if chunk.size else chunk.carried, report, places, near)


def carried_of(checkpoint: Checkpoint) -> worker.Carried:
    """A kept state, as a chunk takes it."""
    return worker.Carried(checkpoint.state, Patience().after(checkpoint.records))


def sendable(carried: Model) -> Model:
    """What a worker gets of a state that lies in a file: the state, or of a large one the file.

    Raises:
        core.store.checkpoints.StateGone: The file is not there any more.
    """
    if isinstance(carried, worker.Carried):
        return worker.Carried(small(carried.state), carried.patience)
    return carried


def _places(experiment: Experiment, chunk: Chunk, owner: int) -> tuple[Place, ...]:
    """Where the answers to the views of a chunk are kept."""
    history = experiment.key_before(chunk.begin)
    return tuple(Place(history, chunk.begin, view.key, owner) for view in chunk.views)


def _known(experiment: Experiment, chunk: Chunk, places: tuple[Place, ...]) -> worker.Report | None:
    """The report of a query-only chunk, if all its answers are known."""
    carried = chunk.carried
    if not places or isinstance(carried, Future):
        return None
    answers = [ANSWERS.get(place) for place in places]
    if any(answer is None for answer in answers):
        return None
    views = dict(zip(chunk.views, answers, strict=True))
    num_bytes = carried.state.num_bytes if carried else 0
    stopped = bool(carried and experiment.early_stopping and carried.patience.is_over)
    return worker.Report(chunk.begin, 0.0, [], views, stopped, num_bytes, None)


def wait_for(client: Client, flight: Flight) -> worker.Report:
    """The report of a chunk; of a query-only chunk the answers are remembered.

    Dask alone would wait for ever for a worker that is gone: its replacement has another address.

    Raises:
        TimeoutError: The worker that the chunk prefers is gone.
    """
    while not isinstance(flight.report, worker.Report):
        try:
            report = result_of(flight.report, WATCH_SECONDS)
            for view, place in zip(flight.chunk.views, flight.places, strict=False):
                ANSWERS.keep(place, report.views[view])
            return report
        except TimeoutError:
            if flight.near and flight.near not in client.scheduler_info()["workers"]:
                raise
    return flight.report


def result_of(future: Future, seconds: float | None = None) -> Any:
    """The result of a future.

    Dask gathers for all threads in one coroutine, which a timeout of one thread must not cancel.

    Raises:
        CancelledError: The future was cancelled.
        TimeoutError: It has no result after `seconds`.
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
    checkpoint = checkpoint._replace(state=small(checkpoint.state))
    made = client.submit(worker.export, kind, experiment, checkpoint, own, pure=False)
    return result_of(made, EXPORT_SECONDS)


def film(client: Client, *arguments: Any, **options: Any) -> bytes:
    """A film, drawn by a worker; see `core.export.film.make`."""
    task = client.submit(worker.film, arguments, options, pure=False, priority=due_in(BEHIND))
    return result_of(task, EXPORT_SECONDS)


def size_near(seconds_per_update: float, share: float = 1.0) -> int:
    """The updates of a chunk of about 0.3 seconds, or of a share of that: 1, 2, 3, 4, 6, 8, ..."""
    most = max(1, round(share * CHUNK_SECONDS / seconds_per_update))
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
