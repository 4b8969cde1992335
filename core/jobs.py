"""A job: one experiment on its way, as a chain of short chunks on the workers. Imports no
TensorFlow."""

import dataclasses
import hashlib
import logging
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any, NamedTuple

from distributed import Client, Future, KilledWorker
from distributed.comm import CommClosedError

from core import worker
from core.cluster import CLUSTER, ClusterUnavailable
from core.configs import num_parameters
from core.datasets import DatasetUnavailable
from core.experiments import Experiment, Move
from core.progress import Record, TrainingDiverged

CHUNK_SECONDS = 0.25
CHUNKS_IN_FLIGHT = 2
SLOW_SECONDS = 0.5
SLOW_EPOCH_SHARE = 4
MAX_RESTARTS = 3
HOME_SECONDS = 5.0
HOME_BYTES_PER_SECOND = 2_000_000
UPDATE_SECONDS = 1.5e-4
FLOPS_PER_SECOND = 1.3e11
FLOPS_PER_PARAMETER = 6
PATIENT_SECONDS = 1.5
COMPILE_RATIO = 6
EXPECTED_PROBLEMS = (TrainingDiverged, DatasetUnavailable, ClusterUnavailable, ValueError)
LOST_WORKER = (KilledWorker, CancelledError, CommClosedError, TimeoutError)


_JOBS: "weakref.WeakSet[Job]" = weakref.WeakSet()


class Snapshot(NamedTuple):
    """What is known of a job at one moment.

    Attributes:
        phase: "starting" (no chunk back yet), "training", "pausing" (one chunk still runs),
            "paused",
            "stopped" (no longer improving), "finished" (all epochs done) or "failed" (`problem`
            says why).
        update: Updates made.
        records: One an epoch.
        views: The latest of what the page asked to see, by view and name.
        images_per_second: While the latest chunk ran, or None.
        silent_seconds: How long the workers have owed a chunk.
        recovering: Whether that is because a worker was lost.
        problem: A sentence, or None.
    """

    phase: str
    update: int
    records: list[Record]
    views: dict[str, dict[str, Any]]
    images_per_second: float | None
    silent_seconds: float
    recovering: bool
    problem: str | None

    @property
    def is_running(self) -> bool:
        return self.phase in ("starting", "training", "pausing")


@dataclasses.dataclass(eq=False)
class _Flight:
    """A chunk under way: where it begins and ends, and the futures of what it carries and of its
    report.
    """

    begin: int
    end: int
    carried: Future
    report: Future


