"""The library of kept runs: named, on disk, for all who use this server.

A run may be renamed or deleted by the browser that kept it, which holds a random token, and by the
teacher, who knows the secret in $BOTTLENECK_TEACHER. Imports no TensorFlow.
"""

import contextlib
import datetime
import functools
import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from core import links
from core.build import build
from core.configs import CONFIGS
from core.data.keras_files import UNREADABLE
from core.datasets import Dataset, adopt, own_data
from core.experiments import Experiment
from core.files import replacing
from core.store import checkpoints, names
from core.store.checkpoints import Checkpoint, StateFile, library_folder
from core.store.index import NewerIndex, open_index
from core.store.teacher import is_teacher

MAX_NAME = 80
MAX_RUNS_A_BROWSER = 100
MAX_STATE_BYTES = 100_000_000
MIN_TOKEN = 8
DAMAGED = (
    ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, OSError,
)  # fmt: skip
"""Exceptions of reading a row that is damaged or of another version."""
COLUMNS = "id, name, family, knobs, epoch, loss, owner, created, version, build"
ARRAYS = ("x_train", "x_test", "y_train", "y_test")


class LibraryProblem(Exception):
    """The library refuses or cannot do something; the text is a sentence for the reader."""


class KeptRun(NamedTuple):
    """A run in the library, without its weights.

    Attributes:
        epoch: Epochs trained.
        loss: Its test loss after the last epoch.
        owner: A digest of the token of the browser that kept it.
        created: Seconds since 1970.
        images: Own images, held so that they stay registered, or None.
        version: `Experiment.version` when it was kept; "" for one kept before there were any.
        build: The version of the project that kept it, or "".
    """

    id: str
    name: str
    experiment: Experiment
    epoch: int
    loss: float
    owner: str
    created: float
    images: Dataset | None
    version: str
    build: str

    @property
    def is_of_this_version(self) -> bool:
        """Whether training it on this server would give the same numbers."""
        return self.version == self.experiment.version


class Listing(NamedTuple):
    """The runs that this version can read, latest first, and the number of all others."""

    runs: list[KeptRun]
    num_unreadable: int


