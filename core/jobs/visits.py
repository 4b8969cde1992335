"""A visit: the runs of one visitor, their share of the workers, and what lies here for them.

Workers share their turns among visits, not among runs: one visitor with ten runs does not keep
another with one from training. Imports no TensorFlow.
"""

import gc
import logging
import os
import shutil
import tempfile
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from core.datasets import cache_folder
from core.files import make_folder
from core.jobs.answers import ANSWERS
from core.jobs.cluster import CLUSTER
from core.jobs.memory import SERVER_BYTES, VISIT_BYTES
from core.jobs.seeks import Seeks
from core.store.checkpoints import Checkpoints

CHUNKS_IN_FLIGHT = 2
"""How many chunks of a job are under way at a time."""
MOST_RUNS_A_VISIT = 12
MOST_RUNS = 240
MOST_VISITS_AN_ADDRESS = 60
"""A school is one address: this is against a flood."""
WORKER_BYTES_A_VISIT = 2_000_000_000
"""What all runs of a visit may take on the workers together; one of them may always train."""
STORE_BYTES = 300_000_000
"""What the states of a visitor's own data, or of a run of another version, may take on the disk."""
LOOK_SECONDS = 1.0
"""Between two looks for visitors who have left."""
PREFIX = "visit-"
_VISITS: "weakref.WeakSet[Visit]" = weakref.WeakSet()
_LOCK = threading.RLock()


