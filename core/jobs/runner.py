"""A job: the run of one experiment, as a chain of short chunks on the workers.

A thread of the job keeps two chunks *in flight* on the workers. The state *carried* from chunk to
chunk stays there; now and then it is fetched to the server (*home*), as the point from which the
job restarts when a worker is lost. Imports no TensorFlow.
"""

import dataclasses
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from typing import Any

from distributed import Client, Future, KilledWorker
from distributed.comm import CommClosedError

from core.datasets import DatasetUnavailable
from core.engine.state import Past, Patience, Snapshot, TrainingDiverged
from core.experiments import Experiment
from core.jobs import chunks, speed, worker
from core.jobs.chunks import Chunk, Flight
from core.jobs.cluster import CLUSTER, ClusterUnavailable
from core.jobs.queries import Question, Questions
from core.jobs.registry import enter, num_training
from core.jobs.replay import Found, Place, Replay
from core.jobs.restart_point import Home
from core.store.checkpoints import Checkpoint, Checkpoints

CHUNKS_IN_FLIGHT = 2
SLOW_SECONDS = 0.5
SLOW_EPOCH_SHARE = 4
MAX_RESTARTS = 3
PATIENT_SECONDS = 1.5
NOT_THE_CHECKPOINT = (TrainingDiverged, DatasetUnavailable, ClusterUnavailable)
EXPECTED_PROBLEMS = (*NOT_THE_CHECKPOINT, ValueError)
LOST_WORKER = (KilledWorker, CancelledError, CommClosedError, TimeoutError)


