"""Checkpoints on disk, so that nothing is trained twice on a server, and no server holds states.

The key of a checkpoint is the history that leads to it (`Experiment.key_before`), so two runs share
the checkpoints before the first move in which they differ. Rows lie in the SQLite index, arrays in
.npz files, which are read without unpickling. Imports no TensorFlow.
"""

import contextlib
import functools
import json
import logging
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
LARGE_BYTES = 30_000_000
"""A larger file is never read by a server, but by the worker that trains on."""
KEEP_SECONDS = 0.4
"""A state is kept when training to it from the last kept one took longer."""
MAX_BYTES_A_RUN = 250_000_000
# numpy parses the header of an array with `ast`, which fails in two threads at once in Python 3.11.
_READING = threading.Lock()
LATEST_USE = "(SELECT COALESCE(MAX(used), 0) + 1 FROM checkpoints)"
"""A counter of uses, independent of the clock."""
OUT_OF_REACH = (OSError, sqlite3.Error, NewerIndex)
OTHER_LAYOUT = (AttributeError, IndexError, OverflowError, RecursionError)
"""Exceptions, beside UNREADABLE, of reading a file of another version."""


class StateGone(Exception):
    """The file of a state is not there any more, or cannot be read."""


@dataclass(frozen=True)
class StateFile:
    """A state that lies in a file.

    Attributes:
        num_bytes: The size of the file.
    """

    path: Path
    update: int
    num_bytes: int

    def load(self) -> State:
        """Reads the state; a small one is cached. Raises StateGone."""
        try:
            state = _read_once(self.path).state
            return _state(_arrays(self.path)) if isinstance(state, StateFile) else state
        except (*UNREADABLE, *OTHER_LAYOUT) as error:
            raise StateGone(self.path.name) from error


class Checkpoint(NamedTuple):
    """A run after some number of updates.

    Attributes:
        state: Weights and the optimizer's moments, after `state.update` updates; or their file.
        records: One per epoch so far; readings that are arrays only in the last record.
    """

    state: State | StateFile
    records: list[Record]

    @property
    def loaded(self) -> State:
        """The state itself. Raises StateGone."""
        return self.state.load() if isinstance(self.state, StateFile) else self.state


def small(state: State | StateFile) -> State | StateFile:
    """The state itself where a server may hold it, else its file. Raises StateGone."""
    is_small_file = isinstance(state, StateFile) and state.num_bytes <= LARGE_BYTES
    return state.load() if is_small_file else state  # type: ignore[union-attr]


def seconds_between(num_bytes: int, run_seconds: float) -> float:
    """How far apart the kept states of a run are, in seconds of training: farther, where they would
    take more than `MAX_BYTES_A_RUN` of the disk together.

    Args:
        num_bytes: The size of one.
        run_seconds: How long the whole run takes.
    """
    return max(KEEP_SECONDS, run_seconds * num_bytes / MAX_BYTES_A_RUN)


