"""What the version a5ae667 has trained, written and linked to stands and opens as it did then."""

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from components.runs import run_restore
from core import links
from core.families import FAMILIES
from core.store.board import Board
from core.store.checkpoints import Checkpoints
from core.store.index import MIGRATIONS
from core.store.library import Library
from tests.fixtures.histories import CASES, history
from tests.fixtures.library import RUNS
from tests.fixtures.links import opened

FOLDER = Path(__file__).parent / "fixtures"


def read(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


HISTORIES, LINKS, RUNS_BEFORE = read("histories"), read("links"), read("library")
# Processors round otherwise; within an epoch or two that shows behind the fifth digit. In a map the
# differences grow with every iteration.
TOLERANCE = {"map": 0.02, "sweep": 0.02}
# One of each way to train; `make check` trains the others.
OFTEN = {
    "stacked",
    "sparse, KL",
    "denoising, gaussian",
    "variational",
    "character, cnn, typos",
    "character, gru",
    "speller",
    "map",
    "labels",
}


def test_every_family_and_every_history_has_a_case():
    assert HISTORIES.keys() == CASES.keys()
    trained = {(case.trainer, type(case.config)) for case in CASES.values()}
    assert {(family.trainer, family.config) for family in FAMILIES.values()} == trained


@pytest.mark.trains
@pytest.mark.parametrize(
    "name",
    [name if name in OFTEN else pytest.param(name, marks=pytest.mark.slow) for name in CASES],
)
def test_a_run_has_the_history_that_it_had(name):
    now, before = json.loads(json.dumps(history(CASES[name]), default=float)), HISTORIES[name]
    assert now["update"] == before["update"]
    assert len(now["records"]) == len(before["records"])
    near = TOLERANCE.get(name, 1e-3)
    for record, old in zip(now["records"], before["records"], strict=True):
        assert record["epoch"] == old["epoch"]
        assert record["parts"] == pytest.approx(old["parts"], rel=near)
        assert record["validation"] == pytest.approx(old["validation"], rel=near)
        for reading, value in old.get("readings", {}).items():
            assert record["readings"][reading] == pytest.approx(value, rel=near), reading
    assert now["mean_squares"] == pytest.approx(before["mean_squares"], rel=near)


def test_sixty_links_and_ten_lessons_are_held():
    lessons = [address for address in LINKS if "lesson_" in address]
    assert len(lessons) == 10
    assert len(LINKS) - len(lessons) >= 60


@pytest.mark.parametrize("address", LINKS)
def test_a_link_opens_what_it_opened(address):
    assert opened(address) == LINKS[address]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("BOTTLENECK_LIBRARY", str(tmp_path / "library"))
    return Path(shutil.copytree(FOLDER / "library", tmp_path / "library"))


def digest(checkpoint):
    weights = b"".join(np.asarray(array).tobytes() for array in checkpoint.loaded.weights)
    return hashlib.sha256(weights).hexdigest()


def test_every_kept_run_opens_with_its_own_records(folder):
    library = Library(lambda: folder)
    runs, num_unreadable = library.listing()
    assert ({run.name for run in runs}, num_unreadable) == (RUNS_BEFORE.keys(), 0)
    for run in runs:
        checkpoint, before = library.load(run.id), RUNS_BEFORE[run.name]
        assert links.to_params(run.experiment) == before["experiment"]
        assert checkpoint.state.update == before["update"]
        assert [record.validation["total"] for record in checkpoint.records] == before["totals"]
        assert digest(checkpoint) == before["digest"]
        assert (run.version, run.build, run.is_of_this_version) == ("", "", False)


def test_the_board_keeps_its_points(folder):
    entries, num_unreadable = Board(lambda: folder).listing()
    assert (len(entries), num_unreadable) == (len(RUNS), 0)
    assert {entry.experiment for entry in entries} == set(RUNS.values())


def test_what_was_trained_by_another_version_is_not_replayed(folder):
    experiment = RUNS["small network"]
    assert Checkpoints(lambda: folder).next(experiment, 0, experiment.num_updates) is None


def test_the_index_is_brought_to_this_version_once(folder):
    Library(lambda: folder).runs()
    with sqlite3.connect(folder / "index.sqlite3") as index:
        assert index.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        names = [row[1] for row in index.execute("PRAGMA table_info(runs)")]
    assert names[8:] == ["version", "build", "record", "results", "deleted"]
    assert len(Library(lambda: folder).runs()) == len(RUNS_BEFORE)


@pytest.mark.usefixtures("no_workers")
def test_a_kept_run_of_another_version_has_a_job_with_its_numbers(folder, monkeypatch):
    """Nothing of it gets among the checkpoints of this version."""
    monkeypatch.setattr(run_restore, "LIBRARY", Library(lambda: folder))
    monkeypatch.setattr(run_restore.session, "is_alive", lambda: lambda: True)
    saved = sorted((folder / "checkpoints").iterdir())
    (run,) = [run for run in Library(lambda: folder).runs() if run.name == "small network"]
    job = run_restore.job_of(run, ())
    assert job.kept_by == run_restore.EARLIER
    assert digest(job.checkpoint()) == RUNS_BEFORE["small network"]["digest"]
    assert len(list(job._checkpoints._folder().rglob("*.npz"))) == 1, "a store of its own"
    assert sorted((folder / "checkpoints").iterdir()) == saved
