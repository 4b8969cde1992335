"""Checkpoints on disk, so that nothing is trained twice on a server.

The key of a checkpoint is the history that leads to it (`Experiment.key_before`), so two runs share
the checkpoints before the first move in which they differ. Rows lie in the SQLite index, arrays in
.npz files, which are read without unpickling. Imports no TensorFlow.
"""

import json
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from zict import LRU

from core.datasets import UNREADABLE, cache_folder
from core.engine.state import Patience, Record, State
from core.experiments import MAX_UPDATES, Experiment
from core.files import replacing, sweep
from core.store.index import NewerIndex, open_index

MAX_BYTES = 2_000_000_000
MAX_BYTES_IN_MEMORY = 50_000_000
# numpy parses the header of an array with `ast`, which fails in two threads at once in Python 3.11.
_READING = threading.Lock()
LATEST_USE = "(SELECT COALESCE(MAX(used), 0) + 1 FROM checkpoints)"
"""A counter of uses, independent of the clock."""
OUT_OF_REACH = (OSError, sqlite3.Error, NewerIndex)
OTHER_LAYOUT = (AttributeError, IndexError, OverflowError, RecursionError)
"""Exceptions, beside UNREADABLE, of reading a file of another version."""


class Checkpoint(NamedTuple):
    """A run after some number of updates.

    Attributes:
        state: Weights and the optimizer's moments, after `state.update` updates.
        records: One per epoch so far; readings that are arrays only in the last record.
    """

    state: State
    records: list[Record]


