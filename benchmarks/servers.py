"""The processes that benchmarks start: the app, a Dask cluster, whatever answers at a port."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
ONE_THREAD = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
SELDOM = {
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms",
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION": "inf",
}
"""Dask looks at itself seldom, and priorities alone decide, as docs/scaling.md has it."""


@contextlib.contextmanager
def app(home: Path, **environment: str) -> Iterator[tuple[int, psutil.Process]]:
    """The real app at a port of its own, once it answers; its library and its log lie in `home`."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    environment = {"BOTTLENECK_LIBRARY": str(home / "library")} | environment
    home.mkdir(parents=True, exist_ok=True)
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=log,
        )  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield port, psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(30)


@contextlib.contextmanager
def cluster(num_workers: int) -> Iterator[str]:
    """`dask scheduler` and `dask worker`, as docs/scaling.md has them; the scheduler's address."""
    dask = [sys.executable, "-m", "dask"]
    port = free_port()
    quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    quiet |= {"env": os.environ | ONE_THREAD | SELDOM | {"PYTHONPATH": str(ROOT)}}
    place = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
    scheduler = [*dask, "scheduler", *place, "--port", str(port)]
    processes = [subprocess.Popen(scheduler, **quiet)]
    worker = [*dask, "worker", f"tcp://127.0.0.1:{port}", *place, "--nthreads", "1"]
    worker += ["--preload", "core.jobs.worker"]
    try:
        for _ in range(num_workers):
            processes.append(subprocess.Popen(worker, **quiet))
        yield f"tcp://127.0.0.1:{port}"
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            process.wait(30)


def num_workers() -> int:
    """The workers of an app that is started here."""
    from core.jobs.cluster import num_workers as count

    return count()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Waits a minute for an answer. Raises RuntimeError."""
    for _ in range(1200):
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"Nothing answers at {url}.")
