"""The teacher's secret: how it is known, how fast it can be guessed, and who inherits it."""

import logging
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from core.store.teacher import MAX_TRIES, WAIT_SECONDS, WINDOW_SECONDS, SecretRefused, Teacher

ROOT = Path(__file__).resolve().parents[2]
SECRET = "chalk and board"
WRONG, WAIT = "not the secret", "Wait a minute"
STARTS_A_WORKER = """
import time
from core.jobs import cluster
processes = cluster._make_processes()
print("started", flush=True)
time.sleep(60)
"""


class Clock:
    """A clock that a test moves, and what was waited for."""

    def __init__(self):
        self.now, self.waits = 1000.0, []

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def teacher(monkeypatch, clock):
    monkeypatch.setenv("BOTTLENECK_TEACHER", SECRET)
    return Teacher(clock, clock.waits.append)


def refused(teacher, secret, browser=""):
    """The sentence by which a secret is refused, or ""."""
    try:
        teacher.prove(secret, browser)
    except SecretRefused as refusal:
        return str(refusal)
    return ""


def test_the_right_secret_passes_at_once_and_a_wrong_one_waits(teacher, clock):
    assert refused(teacher, SECRET) == ""
    assert clock.waits == []
    assert WRONG in refused(teacher, SECRET[:-1])
    assert clock.waits == [WAIT_SECONDS]


def test_after_ten_wrong_ones_every_secret_is_refused_unseen_for_a_minute(teacher, clock):
    for _ in range(MAX_TRIES):
        assert WRONG in refused(teacher, "guess")
    assert WAIT in refused(teacher, "guess")
    assert WAIT in refused(teacher, SECRET)
    assert len(clock.waits) == MAX_TRIES, "a refused one does not wait"
    clock.now += WINDOW_SECONDS - 1
    assert WAIT in refused(teacher, SECRET)
    clock.now += 1
    assert refused(teacher, SECRET) == ""


def test_right_ones_do_not_use_up_the_tries(teacher):
    assert [refused(teacher, SECRET) for _ in range(3 * MAX_TRIES)] == [""] * 3 * MAX_TRIES


def test_a_browser_that_has_proven_the_secret_is_not_kept_out_by_others(teacher):
    assert refused(teacher, SECRET, "known") == ""
    for _ in range(MAX_TRIES):
        refused(teacher, "guess", "somebody else")
    assert WAIT in refused(teacher, SECRET, "somebody else")
    assert refused(teacher, SECRET, "known") == ""
    for _ in range(MAX_TRIES):
        assert WRONG in refused(teacher, "guess", "known")
    assert WAIT in refused(teacher, SECRET, "known"), "its own tries are limited, too"


def test_many_at_once_wait_ten_at_a_time_and_nobody_else_is_held_up(monkeypatch):
    monkeypatch.setenv("BOTTLENECK_TEACHER", SECRET)
    waiting = []

    def wait(seconds):
        waiting.append(seconds)
        time.sleep(0.2)

    teacher = Teacher(wait=wait)
    with ThreadPoolExecutor(40) as threads:
        sentences = list(threads.map(lambda _: refused(teacher, "guess"), range(40)))
    assert len(waiting) == sum(WRONG in one for one in sentences) == MAX_TRIES
    assert sum(WAIT in one for one in sentences) == 30


def test_wrong_secrets_are_logged_without_the_secret(teacher, caplog):
    caplog.set_level(logging.INFO)
    for _ in range(MAX_TRIES + 5):
        refused(teacher, "my-guess-of-it")
    assert len(caplog.records) == MAX_TRIES + 1, "a line each, and one for all that are refused"
    assert "my-guess-of-it" not in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("secret", ["", "short", "  seven  ", "        "])
def test_without_a_good_secret_nobody_is_the_teacher(secret, monkeypatch):
    monkeypatch.setenv("BOTTLENECK_TEACHER", secret)
    assert not Teacher().knows(secret)
    monkeypatch.delenv("BOTTLENECK_TEACHER", raising=False)
    assert not Teacher().knows("")


def test_a_secret_that_is_too_short_is_a_sentence_without_the_secret(monkeypatch):
    monkeypatch.setenv("BOTTLENECK_TEACHER", "qwertz7")
    with pytest.raises(ValueError, match="has 7 characters; a secret has at least 8") as problem:
        Teacher().check_secret()
    assert "qwertz7" not in str(problem.value)


def test_an_environment_that_is_not_utf_8_does_no_harm(monkeypatch):
    monkeypatch.setenv("BOTTLENECK_TEACHER", os.fsdecode(b"\xffnot utf-8\xff"))
    teacher = Teacher()
    assert not teacher.knows("not utf-8 at all")
    assert not teacher.knows("비밀 문구입니다")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_process_that_the_server_starts_inherits_the_secret():
    environment = os.environ | {"BOTTLENECK_TEACHER": SECRET, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", STARTS_A_WORKER]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    try:
        assert server.stdout.readline() == b"started\n"
        processes = wait_for_children(server.pid, 2)
        for process in processes:
            folder = Path(f"/proc/{process.pid}")
            inherited = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            assert b"BOTTLENECK_PARENT" in inherited
            assert b"BOTTLENECK_TEACHER" not in inherited
            assert SECRET.encode() not in inherited
    finally:
        children = psutil.Process(server.pid).children(recursive=True)
        for process in (*children, server):
            process.kill()
        server.wait(20)


def wait_for_children(pid, count):
    """The processes below a process, once there are so many: a nanny and its worker."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        children = psutil.Process(pid).children(recursive=True)
        if len(children) >= count:
            return children
        time.sleep(0.05)
    raise AssertionError(f"{len(children)} processes instead of {count}")
