"""Files are written whole or not at all, and nobody else on the computer reads them."""

import os
import stat
import time

import pytest

from core import files
from core.store import checkpoints


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_takes_its_place_when_it_is_whole(tmp_path):
    path = tmp_path / "deep" / "file"
    with files.replacing(path) as file:
        file.write(b"new")
        file.flush()
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert [each.name for each in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(tmp_path, failure):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(type(failure)), files.replacing(path) as file:
        file.write(b"half")
        raise failure
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_folders_and_files_are_private(tmp_path):
    with files.replacing(tmp_path / "a" / "b" / "file") as file:
        file.write(b"x")
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "b") == 0o700
    assert mode(tmp_path / "a" / "b" / "file") == 0o600


def test_abandoned_files_are_swept_whatever_the_clock_did(tmp_path):
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    now = time.time()
    ages = {"old.part": -3600, "ahead.part": 3e8, "young.part": 0, "old.npz": -3600}
    for name, age in ages.items():
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (now + age, now + age))
    assert files.sweep(folder) == 2
    assert {path.name for path in folder.iterdir()} == {"young.part", "old.npz"}
    assert files.sweep(tmp_path / "nowhere") == 0


def test_the_server_tidies_its_library_when_it_starts(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("BOTTLENECK_LIBRARY", raising=False)
    checkpoints.tidy()
    library, cache = tmp_path / "bottleneck", tmp_path / "cache" / "bottleneck"
    for folder in (library / "checkpoints", library / "runs", cache):
        folder.mkdir(parents=True, mode=0o755)
        (folder / "x.part").write_bytes(b"half")
        os.utime(folder / "x.part", (0, 0))
    checkpoints.tidy()
    assert not list(tmp_path.rglob("*.part"))
    assert mode(library) == 0o700


def test_the_files_of_others_in_a_folder_that_was_chosen_stay(tmp_path, monkeypatch):
    monkeypatch.setenv("BOTTLENECK_LIBRARY", str(tmp_path))
    foreign = tmp_path / "downloads" / "film.part"
    foreign.parent.mkdir()
    for path in (foreign, tmp_path / "film.part"):
        path.write_bytes(b"half")
        os.utime(path, (0, 0))
    checkpoints.tidy()
    assert foreign.exists()
    assert (tmp_path / "film.part").exists()


def test_a_folder_that_the_administrator_chose_keeps_its_permissions(tmp_path, monkeypatch):
    tmp_path.chmod(0o770)
    monkeypatch.setenv("BOTTLENECK_LIBRARY", str(tmp_path))
    checkpoints.tidy()
    assert mode(tmp_path) == 0o770
