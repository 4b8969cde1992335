"""The Dask cluster: worker processes that this server starts in the background, or a scheduler
elsewhere.
"""

import atexit
import contextlib
import logging
import math
import os
import socket
import sys
import threading
import time
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any, NamedTuple

import dask
from distributed import Client, LocalCluster, Scheduler, SchedulerPlugin, SpecCluster
from distributed.comm.addressing import parse_address, parse_host_port

from core.jobs import compile_cache, worker
from core.message import Message
from core.store.teacher import TEACHER

CONNECT_SECONDS = 8
GRACE_SECONDS = 2
RETRY_SECONDS = 2
SECOND_WORKER_SECONDS = 15
LOOK_SECONDS = 0.5
SILENT_SECONDS = 4
TIDY_SECONDS = 60
START_METHOD = "fork" if sys.platform == "linux" else "spawn"
NO_ANSWER = Message("no answer yet")
REASONS = {
    ConnectionRefusedError: Message("the connection is refused"),
    socket.gaierror: Message("the host name is unknown"),
    TimeoutError: NO_ANSWER,
}
MEMORY_LIMIT = 4 * 2**30
MAX_WORKERS = 999
PRIORITIES_ALONE = {"distributed.scheduler.worker-saturation": math.inf}
"""Or the scheduler holds tasks without dependencies back while a worker has any others: a run that
begins would wait until those that train on have ended, whatever its priority.
"""
ROOT = Path(__file__).resolve().parents[2]


class ClusterUnavailable(Exception):
    """There are no workers; the text is a sentence for the reader."""


class ClusterStatus(NamedTuple):
    """`ready` workers have TensorFlow loaded, `most` ever had; `problem`: a sentence or None."""

    ready: int
    most: int
    problem: str | None


class AnyWorker(SchedulerPlugin):
    """Lets a task that preferred a lost worker run on the next one that comes.

    Dask lets it wait for the lost one for ever if no other was there at that moment
    (dask/distributed issue 7346), and with it all who ask for the same chunk.
    """

    name = "any-worker"

    def add_worker(self, scheduler: Scheduler, worker: str) -> None:
        """Dask's hook, called before the scheduler looks for what the new worker may run."""
        waiting = [task.key for task in scheduler.unrunnable if task.loose_restrictions]
        scheduler.set_restrictions(dict.fromkeys(waiting))


