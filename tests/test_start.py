"""The app as `make run` starts it: who can reach it, and what it does before the first visitor."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
NO_WORKERS = {"BOTTLENECK_SCHEDULER": "tcp://127.0.0.1:9"}


def command(target, port):
    """The command of a target of the Makefile that starts the app, with the defaults of `make`."""
    recipe = MAKEFILE.partition(f"\n{target}: ")[2].partition("\n\n")[0]
    (line,) = re.findall(r"\$\(BIN\)/(streamlit run .*)$", recipe, re.MULTILINE)
    (address,) = re.findall(r"^ADDRESS \?= (.*)$", MAKEFILE, re.MULTILINE)
    line = line.replace("$(PORT)", str(port)).replace("$(ADDRESS)", address)
    return [sys.executable, "-m", *line.split(), "--server.headless", "true"]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def status_of(port, host):
    """The status of the answer to a request that names `host`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", "/", headers={"Host": host})
        return connection.getresponse().status


def wait_for(port, process):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(f"nothing answers at {port}")


@pytest.mark.parametrize(
    ("target", "address", "said"),
    [("run", "127.0.0.1", "For a class: make serve"), ("serve", "0.0.0.0", "Nobody else")],
)
def test_the_app_starts_behind_its_guard(target, address, said, tmp_path):
    left_over = tmp_path / "runs" / "left.part"
    left_over.parent.mkdir()
    left_over.write_bytes(b"half")
    os.utime(left_over, (0, 0))
    environment = os.environ | NO_WORKERS | {"BOTTLENECK_LIBRARY": str(tmp_path)}
    environment.pop("BOTTLENECK_HOSTS", None)
    port = free_port()
    with (tmp_path / "said").open("w") as told:
        process = subprocess.Popen(command(target, port), cwd=ROOT, env=environment, stdout=told)
        try:
            wait_for(port, process)
            assert status_of(port, f"localhost:{port}") == 200
            assert status_of(port, "evil.example") == 403
            opened = psutil.Process(process.pid).net_connections("inet")
            listening = [one.laddr for one in opened if one.status == psutil.CONN_LISTEN]
            assert {one.ip for one in listening if one.port == port} == {address}
        finally:
            process.terminate()
            process.wait(30)
    assert said in (tmp_path / "said").read_text(encoding="utf-8")
    assert not left_over.exists()


def test_a_setting_that_cannot_be_used_is_told_in_place_of_a_start():
    environment = os.environ | NO_WORKERS | {"BOTTLENECK_TEACHER": "chalk"}
    ended = subprocess.run(
        command("run", free_port()), cwd=ROOT, env=environment, capture_output=True, timeout=60
    )
    assert ended.returncode == 1
    assert b"BOTTLENECK_TEACHER has 5 characters" in ended.stderr
    assert b"Traceback" not in ended.stderr
