"""The SQLite index of a folder, and its migrations. Imports no TensorFlow."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from core.files import make_folder
from core.message import Message

MIGRATIONS = (
    (
        "CREATE TABLE IF NOT EXISTS checkpoints (history TEXT, position INTEGER, "
        "num_bytes INTEGER, beyond_stop INTEGER, used REAL, PRIMARY KEY (history, position))",
        "CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, name TEXT, family TEXT, "
        "knobs TEXT, epoch INTEGER, loss REAL, owner TEXT, created REAL)",
        "CREATE TABLE IF NOT EXISTS board (id TEXT PRIMARY KEY, nickname TEXT, family TEXT, "
        "knobs TEXT, record TEXT, owner TEXT, created REAL)",
    ),
    (
        "ALTER TABLE runs ADD COLUMN version TEXT",
        "ALTER TABLE runs ADD COLUMN build TEXT",
    ),
    (
        "ALTER TABLE runs ADD COLUMN record TEXT",
        "ALTER TABLE runs ADD COLUMN results TEXT",
        "ALTER TABLE runs ADD COLUMN deleted REAL",
        "ALTER TABLE board ADD COLUMN results TEXT",
    ),
)
"""Statements that lead from each version of the index to the next, from 0 (an empty file) on. A
released migration is never edited; a further change is a further migration.
"""


class NewerIndex(Exception):
    """The index was written by a newer version; the text is a sentence for the reader."""


@contextlib.contextmanager
def open_index(folder: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the index of a folder, migrated to this version; commits at the end.

    Raises:
        NewerIndex: The index is of a newer version; it is not changed.
        OSError, sqlite3.Error: The folder cannot be used.
    """
    make_folder(folder)
    path = folder / "index.sqlite3"
    os.close(os.open(path, os.O_CREAT, 0o600))
    with contextlib.closing(sqlite3.connect(path, timeout=10)) as index, index:
        index.text_factory = _to_text
        if _version(index) != len(MIGRATIONS):
            _migrate(index)
        yield index


def _migrate(index: sqlite3.Connection) -> None:
    index.execute("BEGIN IMMEDIATE")
    version = _version(index)
    if version > len(MIGRATIONS):
        raise NewerIndex(
            Message(
                "The library in this folder was written by a newer version of Bottleneck "
                "(index {version}; this version reads up to {readable}). It is left as it "
                "is. Update this server, or set BOTTLENECK_LIBRARY to another folder.",
                version=version,
                readable=len(MIGRATIONS),
            )
        )
    for migration in MIGRATIONS[version:]:
        for statement in migration:
            index.execute(statement)
    index.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(index: sqlite3.Connection) -> int:
    (version,) = index.execute("PRAGMA user_version").fetchone()
    return int(version)


def _to_text(content: bytes) -> str:
    """Decodes a text of the index; bytes that are not UTF-8 are replaced."""
    return content.decode("utf-8", "replace")
