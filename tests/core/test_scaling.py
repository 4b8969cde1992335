"""The commands of docs/scaling.md open no port beyond the inner network."""

import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from distributed import Client

ROOT = Path(__file__).resolve().parents[2]
INNER = "127.0.0.2"
"""In place of the documented inner addresses; like them it is not the address of every network."""


def documented(program):
    """The documented `dask scheduler` or `dask worker`, one worker, without TensorFlow."""
    text = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf"^PYTHONPATH=\. \.venv/bin/(dask {program} .*)$", text, re.MULTILINE)
    line = re.sub(r"10\.0\.0\.\d+", INNER, line.partition("#")[0])
    line = line.replace("--nworkers 4", "--nworkers 1").replace("--preload core.worker", "")
    return [sys.executable, "-m", *shlex.split(line)]


def with_port(command, port, dashboard):
    text = " ".join(command).replace("8786", str(port)).replace("8787", str(dashboard))
    return text.split(" ")


def free_ports():
    with socket.create_server((INNER, 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


@pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is an address on Linux only")
def test_the_documented_commands_listen_on_the_inner_address_only():
    port, dashboard = free_ports()
    processes = []
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    try:
        for program in ("scheduler", "worker"):
            command = with_port(documented(program), port, dashboard)
            processes.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
        with Client(f"tcp://{INNER}:{port}", timeout=60, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=60)
        tree = [psutil.Process(each.pid) for each in processes]
        tree += [child for each in tree for child in each.children(recursive=True)]
        listening = {
            (process.pid, connection.laddr.ip)
            for process in tree
            for connection in process.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }
        assert len({pid for pid, _ in listening}) >= 3, "a scheduler, a nanny and a worker"
        assert {address for _, address in listening} == {INNER, "127.0.0.1"}
    finally:
        for process in processes:
            for each in (*psutil.Process(process.pid).children(recursive=True), process):
                each.kill()
            process.wait(20)