class Checkpoints:
    """The checkpoints in a folder, which several servers may share. Errors of the disk are logged
    and a checkpoint counts as missing: training never fails because of them.
    """

    def __init__(self, folder: Callable[[], Path], max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def save(self, experiment: Experiment, checkpoint: Checkpoint) -> None:
        """Writes a checkpoint; deletes the least recently used beyond `max_bytes`."""
        update = checkpoint.state.update
        history = experiment.key_before(update)
        path = self._path(history, update)
        beyond_stop = _is_beyond_stop(experiment, checkpoint)
        try:
            with open_index(self._folder()) as index:
                if not path.is_file():
                    write(path, checkpoint)
                index.execute(
                    f"INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, {LATEST_USE})",
                    (history, update, path.stat().st_size, beyond_stop),
                )
                self._make_room(index)
        except OUT_OF_REACH as error:
            _log(error)

    def next(
        self, experiment: Experiment, after: int, until: int, *, last: bool = False
    ) -> Checkpoint | None:
        """The first, or the last, checkpoint of this run in the updates (after, until]."""
        segments = list(_segments(experiment, after, until))
        try:
            with open_index(self._folder()) as index:
                rows = []
                for segment in segments:
                    rows += _rows(index, segment, experiment.early_stopping)
                for history, update in reversed(rows) if last else rows:
                    checkpoint = self._read(index, history, update)
                    if checkpoint:
                        return checkpoint
        except OUT_OF_REACH as error:
            _log(error)
        return None

    def forget(self, experiment: Experiment, update: int) -> None:
        """Deletes the checkpoint of this run at `update`, and the later ones up to the next move,
        which have the same layout: it does not fit this version.
        """
        history = experiment.key_before(update)
        try:
            with open_index(self._folder()) as index:
                segment = (history, update - 1, MAX_UPDATES)
                for row in _rows(index, segment, early_stopping=False):
                    self._forget(index, *row)
        except OUT_OF_REACH as error:
            _log(error)

    def _read(self, index: sqlite3.Connection, history: str, update: int) -> Checkpoint | None:
        try:
            checkpoint = _read_once(self._path(history, update))
        except UNREADABLE:
            self._forget(index, history, update)
            return None
        index.execute(f"UPDATE checkpoints SET used = {LATEST_USE} WHERE history = ?", (history,))
        return checkpoint

    def _make_room(self, index: sqlite3.Connection) -> None:
        rows = index.execute(
            "SELECT history, position, num_bytes FROM checkpoints ORDER BY used DESC, position"
        ).fetchall()
        total_bytes = 0
        for history, update, num_bytes in rows:
            total_bytes += num_bytes or 0
            if total_bytes > self._max_bytes:
                self._forget(index, history, update)

    def _forget(self, index: sqlite3.Connection, history: str, update: int) -> None:
        self._path(history, update).unlink(missing_ok=True)
        index.execute(
            "DELETE FROM checkpoints WHERE history = ? AND position = ?", (history, update)
        )

    def _path(self, history: str, update: int) -> Path:
        return self._folder() / "checkpoints" / f"{history}-{update}.npz"


def library_folder() -> Path:
    """$BOTTLENECK_LIBRARY, else $XDG_DATA_HOME/bottleneck, else ~/.local/share/bottleneck."""
    chosen = os.environ.get("BOTTLENECK_LIBRARY")
    if chosen:
        return Path(chosen)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "bottleneck"


def tidy() -> None:
    """Removes unfinished files of a killed server, and closes the default folder to other accounts;
    a folder that $BOTTLENECK_LIBRARY names keeps its permissions. Called when the server starts.
    """
    folder = library_folder()
    try:
        if not os.environ.get("BOTTLENECK_LIBRARY") and folder.is_dir():
            folder.chmod(0o700)
    except OSError as error:
        _log(error)
    for each in (folder / "checkpoints", folder / "runs", cache_folder()):
        sweep(each)


def write(path: Path, checkpoint: Checkpoint) -> None:
    """Writes a checkpoint as a file, atomically. Raises OSError."""
    state, records = checkpoint
    arrays: dict[str, Any] = {f"weights_{i}": array for i, array in enumerate(state.weights)}
    arrays |= {f"optimizer_{i}": array for i, array in enumerate(state.optimizer)}
    arrays["sums"] = np.array(state.sums, dtype=np.float32)
    plain = [record._replace(readings=_numbers(record)) for record in records[:-1]] + records[-1:]
    text = json.dumps({"seed": state.seed, "update": state.update, "records": plain})
    arrays["words"] = np.frombuffer(text.encode(), dtype=np.uint8)
    with replacing(path) as file:
        np.savez(file, **arrays)


def read(path: Path) -> Checkpoint:
    """Inverse of `write`. Raises one of `core.datasets.UNREADABLE` for any other file."""
    with _READING, np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    try:
        checkpoint = _checkpoint(arrays)
        Patience().after(checkpoint.records)
    except OTHER_LAYOUT as error:
        raise ValueError(path.name) from error
    return checkpoint


def _checkpoint(arrays: dict[str, np.ndarray]) -> Checkpoint:
    header = json.loads(arrays["words"].tobytes())
    state = State(
        weights=_numbered(arrays, "weights"),
        optimizer=_numbered(arrays, "optimizer"),
        seed=int(header["seed"]),
        update=int(header["update"]),
        sums=tuple(np.float32(value) for value in arrays["sums"]),
    )
    return Checkpoint(state, [_record(*values) for values in header["records"]])


def _read_once(path: Path) -> Checkpoint:
    """`read`, cached by path and time of change: a class opens the same link at the same time."""
    cache_key = (path, path.stat().st_mtime_ns)
    checkpoint = _cache.get(cache_key)
    if checkpoint is None:
        checkpoint = _cache[cache_key] = read(path)
    return checkpoint


def _numbered(arrays: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, ...]:
    count = sum(key.startswith(f"{name}_") for key in arrays)
    return tuple(arrays[f"{name}_{i}"] for i in range(count))


def _record(epoch: int, parts: Any, readings: Any, validation: Any, coefficients: Any) -> Record:
    readings = {k: tuple(v) if isinstance(v, list) else v for k, v in readings.items()}
    return Record(epoch, parts, readings, validation, coefficients)


def _numbers(record: Record) -> dict[str, float | tuple[float, ...]]:
    return {name: v for name, v in record.readings.items() if isinstance(v, float)}


def _is_beyond_stop(experiment: Experiment, checkpoint: Checkpoint) -> bool:
    """Whether the run with early stopping would have stopped before this checkpoint."""
    per_epoch = experiment.updates_per_epoch
    update = checkpoint.state.update
    before = [record for record in checkpoint.records if record.epoch * per_epoch < update]
    return Patience().after(before).is_over


def _segments(experiment: Experiment, after: int, until: int) -> Iterator[tuple[str, int, int]]:
    """(history, low, high) for each interval between two moves that meets (after, until]: the
    updates (low, high] have this history.
    """
    edges = [0, *(move.update for move in experiment.moves), MAX_UPDATES]
    for low, high in pairwise(edges):
        if high > low and high > after and low < until:
            yield experiment.key_before(high), max(low, after), min(high, until)


def _rows(
    index: sqlite3.Connection, segment: tuple[str, int, int], early_stopping: bool
) -> list[tuple[str, int]]:
    """(history, update) of the checkpoints in a segment, in order; with early stopping without
    those that lie beyond the stop.
    """
    return index.execute(
        "SELECT history, position FROM checkpoints WHERE history = ? AND position > ? "
        "AND position <= ? AND beyond_stop <= ? ORDER BY position",
        (*segment, not early_stopping),
    ).fetchall()


def _log(error: Exception) -> None:
    logging.getLogger(__name__).warning("Checkpoints are out of reach: %s", error)


_cache: LRU[tuple[Path, int], Checkpoint] = LRU(
    MAX_BYTES_IN_MEMORY, {}, weight=lambda _, checkpoint: checkpoint.state.num_bytes
)
CHECKPOINTS = Checkpoints(library_folder)
