"""The index of a library is brought to this version, once, and a newer one is left alone."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.build import VERSION, build, commit
from core.configs import StackedConfig
from core.engine.state import Record, State
from core.experiments import Experiment
from core.store import index
from core.store.board import Board
from core.store.checkpoints import Checkpoint, Checkpoints
from core.store.index import MIGRATIONS, NewerIndex, open_index
from core.store.library import Library, LibraryProblem

SMALL = Experiment(config=StackedConfig(hidden_units=(), latent_dim=3), dataset="digits8")
LOSS = {"total": 1.0, "reconstruction": 1.0}
DONE = Checkpoint(State((np.zeros(3, np.float32),), (), 0, 45, ()), [Record(1, LOSS, {}, LOSS, {})])
BEFORE = Path(__file__).resolve().parents[1] / "fixtures" / "library" / "index.sqlite3"


def version_of(folder):
    with sqlite3.connect(folder / "index.sqlite3") as found:
        return found.execute("PRAGMA user_version").fetchone()[0]


def schema_of(folder):
    with sqlite3.connect(folder / "index.sqlite3") as found:
        tables = [row[0] for row in found.execute("SELECT name FROM sqlite_master ORDER BY name")]
        return {name: found.execute(f"PRAGMA table_info({name})").fetchall() for name in tables}


def test_an_old_index_becomes_what_a_new_one_is(tmp_path):
    new, old = tmp_path / "new", tmp_path / "old"
    old.mkdir()
    shutil.copy(BEFORE, old)
    for folder in (new, old):
        with open_index(folder):
            pass
        assert version_of(folder) == len(MIGRATIONS)
    assert schema_of(old) == schema_of(new)


def test_several_that_open_an_old_index_at_once_bring_it_up_once(tmp_path):
    shutil.copy(BEFORE, tmp_path)
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: len(Library(lambda: tmp_path).runs()), range(8)))
    assert len(set(counts)) == 1
    assert version_of(tmp_path) == len(MIGRATIONS)


def test_a_migration_that_fails_changes_nothing(tmp_path, monkeypatch):
    shutil.copy(BEFORE, tmp_path)
    broken = (*MIGRATIONS, ("ALTER TABLE runs ADD COLUMN more TEXT", "no SQL"))
    monkeypatch.setattr(index, "MIGRATIONS", broken)
    with pytest.raises(sqlite3.Error), open_index(tmp_path):
        pass
    assert version_of(tmp_path) == 0
    assert "version" not in str(schema_of(tmp_path)["runs"])


@pytest.fixture
def newer(tmp_path):
    with open_index(tmp_path) as found:
        found.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    return tmp_path


def test_an_index_of_a_newer_version_is_left_alone_with_a_sentence(newer, caplog):
    content = (newer / "index.sqlite3").read_bytes()
    sentence = rf"newer version of Bottleneck \(index {len(MIGRATIONS) + 1}; .*BOTTLENECK_LIBRARY"
    with pytest.raises(NewerIndex, match=sentence), open_index(newer):
        pass
    library, board = Library(lambda: newer), Board(lambda: newer)
    for ask in (library.runs, board.entries, lambda: library.keep("x", SMALL, DONE, "a" * 32)):
        with pytest.raises(LibraryProblem, match=sentence):
            ask()
    checkpoints = Checkpoints(lambda: newer)
    checkpoints.save(SMALL, DONE)
    assert checkpoints.next(SMALL, 0, 100) is None
    assert "newer version" in caplog.text
    assert (newer / "index.sqlite3").read_bytes() == content
    assert not list(newer.rglob("*.npz"))


def test_a_kept_run_says_which_version_has_kept_it(tmp_path):
    Library(lambda: tmp_path).keep("x", SMALL, DONE, "a" * 32)
    (run,) = Library(lambda: tmp_path).runs()
    assert (run.version, run.build, run.is_of_this_version) == (SMALL.version, build(), True)
    with open_index(tmp_path) as found:
        found.execute("UPDATE runs SET version = 'engine 0', build = '1.5'")
    (run,) = Library(lambda: tmp_path).runs()
    assert (run.build, run.is_of_this_version) == ("1.5", False)


def test_a_build_is_a_version_and_the_commit_where_there_is_one(tmp_path):
    assert build().startswith(VERSION)
    assert commit(tmp_path) == ""
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / ".git").write_text("no repository")
    assert commit(broken) == ""
