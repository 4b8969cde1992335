"""Checkpoints: what was trained once comes back exactly, from a disk that nobody can rely on."""

import contextlib
import sqlite3
from dataclasses import replace

import numpy as np
import pytest

from core.configs import StackedConfig
from core.datasets import load_dataset
from core.experiments import Experiment, Move
from core.store import checkpoints as store
from core.store.checkpoints import Checkpoint, Checkpoints, library_folder
from core.training import advance, init_state

pytestmark = pytest.mark.trains

PER_EPOCH = 12
SMALL = Experiment(
    config=StackedConfig(hidden_units=(), latent_dim=4, batch_size=128),
    dataset="digits8",
    num_epochs=9,
    early_stopping=False,
)


@pytest.fixture
def checkpoints(tmp_path):
    return Checkpoints(lambda: tmp_path)


def train(experiment, *updates):
    """The run after so many updates, each time."""
    data = load_dataset(experiment.dataset)
    state, records = init_state(experiment.config, data.input_dim, experiment.seed), []
    for update in updates:
        edges = [*(m.update for m in experiment.moves if state.update < m.update < update), update]
        for edge in edges:
            state, new = advance(
                experiment.config, data, state, experiment.coefficients_at(state.update),
                num_updates=edge - state.update,
            )  # fmt: skip
            records = records + new
        yield Checkpoint(state, records)


def test_what_comes_back_trains_on_to_the_same_weights(checkpoints):
    early, late = train(SMALL, 30, 80)
    checkpoints.save(SMALL, early)
    found = checkpoints.next(SMALL, 0, 80)
    assert [r.parts for r in found.records] == [r.parts for r in early.records]
    assert found.records[-1] == early.records[-1]
    data, values = load_dataset("digits8"), SMALL.config.coefficients()
    state, records = advance(SMALL.config, data, found.loaded, values, num_updates=50)
    assert records == late.records[len(early.records) :]
    for ours, expected in zip(state.weights, late.state.weights, strict=True):
        np.testing.assert_array_equal(ours, expected)


def test_the_next_and_the_last_within_the_bounds(checkpoints):
    for checkpoint in train(SMALL, 12, 24, 60):
        checkpoints.save(SMALL, checkpoint)

    def find(*bounds, **options):
        found = checkpoints.next(SMALL, *bounds, **options)
        return found and found.state.update

    assert find(0, 100) == 12
    assert find(12, 100) == 24
    assert find(12, 23) is None
    assert find(0, 100, last=True) == 60
    assert find(0, 59, last=True) == 24
    assert find(60, 100) is None


def test_another_run_is_not_found(checkpoints):
    (checkpoint,) = train(SMALL, 24)
    checkpoints.save(SMALL, checkpoint)
    for other in (
        replace(SMALL, seed=1),
        replace(SMALL, config=replace(SMALL.config, learning_rate=0.002)),
        replace(SMALL, moves=(Move(5, "learning_rate", 0.01),)),
    ):
        assert checkpoints.next(other, 0, 100) is None
    assert checkpoints.next(replace(SMALL, num_epochs=50), 0, 100) is not None


def test_runs_share_what_comes_before_their_first_difference(checkpoints):
    moved = replace(SMALL, moves=(Move(24, "learning_rate", 0.01),))
    for checkpoint in train(SMALL, 12, 36):
        checkpoints.save(SMALL, checkpoint)
    for checkpoint in train(moved, 24, 48):
        checkpoints.save(moved, checkpoint)
    found = [12, 24, 36]
    assert [_after(checkpoints, SMALL, u) for u in (0, 12, 24)] == found
    found = [12, 24, 48]
    assert [_after(checkpoints, moved, u) for u in (0, 12, 24)] == found


def _after(checkpoints, experiment, update):
    return checkpoints.next(experiment, update, 1000).state.update


def test_a_run_that_stops_by_itself_never_finds_what_lies_beyond(checkpoints):
    stopping = replace(SMALL, early_stopping=True, num_epochs=100)
    flat = replace(SMALL.config, learning_rate=1e-6)
    long, stopping = (replace(e, config=flat) for e in (SMALL, stopping))
    stop = 11 * PER_EPOCH
    for checkpoint in train(long, stop - 1, stop, stop + 1, stop + 30):
        checkpoints.save(long, checkpoint)
    assert _after(checkpoints, long, stop) == stop + 1
    assert _after(checkpoints, stopping, 0) == stop - 1
    assert _after(checkpoints, stopping, stop - 1) == stop
    assert checkpoints.next(stopping, stop, 1000) is None


def test_the_least_used_are_forgotten_first(tmp_path):
    seeds = [replace(SMALL, seed=seed) for seed in range(3)]
    runs = [next(train(experiment, 12)) for experiment in seeds]
    small = Checkpoints(lambda: tmp_path)
    small.save(seeds[0], runs[0])
    (file,) = (tmp_path / "checkpoints").iterdir()
    two = Checkpoints(lambda: tmp_path, max_bytes=int(file.stat().st_size * 2.5))
    two.save(seeds[1], runs[1])
    assert two.next(seeds[0], 0, 100)
    two.save(seeds[2], runs[2])
    assert [bool(two.next(e, 0, 100)) for e in seeds] == [True, False, True]
    assert len(list((tmp_path / "checkpoints").iterdir())) == 2


