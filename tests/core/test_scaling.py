"""The commands of docs/scaling.md: they open no port beyond the inner network, and a scheduler that
they start may fall silent."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from distributed import Client

from core.jobs.cluster import Cluster, ClusterUnavailable

ROOT = Path(__file__).resolve().parents[2]
INNER = "127.0.0.2"
"""In place of the documented inner addresses; like them it is not the address of every network."""


def documented(program):
    """The documented `dask scheduler` or `dask worker`, one worker, without TensorFlow."""
    text = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf"^PYTHONPATH=\. \.venv/bin/(dask {program} .*)$", text, re.MULTILINE)
    line = re.sub(r"10\.0\.0\.\d+", INNER, line.partition("#")[0])
    line = line.replace("--nworkers 4", "--nworkers 1").replace("--preload core.jobs.worker", "")
    return [sys.executable, "-m", *shlex.split(line)]


def with_port(command, port, dashboard):
    text = " ".join(command).replace("8786", str(port)).replace("8787", str(dashboard))
    return text.split(" ")


def free_ports():
    with socket.create_server((INNER, 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture(scope="module")
def processes():
    """The documented scheduler and a worker, and the scheduler's address."""
    if sys.platform != "linux":
        pytest.skip("127.0.0.2 is an address on Linux only")
    port, dashboard = free_ports()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    started = []
    try:
        for program in ("scheduler", "worker"):
            command = with_port(documented(program), port, dashboard)
            started.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
        address = f"tcp://{INNER}:{port}"
        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=60)
        yield started, address
    finally:
        for process in started:
            for each in (*psutil.Process(process.pid).children(recursive=True), process):
                each.kill()
            process.wait(20)


def test_the_documented_commands_listen_on_the_inner_address_only(processes):
    tree = [psutil.Process(each.pid) for each in processes[0]]
    tree += [child for each in tree for child in each.children(recursive=True)]
    listening = {
        (process.pid, connection.laddr.ip)
        for process in tree
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert len({pid for pid, _ in listening}) >= 3, "a scheduler, a nanny and a worker"
    assert {address for _, address in listening} == {INNER, "127.0.0.1"}


def test_a_scheduler_that_falls_silent_is_told_until_it_speaks_again(processes, monkeypatch):
    (scheduler, _), address = processes
    monkeypatch.setenv("BOTTLENECK_SCHEDULER", address)
    monkeypatch.setattr("core.jobs.cluster.SILENT_SECONDS", 0.5)
    cluster = Cluster()
    try:
        wait_until(lambda: cluster.client())
        scheduler.send_signal(signal.SIGSTOP)
        wait_until(lambda: cluster.connected() is None)
        assert f"{address} (no answer yet)" in cluster.status().problem
        with pytest.raises(ClusterUnavailable, match="no answer yet"):
            cluster.client()
        scheduler.send_signal(signal.SIGCONT)
        wait_until(lambda: cluster.connected() is not None)
        assert cluster.status().problem is None
        assert cluster.status().ready == 1
    finally:
        scheduler.send_signal(signal.SIGCONT)
        cluster.close()


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