class Checkpoints:
    """The checkpoints in a folder, which several servers may share. Errors of the disk are logged
    and a checkpoint counts as missing: training never fails because of them.
    """

    def __init__(self, folder: Callable[[], Path], max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def save(self, experiment: Experiment, checkpoint: Checkpoint) -> StateFile | None:
        """Writes a checkpoint, unless it is there; deletes the least recently used beyond
        `max_bytes`. Returns its file, or None where the disk fails.
        """
        try:
            path = self.path(experiment, checkpoint.state.update)
            with open_index(self._folder()) as index:
                if not path.is_file():
                    write(path, checkpoint)
                return self._enter(index, experiment, checkpoint.state.update, checkpoint.records)
        except OUT_OF_REACH as error:
            _log(error)
            return None

    def enter(self, experiment: Experiment, update: int, records: list[Record]) -> StateFile | None:
        """Takes in the file of a checkpoint that was written to `path`; None where it is not there
        or the disk fails.
        """
        try:
            with open_index(self._folder()) as index:
                return self._enter(index, experiment, update, records)
        except OUT_OF_REACH as error:
            _log(error)
            return None

    def _enter(
        self, index: sqlite3.Connection, experiment: Experiment, update: int, records: list[Record]
    ) -> StateFile:
        path = self.path(experiment, update)
        num_bytes = path.stat().st_size
        beyond_stop = _is_beyond_stop(experiment, update, records)
        index.execute(
            f"INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, {LATEST_USE})",
            (experiment.key_before(update), update, num_bytes, beyond_stop),
        )
        self._make_room(index)
        return StateFile(path, update, num_bytes)

    def path(self, experiment: Experiment, update: int) -> Path:
        """Where the checkpoint of a run at an update lies, or would."""
        return self._path(experiment.key_before(update), update)

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

    def updates(self, experiment: Experiment, until: int) -> list[int]:
        """After which updates, up to `until`, states of this run are kept, in order."""
        try:
            with open_index(self._folder()) as index:
                segments = _segments(experiment, 0, until)
                rows = [row for each in segments for row in _rows(index, each, False)]
        except OUT_OF_REACH as error:
            _log(error)
            return []
        return [update for _, update in rows]

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
        path = self._path(history, update)
        try:
            checkpoint = _read_once(path)
            file = StateFile(path, checkpoint.state.update, path.stat().st_size)
        except FileNotFoundError:
            self._forget(index, history, update)
            return None
        except OSError as error:  # another account's, or a disk that fails now: it stays
            _log(error)
            return None
        except UNREADABLE:
            self._forget(index, history, update)
            return None
        with contextlib.suppress(sqlite3.Error):  # a disk that is full, or can only be read
            index.execute(
                f"UPDATE checkpoints SET used = {LATEST_USE} WHERE history = ?", (history,)
            )
        return Checkpoint(file, checkpoint.records)

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
        try:
            self._path(history, update).unlink(missing_ok=True)
            index.execute(
                "DELETE FROM checkpoints WHERE history = ? AND position = ?", (history, update)
            )
        except (OSError, sqlite3.Error) as error:  # another account's, or a disk only to be read
            _log(error)

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
    if isinstance(state, StateFile):
        with replacing(path) as file, state.path.open("rb") as source:
            shutil.copyfileobj(source, file)
        return
    arrays: dict[str, Any] = {f"weights_{i}": array for i, array in enumerate(state.weights)}
    arrays |= {f"optimizer_{i}": array for i, array in enumerate(state.optimizer)}
    arrays["sums"] = np.array(state.sums, dtype=np.float32)
    plain = [record._replace(readings=_numbers(record)) for record in records[:-1]] + records[-1:]
    text = json.dumps({"seed": state.seed, "update": state.update, "records": plain})
    arrays["words"] = np.frombuffer(text.encode(), dtype=np.uint8)
    with replacing(path) as file:
        np.savez(file, **arrays)


def read(path: Path) -> Checkpoint:
    """Inverse of `write`; of a large file the records, and where its state lies. Raises one of
    `core.datasets.UNREADABLE` for any other file.
    """
    num_bytes = path.stat().st_size
    try:
        if num_bytes > LARGE_BYTES:
            update, records = _header(_arrays(path, "words"))
            checkpoint = Checkpoint(StateFile(path, update, num_bytes), records)
        else:
            arrays = _arrays(path)
            checkpoint = Checkpoint(_state(arrays), _header(arrays)[1])
        Patience().after(checkpoint.records)
    except OTHER_LAYOUT as error:
        raise ValueError(path.name) from error
    return checkpoint


def read_records(path: Path) -> list[Record]:
    """The records of a file alone. Raises one of `core.datasets.UNREADABLE`."""
    try:
        return _records_once(path, path.stat().st_mtime_ns)
    except OTHER_LAYOUT as error:
        raise ValueError(path.name) from error


@functools.lru_cache(maxsize=128)
def _records_once(path: Path, _: int) -> list[Record]:
    return _header(_arrays(path, "words"))[1]


def _arrays(path: Path, *names: str) -> dict[str, np.ndarray]:
    """The arrays of a file, or those with some names."""
    with _READING, np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in names or file}


def _header(arrays: dict[str, np.ndarray]) -> tuple[int, list[Record]]:
    """The update and the records."""
    header = json.loads(arrays["words"].tobytes())
    return int(header["update"]), [_record(*values) for values in header["records"]]


def _state(arrays: dict[str, np.ndarray]) -> State:
    header = json.loads(arrays["words"].tobytes())
    return State(
        weights=_numbered(arrays, "weights"),
        optimizer=_numbered(arrays, "optimizer"),
        seed=int(header["seed"]),
        update=int(header["update"]),
        sums=tuple(np.float32(value) for value in arrays["sums"]),
    )


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


def _is_beyond_stop(experiment: Experiment, update: int, records: list[Record]) -> bool:
    """Whether the run with early stopping would have stopped before this checkpoint."""
    per_epoch = experiment.updates_per_epoch
    before = [record for record in records if record.epoch * per_epoch < update]
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


def _bytes_here(checkpoint: Checkpoint) -> int:
    """Bytes in memory, about."""
    return 0 if isinstance(checkpoint.state, StateFile) else checkpoint.state.num_bytes


_cache: LRU[tuple[Path, int], Checkpoint] = LRU(
    MAX_BYTES_IN_MEMORY, {}, weight=lambda _, checkpoint: _bytes_here(checkpoint)
)
CHECKPOINTS = Checkpoints(library_folder)