class Job:
    """Runs one experiment while `is_wanted()` holds; no method but `state` waits for the workers.

    Args:
        views: Names of `core.views.VIEWS`, computed after every chunk.
        is_wanted: Asked before every chunk; while False the job rests, until a snapshot is taken
            again.
    """

    def __init__(
        self, experiment: Experiment, views: tuple[str, ...], is_wanted: Callable[[], bool]
    ) -> None:
        self.experiment = experiment
        self._views, self._is_wanted = views, is_wanted
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self._flights: list[_Flight] = []
        self._carried: Future | worker.Carried | None = None
        self._home: tuple[int, worker.Carried | None] = (0, None)
        self._last_home = self._last_sign = time.monotonic()
        self._update = self._goal = self._restarts = 0
        self._slow = False
        self._records: list[Record] = []
        self._report: worker.Report | None = None
        self._seconds_per_update: float | None = None
        self._phase = "paused"
        self._problem: str | None = None
        _JOBS.add(self)

    def prepare(self) -> None:
        """Shows the untrained network and waits."""
        with self._lock:
            self._phase = "starting"
            self._start_thread()

    def play(self) -> None:
        """Trains on to the last epoch; after a stop by itself, without stopping again."""
        self._train_to(self.experiment.num_updates)

    def play_epoch(self) -> None:
        """Trains to the end of the present epoch, or of the next one when between two."""
        per_epoch = self.experiment.updates_per_epoch
        self._train_to((self._update // per_epoch + 1) * per_epoch)

    def pause(self) -> None:
        """Submits nothing more and forgets what has not begun; the chunk that runs still counts."""
        with self._lock:
            self._goal = 0
            del self._flights[1:]
            if self._phase in ("starting", "training"):
                self._phase = "pausing" if self._flights else "paused"

    def move(self, name: str, value: float) -> None:
        """Turns a live knob of the running model, from the end of the chunk that runs."""
        with self._lock:
            del self._flights[1:]
            at = self._flights[0].end if self._flights else self._update
            kept = tuple(
                m
                for m in self.experiment.moves
                if m.update < at or (m.update == at and m.name != name)
            )
            self.experiment = dataclasses.replace(
                self.experiment, moves=(*kept, Move(at, name, value))
            )

    def extend(self, *, num_epochs: int, early_stopping: bool) -> None:
        """Moves the end of the run; what has been trained stays."""
        with self._lock:
            old, to_the_end = self.experiment, self._goal == self.experiment.num_updates
            self.experiment = dataclasses.replace(
                old, num_epochs=num_epochs, early_stopping=early_stopping
            )
            if self.experiment == old:
                return
            del self._flights[1:]
            if to_the_end:
                self._goal = self.experiment.num_updates
            if self._phase in ("finished", "stopped"):
                self._phase = "paused"
                self._settle()

    def set_slow(self, slow: bool) -> None:
        """Slow motion: a quarter of an epoch at a time, with a rest between."""
        self._slow = slow

    def snapshot(self) -> Snapshot:
        """How things stand; wakes a job that rested because nobody wanted it."""
        with self._lock:
            if self._goal > self._update and not self._is_thread_alive():
                self._start_thread()
            silent = time.monotonic() - self._last_sign if self._flights else 0.0
            snapshot = Snapshot(
                self._phase, self._update, list(self._records), self._report.views if self._report
                else {},
                self._images_per_second(), silent, False, self._problem,
            )  # fmt: skip
        if silent < PATIENT_SECONDS or snapshot.phase == "starting":
            return snapshot
        cluster = CLUSTER.status()
        return snapshot._replace(recovering=self._restarts > 0 or cluster.ready < cluster.expected)

    def state(self) -> Any:
        """The `core.training.State` of now, or None before the first chunk; waits for it to come
        home.
        """
        carried = self._carried
        carried = carried.result() if isinstance(carried, Future) else carried
        return carried.state if carried else None

    def _train_to(self, goal: int) -> None:
        with self._lock:
            if self._phase == "stopped":
                self.experiment = dataclasses.replace(self.experiment, early_stopping=False)
            self._goal, self._restarts = min(goal, self.experiment.num_updates), 0
            if self._goal > self._update:
                self._phase, self._problem = "training" if self._report else "starting", None
                self._start_thread()

    def _is_thread_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _start_thread(self) -> None:
        if not self._is_thread_alive():
            self._thread = threading.Thread(target=self._run, name="job", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            while self._take_chunk(CLUSTER.client()):
                pass
        except EXPECTED_PROBLEMS as error:
            self._fail(str(error))
        except Exception as error:
            logging.getLogger(__name__).exception("A job failed")
            self._fail(
                f"The workers failed in a way that nobody foresaw ({type(error).__name__}). "
                f"Press reset."
            )

    def _take_chunk(self, client: Client) -> bool:
        """Keeps the workers busy, waits for one chunk and takes it in; False when there is nothing
        left to do.
        """
        try:
            self._come_home_if_due()
            with self._lock:
                self._submit(client)
                flight = self._flights[0] if self._flights else None
                if flight is None:
                    self._settle()
                    self._thread = None
                    return False
            report = flight.report.result()
        except LOST_WORKER:
            self._restart()
            return True
        with self._lock:
            self._accept(flight, report)
        if self._slow and self._goal:
            time.sleep(SLOW_SECONDS)
        return True

    def _submit(self, client: Client) -> None:
        while len(self._flights) < (1 if self._slow else CHUNKS_IN_FLIGHT) and self._is_wanted():
            begin = self._flights[-1].end if self._flights else self._update
            first = self._report is None and not self._flights
            size = 0 if first else self._chunk_size(begin)
            if not first and (size <= 0 or (self._flights and self._is_home_due())):
                return
            carried = self._flights[-1].carried if self._flights else self._carried
            self._flights.append(self._submit_chunk(client, carried, begin, size))

    def _submit_chunk(self, client: Client, carried: Any, begin: int, size: int) -> _Flight:
        """The same chunk of the same run has the same key, so that two users with one link share
        the work.
        """
        run = self.experiment.key_before(begin + 1)
        text = repr((run, begin, size, self._views, self.experiment.early_stopping, self._restarts))
        name = hashlib.sha256(text.encode()).hexdigest()[:32]
        near = (
            {"workers": [self._report.address], "allow_other_workers": True} if self._report else {}
        )
        chunk = client.submit(
            worker.run_chunk,
            self.experiment,
            carried,
            size,
            self._views,
            key=f"chunk-{name}",
            retries=2,
            **near,
        )
        parts = [
            client.submit(worker.pick, chunk, i, key=f"{part}-{name}")
            for i, part in enumerate(("carry", "tell"))
        ]
        self._last_sign = time.monotonic() if not self._flights else self._last_sign
        return _Flight(begin, begin + size, *parts)

    def _chunk_size(self, begin: int) -> int:
        limits = [
            self._goal,
            *(move.update for move in self.experiment.moves if move.update > begin),
        ]
        size = max(1, round(CHUNK_SECONDS / self.seconds_per_update()))
        if self._slow:
            size = min(size, max(1, self.experiment.updates_per_epoch // SLOW_EPOCH_SHARE))
        return min(begin + size, *limits) - begin

    def _accept(self, flight: _Flight, report: worker.Report) -> None:
        if not self._flights or self._flights[0] is not flight:
            return
        self._flights.pop(0)
        self._carried, self._report, self._last_sign = flight.carried, report, time.monotonic()
        updates, self._update = report.update - self._update, report.update
        self._records += report.records
        if updates and report.seconds < COMPILE_RATIO * updates * _Speed.predict(self.experiment):
            self._seconds_per_update = report.seconds / updates
            _Speed.learn(self.experiment, self._seconds_per_update)
        if self._phase == "starting" and self._goal and report.update:
            self._phase = "training"
        if report.stopped:
            self._goal = 0
            self._flights.clear()
        self._settle()

    def _settle(self) -> None:
        """Says that the job is at rest, once it is."""
        if self._update >= self._goal:
            self._goal = 0
            self._flights.clear()
        if self._flights or self._goal:
            return
        if self._update >= self.experiment.num_updates:
            self._phase = "finished"
        else:
            self._phase = "stopped" if self._report and self._report.stopped else "paused"

    def _is_home_due(self) -> bool:
        num_bytes = self._report.state_bytes if self._report else 0
        return time.monotonic() - self._last_home > max(
            HOME_SECONDS, num_bytes / HOME_BYTES_PER_SECOND
        )

    def _come_home_if_due(self) -> None:
        """Brings the state to this process, so that nothing hangs on a worker's memory and the
        lineage stays short.
        """
        carried = self._carried
        if (
            self._flights
            or not isinstance(carried, Future)
            or (self._goal and not self._is_home_due())
        ):
            return
        state = carried.result()
        with self._lock:
            if self._carried is carried:
                self._carried, self._home = state, (self._update, state)
        self._last_home = time.monotonic()

    def _restart(self) -> None:
        """Goes on from the last state that came home; what is trained again comes out the same."""
        with self._lock:
            self._restarts += 1
            self._flights.clear()
            self._update, self._carried = self._home
            self._records = self._records[: self._update // self.experiment.updates_per_epoch]
            if self._restarts > MAX_RESTARTS:
                raise ClusterUnavailable(
                    "The workers were lost again and again. Press play to try once more."
                )

    def _fail(self, sentence: str) -> None:
        with self._lock:
            self._flights.clear()
            self._goal, self._thread = 0, None
            self._phase, self._problem = "failed", sentence

    def seconds_per_update(self) -> float:
        """Measured on the latest chunk that did not also compile; before that, predicted."""
        return self._seconds_per_update or _Speed.predict(self.experiment)

    def _images_per_second(self) -> float | None:
        if not self._seconds_per_update:
            return None
        return self.experiment.config.batch_size / self._seconds_per_update


class _Speed:
    """How fast the workers are, learned from every chunk, as a factor on a rule of thumb."""

    factor = 1.0

    @classmethod
    def predict(cls, experiment: Experiment) -> float:
        """Seconds an update: a constant and six floating-point operations a parameter and image,
        times the factor.
        """
        operations = FLOPS_PER_PARAMETER * num_parameters(experiment.config, experiment.input_dim)
        return cls.factor * (
            UPDATE_SECONDS + operations * experiment.config.batch_size / FLOPS_PER_SECOND
        )

    @classmethod
    def learn(cls, experiment: Experiment, seconds: float) -> None:
        ratio = cls.factor * seconds / cls.predict(experiment)
        cls.factor += 0.2 * (ratio - cls.factor)


def num_running() -> int:
    """How many jobs of this server are training now."""
    return sum(job._phase in ("starting", "training") for job in list(_JOBS))


def predicted_seconds(experiment: Experiment) -> float:
    """How long the whole experiment will take, should nothing stop it."""
    return experiment.num_updates * _Speed.predict(experiment)