class Visit:
    """What one visitor has at work, and what is let go when the visit ends.

    Beside others at work, as many of its runs are under way as its share of the workers is; a run
    gives way to another one of the visit after each chunk. Of those that wait, the one that has
    waited longest goes first. Runs beyond a number, of a visit or of the server, stand in line
    until one rests.

    Args:
        is_here: Whether the visitor can still come back; asked in another thread.
        address: Where the visitor comes from, "" for unknown.
        name: What the web server calls the visit.

    Attributes:
        own_bytes: Of the visitor's own data, by their names.
    """

    def __init__(
        self, is_here: Callable[[], bool] = lambda: True, address: str = "", name: str = ""
    ) -> None:
        self.is_here = is_here
        self.address = address
        self.name = name
        self.own_bytes: dict[str, int] = {}
        self._jobs: weakref.WeakSet[Any] = weakref.WeakSet()
        self._admitted: weakref.WeakSet[Any] = weakref.WeakSet()
        self._folders: weakref.WeakSet[_PrivateFolder] = weakref.WeakSet()
        self._store: Checkpoints | None = None
        self.seeks = Seeks()
        self._served: float | None = None
        with _LOCK:
            _VISITS.add(self)

    def enter(self, job: Any) -> None:
        """Registers a job, until nobody holds it."""
        with _LOCK:
            self._jobs.add(job)

    @property
    def store(self) -> Checkpoints:
        """Where the states of runs on the visitor's own data lie, until the visit ends."""
        with _LOCK:
            if self._store is None:
                self._store = self.new_store()
            return self._store

    def new_store(self) -> Checkpoints:
        """Where the states of a run lie that no other run may take for its own, until the visit
        ends.
        """
        folder = _PrivateFolder()
        with _LOCK:
            self._folders.add(folder)
        return Checkpoints(folder, STORE_BYTES)

    # Turns.

    @property
    def is_at_work(self) -> bool:
        """Whether any of its jobs has a chunk under way, or waits for its turn."""
        jobs = self._all()
        return any(each.num_under_way for each in jobs) or bool(_waiting(jobs))

    def may_send(self, job: Any) -> bool:
        """Whether it is a job's turn to have one more chunk under way."""
        with _LOCK:
            if not self._admit(job):
                return False
            admitted = list(self._admitted)
            num_others = sum(each.is_at_work for each in _VISITS if each is not self)
        under_way = [each for each in admitted if each.num_under_way]
        waiting = _waiting(admitted)
        share = max(1, CLUSTER.status().ready // (num_others + 1))
        if sum(each.num_under_way for each in under_way) >= CHUNKS_IN_FLIGHT * share:
            return False
        if num_others and waiting and len(under_way) >= share:
            return False
        return not waiting or min(waiting).job is job

    def charge(self, seconds: float) -> None:
        """A worker has trained for this visit for so long. Of the time before it began nobody is
        owed anything: it begins with what the one has had that has had least.
        """
        with _LOCK:
            begin = _least_served() if self._served is None else self._served
            self._served = begin + seconds

    @property
    def ahead(self) -> float:
        """How long the others must be served, in seconds, until they have had as much as it."""
        with _LOCK:
            if self._served is None:
                return 0.0
            num_visits = sum(each._served is not None for each in _VISITS)
            more = self._served - _least_served()
        return more * num_visits / max(1, CLUSTER.status().ready)

    def rest(self, job: Any) -> None:
        """A job rests: another one may begin."""
        with _LOCK:
            self._admitted.discard(job)
            if not self._admitted:
                self._served = None

    def holds_back(self, job: Any) -> bool:
        """Whether a job stands in line until another one rests."""
        with _LOCK:
            return job.waits_since is not None and job not in self._admitted

    def _admit(self, job: Any) -> bool:
        """Lets a job be one of those that take turns, if there is room for one more."""
        if job in self._admitted:
            return True
        line = _waiting(each for each in self._jobs if each not in self._admitted)
        is_next = not line or min(line, key=lambda each: each.since).job is job
        num_bytes = sum(each.predicted_bytes for each in (job, *self._admitted))
        fits = num_bytes <= WORKER_BYTES_A_VISIT or not self._admitted
        has_room = len(self._admitted) < MOST_RUNS_A_VISIT and fits
        if not (is_next and has_room and self._server_has_room()):
            return False
        self._admitted.add(job)
        return True

    def _server_has_room(self) -> bool:
        training = [each for each in _VISITS if each._admitted]
        if sum(len(each._admitted) for each in training) >= MOST_RUNS:
            return False
        neighbours = [each for each in training if each.address and each.address == self.address]
        return self in neighbours or len(neighbours) < MOST_VISITS_AN_ADDRESS

    # Memory.

    def make_room(self) -> None:
        """Lets runs at rest go of the states that no disk has taken, the oldest first, beyond the
        budget of the visit, or of the server.
        """
        with _LOCK:
            everybody = [job for visit in _VISITS for job in visit._jobs]
        for jobs, budget in ((self._all(), VISIT_BYTES), (everybody, SERVER_BYTES)):
            total = 0
            for job in sorted(jobs, key=lambda each: each.last_sign, reverse=True):
                total += job.bytes_here
                if total > budget:
                    job.let_go_of_state()

    # The end.

    def end(self) -> None:
        """Lets go what the visit held, on this server and on the workers."""
        self.seeks.end()
        for job in self._all():
            job.release()
        ANSWERS.tidy()
        with _LOCK:
            self._admitted.clear()
            self._served = None
            _VISITS.discard(self)
            folders, self._store = list(self._folders), None
        for folder in folders:
            folder.remove()

    def _all(self) -> list[Any]:
        with _LOCK:
            return list(self._jobs)


def _least_served() -> float:
    """Seconds of the workers that the visit at work has had that has had least."""
    return min((each._served for each in _VISITS if each._served is not None), default=0.0)


class _Waiting(NamedTuple):
    """A job that waits for its turn. The lower, the sooner: what nobody has seen yet, and then what
    has waited longest; `number` decides between equals.
    """

    was_seen: bool
    since: float
    number: int
    job: Any


def _waiting(jobs: Iterable[Any]) -> list[_Waiting]:
    """Those that wait, and give way to nobody; any thread may end the wait of its own job
    meanwhile.
    """
    return [
        _Waiting(not job.awaits_first, since, number, job)
        for number, job in enumerate(jobs)
        if (since := job.waits_since) is not None and not job.gives_way
    ]


class _PrivateFolder:
    """A folder that is made when it is first asked for, and goes with the visit at the latest."""

    def __init__(self) -> None:
        self._path: Path | None = None

    def __call__(self) -> Path:
        with _LOCK:
            if self._path is None:
                make_folder(cache_folder())
                prefix = f"{PREFIX}{os.getpid()}-"
                self._path = Path(tempfile.mkdtemp(prefix=prefix, dir=cache_folder()))
                weakref.finalize(self, shutil.rmtree, self._path, ignore_errors=True)
            return self._path

    def remove(self) -> None:
        """Deletes it. Where a file is still being written, it goes with the last who knows it."""
        with _LOCK:
            if self._path is not None:
                shutil.rmtree(self._path, ignore_errors=True)


def own_bytes() -> Counter[str]:
    """What visitors' own data take on this server, by the names of the visits."""
    held: Counter[str] = Counter()
    with _LOCK:
        for each in _VISITS:
            held[each.name] += sum(each.own_bytes.values())
    return held


def sweep() -> None:
    """Deletes the folders of visits to servers that were killed. Called when a server starts."""
    for path in cache_folder().glob(f"{PREFIX}*"):
        number = path.name.removeprefix(PREFIX).partition("-")[0]
        # This server has made none yet, but in a container each server is process number 1.
        is_of_before = number == str(os.getpid())
        if number.isdecimal() and (is_of_before or not psutil.pid_exists(int(number))):
            shutil.rmtree(path, ignore_errors=True)


def watch() -> None:
    """Ends visits whose visitor has left for good, in a thread of its own."""
    threading.Thread(target=_watch, name="end-visits", daemon=True).start()


def _watch() -> None:
    while not CLUSTER.is_closed:
        time.sleep(LOOK_SECONDS)
        try:
            if _end_those_who_left():
                gc.collect()
        except Exception:
            logging.getLogger(__name__).exception("A visit could not be ended")


def _end_those_who_left() -> bool:
    """Whether there were any."""
    with _LOCK:
        ended = [each for each in _VISITS if not each.is_here()]
    for visit in ended:
        visit.end()
    return bool(ended)