def test_a_clock_that_jumps_evicts_nothing_new(tmp_path):
    seeds = [replace(SMALL, seed=seed) for seed in range(3)]
    runs = [next(train(experiment, 12)) for experiment in seeds]
    Checkpoints(lambda: tmp_path).save(seeds[0], runs[0])
    with sqlite3.connect(tmp_path / "index.sqlite3") as index:
        index.execute("UPDATE checkpoints SET used = 2e9 + used")
    (file,) = (tmp_path / "checkpoints").iterdir()
    two = Checkpoints(lambda: tmp_path, max_bytes=int(file.stat().st_size * 2.5))
    two.save(seeds[1], runs[1])
    two.save(seeds[2], runs[2])
    assert [bool(two.next(e, 0, 100)) for e in seeds] == [False, True, True]


def test_a_disk_that_is_full_keeps_no_half_file(tmp_path, monkeypatch, caplog):
    (checkpoint,) = train(SMALL, 12)

    def fill(file, **_):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.store.checkpoints.np.savez", fill)
    full = Checkpoints(lambda: tmp_path)
    full.save(SMALL, checkpoint)
    assert "No space left" in caplog.text
    assert list((tmp_path / "checkpoints").iterdir()) == []
    assert full.next(SMALL, 0, 100) is None


def test_what_is_forgotten_takes_along_what_follows_up_to_the_next_move(checkpoints, tmp_path):
    moved = replace(SMALL, moves=(Move(36, "learning_rate", 0.01),))
    for checkpoint in train(moved, 12, 24, 36, 48):
        checkpoints.save(moved, checkpoint)
    checkpoints.forget(moved, 24)
    assert [_after(checkpoints, moved, u) for u in (0, 12)] == [12, 48]
    assert len(list((tmp_path / "checkpoints").iterdir())) == 2


@pytest.mark.parametrize("content", [b"", b"no file of ours", b"PK\x03\x04half"])
def test_a_damaged_file_is_as_if_it_were_not_there(checkpoints, tmp_path, content):
    for checkpoint in train(SMALL, 12, 24):
        checkpoints.save(SMALL, checkpoint)
    next((tmp_path / "checkpoints").glob("*-12.npz")).write_bytes(content)
    assert _after(checkpoints, SMALL, 0) == 24
    assert _after(checkpoints, SMALL, 0) == 24


def test_training_never_fails_because_of_a_disk(tmp_path, caplog):
    (checkpoint,) = train(SMALL, 12)
    (tmp_path / "file").write_text("")
    nowhere = Checkpoints(lambda: tmp_path / "file")
    nowhere.save(SMALL, checkpoint)
    assert nowhere.next(SMALL, 0, 100) is None
    assert "out of reach" in caplog.text
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "index.sqlite3").write_bytes(b"no database" * 1000)
    damaged = Checkpoints(lambda: tmp_path / "bad")
    damaged.save(SMALL, checkpoint)
    assert damaged.next(SMALL, 0, 100) is None


def test_the_folder_follows_the_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("BOTTLENECK_LIBRARY", raising=False)
    assert library_folder() == tmp_path / "bottleneck"
    monkeypatch.setenv("BOTTLENECK_LIBRARY", str(tmp_path / "mine"))
    assert library_folder() == tmp_path / "mine"


def test_the_index_is_plain_sqlite(checkpoints, tmp_path):
    (checkpoint,) = train(SMALL, 12)
    checkpoints.save(SMALL, checkpoint)
    with sqlite3.connect(tmp_path / "index.sqlite3") as index:
        assert index.execute("SELECT position FROM checkpoints").fetchall() == [(12,)]


def test_a_store_that_can_only_be_read_is_read(checkpoints, monkeypatch):
    first, second = train(SMALL, 5, 7)
    checkpoints.save(SMALL, first)
    monkeypatch.setattr(store, "open_index", lambda folder: reading(folder / "index.sqlite3"))
    assert checkpoints.next(SMALL, 0, 9).state.update == 5
    assert checkpoints.save(SMALL, second) is None
    assert checkpoints.next(SMALL, 0, 9, last=True).state.update == 5


@contextlib.contextmanager
def reading(path):
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as index:
        yield index


def test_the_file_of_another_account_is_left_there_and_passed_over(checkpoints, monkeypatch):
    first, second = train(SMALL, 5, 7)
    checkpoints.save(SMALL, first)
    theirs = checkpoints.save(SMALL, second).path
    read = store.read

    def refused(path):
        if path == theirs:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(store, "read", refused)
    monkeypatch.setattr(store, "_cache", {})
    assert checkpoints.next(SMALL, 0, 9, last=True).state.update == 5
    assert theirs.is_file()
    monkeypatch.undo()
    assert checkpoints.next(SMALL, 0, 9, last=True).state.update == 7