class Library:
    """The kept runs in a folder.

    Raises, in every method:
        LibraryProblem: A sentence; also when the disk fails.
    """

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder

    def runs(self) -> list[KeptRun]:
        """Every run that this version can read, latest first."""
        return self.listing().runs

    def listing(self) -> Listing:
        """The runs, and the number of rows that are damaged or of another version."""
        rows = self._do(f"SELECT {COLUMNS} FROM runs ORDER BY created DESC")
        runs = [run for row in rows if (run := self._run_of(row))]
        return Listing(runs, len(rows) - len(runs))

    def keep(self, name: str, experiment: Experiment, checkpoint: Checkpoint, token: str) -> str:
        """Keeps a run under a name for the holder of `token`, and returns its id."""
        name = clean_name(name)
        owner = digest(token)
        state = checkpoint.state
        if len(token) < MIN_TOKEN:
            raise LibraryProblem("This browser has no token to sign with. Reload the page.")
        if not checkpoint.records:
            raise LibraryProblem("A run can be kept once it has trained for an epoch.")
        if state.num_bytes > MAX_STATE_BYTES:
            raise LibraryProblem(
                f"This network weighs {state.num_bytes / 1e6:,.0f} MB; at most "
                f"{MAX_STATE_BYTES / 1e6:,.0f} MB can be kept. Choose narrower layers."
            )
        (count,) = self._do("SELECT COUNT(*) FROM runs WHERE owner = ?", owner)[0]
        if count >= MAX_RUNS_A_BROWSER:
            raise LibraryProblem(f"This browser keeps {count} runs already. Delete one first.")
        run_id = secrets.token_hex(8)
        record = checkpoint.records[-1]
        self._write(run_id, experiment, checkpoint)
        try:
            self._do(
                f"INSERT INTO runs ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                run_id,
                name,
                experiment.config.family,
                json.dumps(links.to_params(experiment)),
                record.epoch,
                record.validation["total"],
                owner,
                time.time(),
                experiment.version,
                build(),
            )
        except LibraryProblem:
            self._delete_files(run_id)
            raise
        return run_id

    def load(self, run_id: str) -> Checkpoint:
        """The records of a run, and where its weights lie. Raises LibraryProblem if they cannot be
        read.
        """
        try:
            path = self._path(run_id)
            found = checkpoints.read(path)
            file = StateFile(path, found.state.update, path.stat().st_size)
            return found._replace(state=file)
        except UNREADABLE as error:
            raise LibraryProblem("The weights of this run are gone from the server.") from error

    def rename(self, run_id: str, name: str, *keys: str) -> None:
        """Gives a run another name, if one of `keys` may do so."""
        self._check_may_change(run_id, keys)
        self._do("UPDATE runs SET name = ? WHERE id = ?", clean_name(name), run_id)

    def delete(self, run_id: str, *keys: str) -> None:
        """Removes a run and its weights, if one of `keys` may do so."""
        self._check_may_change(run_id, keys)
        self._do("DELETE FROM runs WHERE id = ?", run_id)
        self._delete_files(run_id)

    def _delete_files(self, run_id: str) -> None:
        for path in (self._path(run_id), self._path(run_id, "-images")):
            with contextlib.suppress(OSError):
                path.unlink()

    def _check_may_change(self, run_id: str, keys: tuple[str, ...]) -> None:
        owners = self._do("SELECT owner FROM runs WHERE id = ?", run_id)
        if not owners:
            raise LibraryProblem("This run is gone already.")
        if not any(digest(key) == owners[0][0] or is_teacher(key) for key in keys):
            raise LibraryProblem(
                "Only the browser that kept a run, or the teacher, may rename or delete it."
            )

    def _write(self, run_id: str, experiment: Experiment, checkpoint: Checkpoint) -> None:
        try:
            checkpoints.write(self._path(run_id), checkpoint)
            data = own_data(experiment.dataset)
            if data is not None:
                _write_images(self._path(run_id, "-images"), data)
        except OSError as error:
            self._delete_files(run_id)
            raise LibraryProblem(f"The server cannot write to its disk ({error}).") from error

    def _run_of(self, row: tuple) -> KeptRun | None:
        """The run of a row; None if it is damaged, has an unknown knob, has lost its images, or its
        files belong to another account.
        """
        try:
            return self._run(row)
        except DAMAGED:
            return None

    def _run(self, row: tuple) -> KeptRun | None:
        run_id, name, family, knobs, epoch, loss, owner, created, version, kept_by = row
        texts = json.loads(knobs)
        path = self._path(run_id, "-images")
        images = _read_images(path) if path.is_file() else None
        if images is not None:
            adopt(texts["dataset"], images)
        experiment, notices = links.from_params(CONFIGS[family], texts, {})
        if notices:
            return None
        return KeptRun(
            run_id,
            str(name),
            experiment,
            int(epoch),
            float(loss),
            str(owner),
            moment(created),
            images,
            str(version or ""),
            str(kept_by or ""),
        )

    def _path(self, run_id: str, suffix: str = "") -> Path:
        return self._folder() / "runs" / f"{run_id}{suffix}.npz"

    def _do(self, statement: str, *values: str | float) -> list[tuple]:
        return ask(self._folder(), statement, *values)


def ask(folder: Path, statement: str, *values: str | float) -> list[tuple]:
    """The rows that a statement selects from the index of a folder.

    Raises:
        LibraryProblem: A sentence; the disk fails, or the index is of a newer version.
    """
    try:
        with open_index(folder) as index:
            return index.execute(statement, values).fetchall()
    except NewerIndex as error:
        raise LibraryProblem(str(error)) from error
    except (OSError, sqlite3.Error) as error:
        raise LibraryProblem(f"The library is out of reach ({error}).") from error


def moment(created: Any) -> float:
    """`created` as seconds since 1970. Raises one of `DAMAGED` if it is no date."""
    datetime.datetime.fromtimestamp(created)
    return float(created)


def digest(token: str) -> str:
    """SHA-256 of a token, by which an owner is recognised; the token itself is not stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def clean_name(name: str, longest: int = MAX_NAME) -> str:
    """The name on one line, without invisible characters, of 1 to `longest` characters.

    Raises:
        LibraryProblem: No visible character is left of it, or it is too long.
    """
    text = names.clean(name)
    if not 1 <= len(text) <= longest:
        raise LibraryProblem(
            f"A name has 1 to {longest} characters that can be seen; received {len(text)}. Choose "
            "another one."
        )
    return text


def _write_images(path: Path, data: Dataset) -> None:
    arrays = {name: getattr(data, name) for name in ARRAYS if getattr(data, name) is not None}
    shape = np.array(data.image_shape or ())
    names = np.array(data.class_names, dtype=str)
    with replacing(path) as file:
        np.savez_compressed(file, **arrays, image_shape=shape, class_names=names)


@functools.lru_cache(maxsize=32)
def _read_images(path: Path) -> Dataset | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in ARRAYS if name in file}
            shape = tuple(int(size) for size in file["image_shape"])
            names = tuple(str(name) for name in file["class_names"])
        return Dataset(**arrays, image_shape=shape or None, class_names=names)  # type: ignore[arg-type]
    except UNREADABLE:
        return None


LIBRARY = Library(library_folder)