class Job:
    """Runs one experiment while `is_wanted()` holds; no method but `ask` waits for the workers.
    With `slow`, a quarter of an epoch at a time. `kept_by` is the version of the project that kept
    the run from which it begins, if that is another one than this.

    Args:
        views: Names of `core.queries.autoencoder.VIEWS`, computed after every chunk.
        is_wanted: Asked before every chunk; while False it rests, until a snapshot is taken again.
        checkpoints: Where it looks for what was trained before, and leaves what it trains.
    """

    def __init__(
        self,
        experiment: Experiment,
        views: tuple[str, ...],
        is_wanted: Callable[[], bool],
        checkpoints: Checkpoints | None = None,
    ) -> None:
        self.experiment = experiment
        self._data = experiment.own()
        self._views = views
        self._is_wanted = is_wanted
        self._replay = Replay(checkpoints) if checkpoints else None
        self._questions = Questions()
        self._is_replaying = False
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self._flights: list[Flight] = []
        self._carried: Future | worker.Carried | None = None
        self._home = Home(0, None)
        self._generation = self._restarts = self._update = self._goal = self._reached = 0
        self._last_sign = time.monotonic()
        self._near: str | None = None
        self._past = Past()
        self._report: worker.Report | None = None
        self.kept_by = ""
        self.slow = False
        self._is_stale = False
        self.owes = frozenset[str]()
        self._seconds_per_update: float | None = None
        self._phase = "paused"
        self._problem: str | None = None
        enter(self)

    def prepare(self) -> None:
        """Shows the untrained network and waits."""
        with self._lock:
            self._phase = "starting"
            self._start_thread()

    def play(self) -> None:
        """Trains on to the last epoch; after a stop by itself, without stopping again."""
        self.train_to(self.experiment.num_updates)

    def play_epoch(self) -> None:
        """Trains to the end of the present epoch, or of the next one when between two."""
        per_epoch = self.experiment.updates_per_epoch
        self.train_to((self._update // per_epoch + 1) * per_epoch)

    def pause(self) -> None:
        """Forgets what has not begun; the chunk that runs counts, a lost one is trained again."""
        with self._lock:
            self._goal = self._reached if self._reached > self._update else 0
            del self._flights[1:]
            if self._phase in ("starting", "training"):
                self._phase = "pausing" if self._flights or self._goal else "paused"

    def steer(self, wanted: Mapping[str, Any]) -> None:
        """Turns live knobs of the running model, from the end of the chunk that runs.

        Moves that were still to come are forgotten. Before the first update it is the config that
        changes: nothing has moved yet.

        Raises:
            ValueError: The run holds as many moves as it can.
        """
        with self._lock:
            at = self._flights[0].end if self._flights else self._update
            self.experiment = self.experiment.steered(at, wanted)
            if at:
                del self._flights[1:]

    def extend(self, *, num_epochs: int, early_stopping: bool) -> None:
        """Moves the end of the run; what has been trained stays."""
        with self._lock:
            old = self.experiment
            to_the_end = self._goal == self.experiment.num_updates
            self.experiment = dataclasses.replace(
                old, num_epochs=num_epochs, early_stopping=early_stopping
            )
            if self.experiment == old:
                return
            del self._flights[1:]
            if to_the_end:
                self._goal = self.experiment.num_updates
            if self._phase in ("paused", "finished", "stopped"):
                self._settle()

    def look_at(self, views: tuple[str, ...]) -> None:
        """Asks for other views; a job at rest fetches them."""
        with self._lock:
            if views == self._views:
                return
            self._views = views
            self._is_stale = True
            del self._flights[1:]
            if self._phase in ("paused", "finished", "stopped"):
                self._start_thread()

    def skip(self) -> None:
        """Jumps to the end of what was trained before, now or when it gets there."""
        if self._replay:
            self._replay.skip()

    def checkpoint(self) -> Checkpoint | None:
        """The run as it stands, to be kept or exported; None while it is at work."""
        with self._lock:
            if isinstance(self._carried, worker.Carried) and not (self._goal or self._flights):
                return Checkpoint(self._carried.state, list(self._past.records))
        return None

    def ask(self, question: str, *arguments: Any) -> dict[str, Any] | None:
        """What the model says as it stands; None while there is none, or none is free (`owes`)."""
        carried = self._carried if self._report else None
        if carried is None:
            return None
        self.owes |= {question}
        client = CLUSTER.connected()
        if client is None:
            return None
        asked = Question(self.experiment, carried, question, arguments)
        stamp = None if self._goal or self._flights else self._update
        try:
            answer = self._questions.ask(client, asked, stamp, num_training())
        except LOST_WORKER:
            return None
        self.owes -= {question}
        return answer

    def snapshot(self) -> Snapshot:
        """How things stand; wakes a job that rested because nobody wanted it."""
        silent = self.silent_seconds
        rate = self._seconds_per_update
        with self._lock:
            if self._goal > self._update:
                self._start_thread()
            snapshot = Snapshot(
                self._phase,
                self._update,
                list(self._past.records),
                self._report.views if self._report else {},
                {name: list(points) for name, points in self._past.traces.items()},
                speed.batch_rows(self.experiment) / rate if rate else None,
                silent,
                self._restarts > 0 and bool(self._goal or self._flights),
                self._is_replaying and self._goal > 0,
                self._problem,
            )
        if silent < PATIENT_SECONDS or snapshot.phase == "starting":
            return snapshot
        cluster = CLUSTER.status()
        return snapshot._replace(recovering=snapshot.recovering or cluster.ready < cluster.most)

    def seconds_for(self, num_updates: int) -> float:
        """How long so many updates take, as far as is known by now."""
        return num_updates * self._each()

    def _each(self) -> float:
        return self._seconds_per_update or speed.seconds_per_update(self.experiment)

    @property
    def _place(self) -> Place:
        return self.experiment, self._update, self._goal

    @property
    def silent_seconds(self) -> float:
        """How long the workers have owed a chunk; 0 while they owe none."""
        return time.monotonic() - self._last_sign if self._flights else 0.0

    @property
    def is_at_work(self) -> bool:
        """Whether it trains, or fetches other views."""
        return self._thread is not None and self._thread.is_alive()

    def train_to(self, goal: int) -> None:
        """Trains on until so many updates are made, or to the last epoch."""
        with self._lock:
            if self._phase == "stopped":
                self.experiment = dataclasses.replace(self.experiment, early_stopping=False)
            self._goal = min(goal, self.experiment.num_updates)
            self._restarts = 0
            if self._goal > self._update:
                self._phase = "training" if self._report else "starting"
                self._problem = None
                self._start_thread()

    def _start_thread(self) -> None:
        if not self.is_at_work:
            self._thread = threading.Thread(target=self._run, name="job", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            while self._take_chunk(CLUSTER.client()):
                pass
        except EXPECTED_PROBLEMS as error:
            self._fail(str(error))
        except Exception as error:
            if CLUSTER.is_closed:
                return
            logging.getLogger(__name__).exception("A job failed")
            self._fail(
                f"The workers failed in a way that nobody foresaw ({type(error).__name__}). "
                "Press reset."
            )

    def _take_chunk(self, client: Client) -> bool:
        """Keeps the workers busy, waits for one chunk and takes it in; False at the end."""
        flight = None
        try:
            self._come_home_if_due()
            flight = self._submit(client, self._next_checkpoint())
            if flight is None:
                return False
            report = chunks.wait_for(client, flight, self._near)
            with self._lock:
                self._accept(flight, report)
            self._save_if_due(flight)
        except LOST_WORKER:
            self._restart()
            return True
        except NOT_THE_CHECKPOINT:
            raise
        except Exception:
            if flight is None or not self._drop_checkpoint(flight):
                raise
            return True
        self._rest(flight)
        return True

    def _rest(self, flight: Flight) -> None:
        """Between two chunks: shows what was trained before at a speed that can be watched."""
        if flight.chunk.checkpoint and self._replay and self._goal:
            self._replay.rest()
        elif self.slow and self._goal:
            time.sleep(SLOW_SECONDS)

    def _submit(self, client: Client, found: Found | None) -> Flight | None:
        """Submits chunks until enough are in flight; drops one if the job has changed meanwhile.

        It submits without the lock, so that `snapshot` does not wait. Returns the chunk that ends
        next, or None at rest.
        """
        most = 1 if self.slow else CHUNKS_IN_FLIGHT
        while True:
            with self._lock:
                wanted = len(self._flights) < most and self._is_wanted()
                chunk = self._next_chunk(found) if wanted else None
                if chunk is None:
                    if not self._flights:
                        self._settle()
                        self._thread = None
                    return self._flights[0] if self._flights else None
                if not self._flights:
                    self._last_sign = time.monotonic()
                before = self._place, self._views, list(self._flights)
            flight = chunks.submit(client, before[0][0], chunk, self._near, self._data)
            with self._lock:
                if before == (self._place, self._views, self._flights):
                    self._flights.append(flight)
                else:
                    self._is_stale |= chunk.is_look

    def _next_chunk(self, found: Found | None) -> Chunk | None:
        """A look, if somebody asked for it; what was trained before; or the next updates."""
        look = Chunk(self._update, 0, self._carried, self._views, self._generation)
        if self._flights:
            last = self._flights[-1]
            size = 0 if last.chunk.size == 0 or self._home.is_due() else self._size(last.end)
            look = look._replace(begin=last.end, carried=last.carried)
            return look._replace(size=size) if size > 0 else None
        if self._report is None or self._is_stale:
            self._is_stale = False
            return look
        if found and found.place == self._place:
            checkpoint = found.checkpoint
            carried = worker.Carried(checkpoint.state, Patience().after(checkpoint.records))
            begin = checkpoint.state.update
            return look._replace(begin=begin, carried=carried, checkpoint=checkpoint)
        size = self._size(self._update)
        return look._replace(size=size) if size > 0 else None

    def _next_checkpoint(self) -> Found | None:
        """Reads without the lock: a disk may be slow, and `snapshot` must not wait for it."""
        with self._lock:
            place = self._place
            busy = self._flights or self.slow or self._is_stale
            if busy or not (self._replay and self._report) or self._goal <= self._update:
                return None
        return self._replay.next(place)

    def _size(self, begin: int) -> int:
        """Updates of a chunk from `begin` on: not beyond the goal or the next move."""
        limits = [self._goal, *(m.update for m in self.experiment.moves if m.update > begin)]
        size = chunks.size_near(self._each())
        if self.slow:
            size = min(size, max(1, self.experiment.updates_per_epoch // SLOW_EPOCH_SHARE))
        if not self._past.records:
            size = min(size, self.experiment.updates_per_epoch)
        return min(begin + size, *limits) - begin

    def _accept(self, flight: Flight, report: worker.Report) -> None:
        if not self._flights or self._flights[0] is not flight:
            return
        self._flights.pop(0)
        self._carried = flight.carried
        self._report = report
        self._near = report.address
        self._last_sign = time.monotonic()
        self._restarts = 0
        self._home = self._home.after(flight.carried, report)
        checkpoint = flight.chunk.checkpoint
        updates = report.update - self._update
        self._update = report.update
        records = checkpoint.records[len(self._past.records) :] if checkpoint else report.records
        self._past.add(records, report.views, report.update)
        self._is_replaying = checkpoint is not None
        if self._replay:
            self._replay.land(flight.chunk)
        if updates and not checkpoint:
            self._seconds_per_update = speed.learn(self.experiment, report.seconds / updates)
        if self._phase == "starting" and self._goal and report.update:
            self._phase = "training"
        if report.stopped:
            self._goal = 0
            self._flights.clear()
        self._settle()

    def _settle(self) -> None:
        """Sets the phase of a job that has come to rest."""
        if self._update >= self._goal:
            self._goal = 0
            self._flights.clear()
        if self._flights or self._goal or self._phase == "failed":
            return
        if self._update >= self.experiment.num_updates:
            self._phase = "finished"
        else:
            self._phase = "stopped" if self._report and self._report.stopped else "paused"

    def _save_if_due(self, flight: Flight) -> None:
        """Saves a checkpoint after 1, 2, 3, 4, 6, 8, 12, ... epochs, and wherever the job stops."""
        report = self._report
        if self._replay is None or flight.chunk.size == 0 or report is None:
            return
        update = self._update
        epoch = self._update // self.experiment.updates_per_epoch
        if self._goal and not self._replay.lacks(epoch, report.state_bytes):
            return
        carried = chunks.result_of(flight.carried)
        self._home = dataclasses.replace(self._home, update=update, carried=carried)
        self._replay.save(self.experiment, Checkpoint(carried.state, self._past.records), epoch)

    def _come_home_if_due(self) -> None:
        """Fetches the state to the server: a restart point, and a short graph of Dask."""
        carried = self._carried
        goes_on = self._goal and self._is_wanted() and not self._home.is_due()
        if self._flights or goes_on or not isinstance(carried, Future):
            return
        state = chunks.result_of(carried)
        with self._lock:
            if self._carried is carried:
                self._carried = state
                self._home = Home(self._update, state)

    def _restart(self) -> None:
        """Restarts from the last state on the server; training again gives the same numbers."""
        with self._lock:
            self._restarts += 1
            self._go_back()
            if self._restarts > MAX_RESTARTS:
                raise ClusterUnavailable(
                    "The workers were lost again and again. Press play to try once more."
                )

    def _drop_checkpoint(self, failed: Flight) -> bool:
        """After a failed chunk: deletes the checkpoint it began from (of another version, say) and
        trains instead. Returns whether it began from one.
        """
        if not (self._replay and self._replay.forget(self.experiment, failed.chunk)):
            return False
        logging.getLogger(__name__).warning("A checkpoint does not fit and is forgotten.")
        with self._lock:
            self._home = self._replay.proven(self._home)
            self._go_back()
        return True

    def _go_back(self) -> None:
        self._generation += 1
        self._flights.clear()
        self._near = None
        self._reached = max(self._reached, self._update)
        self._goal = max(self._goal, self._reached)
        self._update = self._home.update
        self._carried = self._home.carried
        self._past.go_back_to(self._update, self.experiment.updates_per_epoch)

    def _fail(self, sentence: str) -> None:
        with self._lock:
            self._flights.clear()
            self._goal = 0
            self._thread = None
            self._phase = "failed"
            self._problem = sentence