class Cluster:
    """A connection that is made in the background and made again when it is lost.

    A scheduler elsewhere ($BOTTLENECK_SCHEDULER) that does not answer is tried again every
    `RETRY_SECONDS`; until it answers, `client` raises and `status` tells the problem, at once. One
    that falls silent later (its computer is gone) is known by a question it leaves unanswered.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._attempted = threading.Event()
        self._starting: threading.Thread | None = None
        self._client: Client | None = None
        self._processes: Any = None
        self._problem: str | None = None
        self._most = self._ready = 0
        self.addresses: frozenset[str] = frozenset()
        self.worker_bytes = 0
        """Memory of the smallest worker; 0 while none is known."""
        self._is_silent = False
        self._closed = False

    def start(self) -> None:
        """Begins to connect, unless it is connected or at it already; returns at once."""
        with self._lock:
            is_starting = self._starting is not None and self._starting.is_alive()
            if self._closed or is_starting or self._is_open():
                return
            self._attempted.clear()
            self._starting = threading.Thread(
                target=self._connect, name="start-workers", daemon=True
            )
            self._starting.start()

    def client(self) -> Client:
        """The Dask client; waits for the first attempt to connect, but for a scheduler elsewhere no
        longer than `GRACE_SECONDS`. For threads of jobs; others use `connected`, which never waits.

        Raises:
            ClusterUnavailable: A sentence with the address that does not answer.
        """
        self.start()
        address = os.environ.get("BOTTLENECK_SCHEDULER")
        if not self._attempted.wait(GRACE_SECONDS if address else None):
            self._problem = _unanswered(address, NO_ANSWER)
        client = self.connected()
        if client is None:
            raise ClusterUnavailable(
                self._problem or Message("The workers are not running. Press play to start them.")
            )
        return client

    def connected(self) -> Client | None:
        """The Dask client, or None while there is no connection; never waits."""
        return self._client if self._is_connected() else None

    def status(self) -> ClusterStatus:
        """How many workers are up, or were a moment ago; never waits."""
        if self._is_connected():
            return ClusterStatus(self._ready, self._most, None)
        return ClusterStatus(0, self._most, self._problem)

    def close(self) -> None:
        """Ends the connection, and the processes if they are ours."""
        self._closed = True
        with self._lock:
            client = self._client
            processes = self._processes
            self._client = self._processes = None
        for resource in (client, processes):
            if resource is not None:
                with contextlib.suppress(RuntimeError):  # its event loop is gone already
                    resource.close(timeout=5)

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def _is_open(self) -> bool:
        client = self._client
        return client is not None and client.status == "running" and _is_running(client)

    def _is_connected(self) -> bool:
        return self._is_open() and not self._is_silent

    def _connect(self) -> None:
        address = os.environ.get("BOTTLENECK_SCHEDULER")
        while not (self._try_to_connect(address) or self._closed):
            self._attempted.set()
            if not address:
                return
            time.sleep(RETRY_SECONDS)
        self._attempted.set()

    def _try_to_connect(self, address: str | None) -> bool:
        try:
            client = self._connect_to(address) if address else self._start_processes()
            client.register_plugin(AnyWorker())
        except Exception as error:
            self._problem = _unanswered(address, _reason(error))
            return False
        if self._closed:
            client.close()
            return True
        self._look(client)
        self._problem = None
        self._is_silent = False
        self._client = client
        threading.Thread(
            target=self._watch, args=(client,), name="count-workers", daemon=True
        ).start()
        return True

    def _watch(self, client: Client) -> None:
        """Polls the scheduler in a thread, so that `status` never waits for it; and keeps the
        compiled programs within their room.
        """
        tidied = 0.0
        while self._client is client and self._is_open():
            time.sleep(LOOK_SECONDS)
            self._look(client)
            if time.monotonic() - tidied > TIDY_SECONDS:
                tidied = time.monotonic()
                compile_cache.make_room()

    def _look(self, client: Client) -> None:
        """Counts the workers, and asks a scheduler elsewhere whether it is still there."""
        address = os.environ.get("BOTTLENECK_SCHEDULER")
        try:
            if address:
                info = client.sync(client.scheduler.identity, callback_timeout=SILENT_SECONDS)
            else:
                info = client.scheduler_info()
            self._ready = len(info["workers"])
            self.addresses = frozenset(info["workers"])
            limits = [each.get("memory_limit") or 0 for each in info["workers"].values()]
            self.worker_bytes = min(limits, default=0)
            self._most = max(self._most, self._ready)
            self._is_silent = False
        except (OSError, TimeoutError, RuntimeError, KeyError, CancelledError):
            self._ready = 0
            if address:
                self._problem = _unanswered(address, NO_ANSWER)
                self._is_silent = True

    def _connect_to(self, address: str) -> Client:
        _check_port(address)
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)

    def _start_processes(self) -> Client:
        """One worker first, so that neither its start nor the first run shares the processor; then
        the rest.
        """
        self._processes = _make_processes()
        client = Client(self._processes, set_as_default=False)
        threading.Thread(target=self._add_workers, args=(client,), daemon=True).start()
        return client

    def _add_workers(self, client: Client) -> None:
        with contextlib.suppress(CancelledError):
            client.submit(worker.warm_up).result()
        time.sleep(SECOND_WORKER_SECONDS)
        if self._client is client:
            self._processes.scale(num_workers())


def _is_running(client: Client) -> bool:
    """Whether the event loop of a client runs; the client itself would not notice its end."""
    try:
        return bool(client.loop.asyncio_loop.is_running())
    except RuntimeError:
        return False


def num_workers() -> int:
    """BOTTLENECK_WORKERS, or one a processor and four at most.

    Raises:
        ValueError: A sentence with the value that is no number of processes.
    """
    text = os.environ.get("BOTTLENECK_WORKERS", "").strip()
    if not text:
        return min(4, os.cpu_count() or 1)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MAX_WORKERS):
        raise ValueError(
            Message(
                "BOTTLENECK_WORKERS must be a whole number from 1 to {most}; received "
                "{received!r}. Choose another one, or unset the variable.",
                most=MAX_WORKERS,
                received=text[:40],
            )
        )
    return int(text)


def _make_processes() -> Any:
    """One worker in a process of its own, and a scheduler in this one."""
    TEACHER.withhold_secret()
    dask.config.set(PRIORITIES_ALONE)
    environment = _environment()
    os.environ |= environment
    preload = {
        "preload": ["core.jobs.worker"],
        "preload_nanny": ["core.jobs.worker"],
        "memory_limit": MEMORY_LIMIT,
    }
    if sys.platform == "win32":
        return LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, **preload)
    from distributed.deploy.subprocess import SubprocessWorker

    options = {**preload, "host": "127.0.0.1", "nthreads": 1, "env": environment}
    worker_spec = {"cls": SubprocessWorker, "options": {"worker_kwargs": options}}
    scheduler_options = {
        "host": "127.0.0.1",
        "port": 0,
        "dashboard_address": "127.0.0.1:0",
        "dashboard": False,
    }
    return SpecCluster(
        workers={0: worker_spec},
        worker=worker_spec,
        scheduler={"cls": Scheduler, "options": scheduler_options},
        silence_logs=logging.ERROR,
    )


def _environment() -> dict[str, str]:
    """What a worker must find in its environment before it starts."""
    for_tensorflow = {
        "OMP_NUM_THREADS": str(os.cpu_count() or 1),
        "OMP_WAIT_POLICY": "PASSIVE",
        "MALLOC_TRIM_THRESHOLD_": str(2**28),
        "MALLOC_MMAP_THRESHOLD_": str(2**25),
    }
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return (
        for_tensorflow
        | compile_cache.environment()
        | {
            "PYTHONPATH": os.pathsep.join(paths),
            "BOTTLENECK_PARENT": str(os.getpid()),
            "KERAS_BACKEND": "tensorflow",
            "DASK_DISTRIBUTED__NANNY__PRE_SPAWN_ENVIRON": str(for_tensorflow),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "DASK_LOGGING__DISTRIBUTED": "warning",
            "DASK_DISTRIBUTED__WORKER__MULTIPROCESSING_METHOD": START_METHOD,
            "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
            "DASK_DISTRIBUTED__WORKER__MEMORY__MONITOR_INTERVAL": "1s",
            "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms",
        }
    )


def _check_port(address: str) -> None:
    """Raises OSError at once where Dask would try a closed port again for `CONNECT_SECONDS`."""
    scheme, location = parse_address(address)
    if scheme in ("tcp", "tls"):
        socket.create_connection(parse_host_port(location), timeout=GRACE_SECONDS).close()


def _unanswered(address: str | None, reason: str) -> str:
    """The sentence of a failed attempt; `address` is None for processes of this server."""
    if address is None:
        return Message(
            "No Dask scheduler answers on this computer ({reason}). Free some memory "
            "and press play.",
            reason=reason,
        )
    return Message(
        "No Dask scheduler answers at BOTTLENECK_SCHEDULER={address} ({reason}). "
        "Start one there, or unset the variable.",
        address=address,
        reason=reason,
    )


def _reason(error: Exception) -> str:
    for kind, words in REASONS.items():
        if isinstance(error, kind):
            return words
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]


CLUSTER = Cluster()
atexit.register(CLUSTER.close)
