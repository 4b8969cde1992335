"""Compiled programs on disk: loaded by another process, within their room, ours alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.jobs import compile_cache

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import hashlib
import numpy as np
from core.configs import StackedConfig
from core.datasets import Dataset
from core.training import advance, init_state

x = np.random.default_rng(0).random((40, 16))
config = StackedConfig(hidden_units=(), latent_dim=3)
state, records = advance(config, Dataset(x, x[:8]), init_state(config, 16, 0),
                         config.coefficients(), num_updates=2)
print(hashlib.sha256(b"".join(a.tobytes() for a in state.weights)).hexdigest())
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(compile_cache.VARIABLE, raising=False)
    return compile_cache.folder()


@pytest.mark.trains
def test_a_second_process_loads_what_the_first_has_compiled(place):
    told = []
    for _ in range(2):
        environment = os.environ | compile_cache.environment() | {"PYTHONPATH": str(ROOT)}
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
        files = {path.name: path.stat().st_mtime_ns for path in place.iterdir()}
        told.append((run.stdout, files))
    assert told[0][1], "the first has written"
    assert told[0] == told[1], "the second wrote nothing, and has the same weights"


def test_the_folder_is_for_this_processor_alone(place, tmp_path, monkeypatch):
    other = tmp_path / "cpuinfo"
    other.write_text("flags : sse avx9000\n")
    monkeypatch.setattr(compile_cache, "CPU", other)
    assert compile_cache.folder() != place


@pytest.mark.usefixtures("place")
def test_a_folder_that_cannot_be_made_is_done_without(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert compile_cache.environment() == {}
    compile_cache.make_room()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no accounts here")
def test_nobody_else_can_write_what_is_executed(place, monkeypatch):
    place.mkdir(mode=0o777, parents=True)
    assert str(place) in compile_cache.environment()[compile_cache.VARIABLE]
    assert place.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(os, "getuid", lambda: place.stat().st_uid + 1)
    assert compile_cache.environment() == {}


@pytest.mark.usefixtures("place")
def test_flags_that_are_set_stay(monkeypatch):
    monkeypatch.setenv(compile_cache.VARIABLE, "--tf_xla_clustering_debug=false")
    flags = compile_cache.environment()[compile_cache.VARIABLE]
    assert flags.startswith("--tf_xla_clustering_debug=false --tf_xla_persistent")
    monkeypatch.setenv(compile_cache.VARIABLE, flags)
    assert compile_cache.environment() == {}


def test_the_oldest_programs_make_room(place):
    place.mkdir(parents=True)
    for i in range(5):
        path = place / f"{i}.pb"
        path.write_bytes(bytes(100))
        os.utime(path, (i, i))
    compile_cache.make_room(max_bytes=250)
    assert {path.name for path in place.iterdir()} == {"3.pb", "4.pb"}
