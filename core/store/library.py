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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from core import links, results
from core.build import build
from core.configs.sources import PRESENT_RUN
from core.data.keras_files import UNREADABLE
from core.datasets import OWN, Dataset
from core.engine.state import Record
from core.experiments import Experiment
from core.families import FAMILIES
from core.message import Message, message_of
from core.results import Results
from core.store import checkpoints, names, own_files
from core.store.checkpoints import Checkpoint, StateFile, library_folder
from core.store.index import NewerIndex, open_index
from core.store.own_files import Picture
from core.store.teacher import is_teacher

MAX_NAME = 80
MAX_RUNS_A_BROWSER = 100
MAX_STATE_BYTES = 100_000_000
MIN_TOKEN = 8
DAMAGED = (
    ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, OSError,
)  # fmt: skip
"""Exceptions of reading a row that is damaged or of another version."""
COLUMNS = "id, name, family, knobs, epoch, loss, owner, created, version, build, record, results"
NO_RESULTS = Results()
DELETED_SECONDS = 600
"""How long a deleted run can come back."""


class LibraryProblem(Exception):
    """The library refuses or cannot do something; the text is a sentence for the reader."""


@dataclass(frozen=True, eq=False)
class KeptRun:
    """A run in the library, without its weights.

    Attributes:
        family: Its key in `core.families.FAMILIES`.
        config: Its knobs but those of the experiment.
        epoch: Epochs trained.
        loss: Its test loss after the last epoch.
        owner: A digest of the token of the browser that kept it.
        created: Seconds since 1970.
        version: `Experiment.version` when it was kept; "" for one kept before there were any.
        build: The version of the project that kept it, or "".
        record: Its last epoch, readings that are scalars only; None for one kept before they were
            written down.
        own_path: Where the visitor's own data lie that it has learned from; None for other data.
    """

    id: str
    name: str
    family: str
    config: Any
    epoch: int
    loss: float
    owner: str
    created: float
    version: str
    build: str
    record: Record | None
    results: Results
    own_path: Path | None
    _texts: dict[str, str]

    @functools.cached_property
    def experiment(self) -> Experiment:
        """All its knobs; reads own data, and holds them, so that they stay registered.

        Raises:
            LibraryProblem: Its own data are gone or damaged.
        """
        if self.own is None and self.own_path is not None:
            raise LibraryProblem(Message("The data of this run are gone from the server."))
        return _experiment(self.family, self._texts)

    @functools.cached_property
    def own(self) -> Any:
        """The visitor's own data that it has learned from; None for other data, or where they are
        gone.
        """
        return own_files.read(self.own_path, self._texts["dataset"]) if self.own_path else None

    @property
    def dataset(self) -> str:
        """The name of its data."""
        return self._texts.get("dataset", "")

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
        select = f"SELECT {COLUMNS} FROM runs WHERE deleted IS NULL ORDER BY created DESC"
        rows = self._do(select)
        runs = [run for row in rows if (run := self._run_of(row))]
        return Listing(runs, len(rows) - len(runs))

    def keep(
        self,
        name: str,
        experiment: Experiment,
        checkpoint: Checkpoint,
        token: str,
        found: Results = NO_RESULTS,
        picture: Picture | None = None,
    ) -> str:
        """Keeps a run under a name for the holder of `token`, and returns its id.

        Args:
            picture: Some images and their copies, to be shown beside its name.
        """
        name = clean_name(name)
        owner = digest(token)
        self._check_can_keep(experiment, checkpoint, token)
        self._sweep()
        self._make_room(owner)
        run_id = secrets.token_hex(8)
        record = checkpoint.records[-1]
        self._write(run_id, experiment, checkpoint, picture)
        values = (
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
            results.record_to_text(record),
            results.to_text(found),
        )
        marks = ", ".join("?" * len(values))
        try:
            self._do(f"INSERT INTO runs ({COLUMNS}) VALUES ({marks})", *values)
        except LibraryProblem:
            self._delete_files(run_id)
            raise
        return run_id

    def _check_can_keep(self, experiment: Experiment, checkpoint: Checkpoint, token: str) -> None:
        if len(token) < MIN_TOKEN:
            raise LibraryProblem(
                Message("This browser has no token to sign with. Reload the page.")
            )
        if not checkpoint.records:
            raise LibraryProblem(Message("A run can be kept once it has trained for an epoch."))
        check_repeatable(experiment)
        num_bytes = checkpoint.state.num_bytes
        if num_bytes > MAX_STATE_BYTES:
            raise LibraryProblem(
                Message(
                    "This network weighs {size:,.0f} MB; at most {most:,.0f} MB can be kept. "
                    "Choose narrower layers.",
                    size=num_bytes / 1e6,
                    most=MAX_STATE_BYTES / 1e6,
                )
            )
        mine = "SELECT COUNT(*) FROM runs WHERE owner = ? AND deleted IS NULL"
        (count,) = self._do(mine, digest(token))[0]
        if count >= MAX_RUNS_A_BROWSER:
            raise LibraryProblem(
                Message("This browser keeps {count} runs already. Delete one first.", count=count)
            )

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
            raise LibraryProblem(
                Message("The weights of this run are gone from the server.")
            ) from error

    def records(self, run_id: str) -> list[Record]:
        """The records of a run. Raises LibraryProblem if they cannot be read."""
        try:
            return checkpoints.read_records(self._path(run_id))
        except UNREADABLE as error:
            raise LibraryProblem(
                Message("The weights of this run are gone from the server.")
            ) from error

    def picture(self, run_id: str) -> Picture | None:
        """The picture of a run, if it has one; reads the disk."""
        return own_files.read_picture(self._path(run_id, "-picture"))

    def rename(self, run_id: str, name: str, *keys: str) -> None:
        """Gives a run another name, if one of `keys` may do so."""
        self._check_may_change(run_id, keys)
        self._do("UPDATE runs SET name = ? WHERE id = ?", clean_name(name), run_id)

    def delete(self, run_id: str, *keys: str) -> None:
        """Removes a run, if one of `keys` may do so. For ten minutes it can be restored; then it
        goes with its weights.
        """
        self._check_may_change(run_id, keys)
        self._do("UPDATE runs SET deleted = ? WHERE id = ?", time.time(), run_id)
        self._sweep()

    def restore(self, run_id: str, *keys: str) -> None:
        """Brings a deleted run back, if one of `keys` may do so and ten minutes are not over."""
        self._sweep()
        self._check_may_change(run_id, keys)
        self._do("UPDATE runs SET deleted = NULL WHERE id = ?", run_id)

    def _sweep(self) -> None:
        """Removes what was deleted too long ago to come back."""
        before = time.time() - DELETED_SECONDS
        for (run_id,) in self._do("SELECT id FROM runs WHERE deleted < ?", before):
            self._remove(run_id)

    def _make_room(self, owner: str) -> None:
        """Removes the oldest deleted runs of a browser, where those with the kept ones are as many
        as it may keep.
        """
        runs = self._do("SELECT id, deleted FROM runs WHERE owner = ? ORDER BY deleted", owner)
        deleted = [run_id for run_id, when in runs if when is not None]
        for run_id in deleted[: max(0, len(runs) + 1 - MAX_RUNS_A_BROWSER)]:
            self._remove(run_id)

    def _remove(self, run_id: str) -> None:
        self._do("DELETE FROM runs WHERE id = ?", run_id)
        self._delete_files(run_id)

    def _delete_files(self, run_id: str) -> None:
        others = self._path(run_id, "-picture"), *self._own_paths(run_id)
        for path in (self._path(run_id), *others):
            with contextlib.suppress(OSError):
                path.unlink()

    def _own_paths(self, run_id: str) -> tuple[Path, Path]:
        """Where own pictures would lie, and own texts."""
        return self._path(run_id, "-images"), self._path(run_id, "-texts", ".json")

    def _check_may_change(self, run_id: str, keys: tuple[str, ...]) -> None:
        owners = self._do("SELECT owner FROM runs WHERE id = ?", run_id)
        if not owners:
            raise LibraryProblem(Message("This run is gone already."))
        if not any(digest(key) == owners[0][0] or is_teacher(key) for key in keys):
            raise LibraryProblem(
                Message(
                    "Only the browser that kept a run, or the teacher, may rename or delete it."
                )
            )

    def _write(
        self,
        run_id: str,
        experiment: Experiment,
        checkpoint: Checkpoint,
        picture: Picture | None,
    ) -> None:
        pictures, texts = self._own_paths(run_id)
        own = own_files.find(experiment.dataset)
        try:
            checkpoints.write(self._path(run_id), checkpoint)
            if picture is not None:
                own_files.write_picture(self._path(run_id, "-picture"), picture)
            if own is not None:
                own_files.write(pictures if isinstance(own, Dataset) else texts, own)
        except OSError as error:
            self._delete_files(run_id)
            raise LibraryProblem(
                Message("The server cannot write to its disk ({reason}).", reason=error)
            ) from error

    def _run_of(self, row: tuple) -> KeptRun | None:
        """The run of a row; None if it is damaged, has an unknown knob, has lost its own data, or
        its files belong to another account.
        """
        try:
            return self._run(row, _readable(row[2], row[3], row[10], row[11]))
        except DAMAGED:
            return None

    def _own_path(self, run_id: str, texts: dict[str, str]) -> Path | None:
        """Where the own data of a run lie, None for other data. Raises OSError where they are gone
        or belong to another account.
        """
        if not texts["dataset"].startswith(OWN):
            self._path(run_id).is_file()
            return None
        for path in self._own_paths(run_id):
            if path.is_file():
                return path
        raise FileNotFoundError(run_id)

    def _run(self, row: tuple, readable: "_Readable") -> KeptRun:
        run_id, name, family, _, epoch, loss, owner, created, version, kept_by, *_ = row
        return KeptRun(
            run_id,
            str(name),
            str(family),
            readable.config,
            int(epoch),
            float(loss),
            str(owner),
            moment(created),
            str(version or ""),
            str(kept_by or ""),
            readable.record,
            readable.results,
            self._own_path(run_id, readable.texts),
            readable.texts,
        )

    def _path(self, run_id: str, what: str = "", suffix: str = ".npz") -> Path:
        return self._folder() / "runs" / f"{run_id}{what}{suffix}"

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
        raise LibraryProblem(message_of(error)) from error
    except (OSError, sqlite3.Error) as error:
        raise LibraryProblem(
            Message("The library is out of reach ({reason}).", reason=error)
        ) from error


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
            Message(
                "A name has 1 to {most} characters that can be seen; received {count}. "
                "Choose another one.",
                most=longest,
                count=len(text),
            )
        )
    return text


def check_repeatable(experiment: Experiment) -> None:
    """Checks that somebody else can come to what a run has learned from.

    Raises:
        LibraryProblem: It is the run of another page of this visit, or labels that the visitor has
            chosen.
    """
    if str(getattr(experiment.config, "source", "")).startswith(PRESENT_RUN):
        raise LibraryProblem(
            Message(
                "This run learns from the run of another page, which only you have. Keep "
                "that run first, and choose it here."
            )
        )
    if getattr(experiment, "bought", ()):
        raise LibraryProblem(
            Message(
                "The labels of this run were chosen by hand, and are in no link. Export its "
                "history as a table, or choose a number of labels."
            )
        )


class _Readable(NamedTuple):
    """What a row says, without own data, which are read when they are wanted."""

    texts: dict[str, str]
    config: Any
    record: Record | None
    results: Results


@functools.lru_cache(maxsize=4_096)
def _readable(family: str, knobs: str, record: str | None, found: str | None) -> _Readable:
    """Raises one of `DAMAGED` if the row is damaged, or has an unknown knob."""
    texts = json.loads(knobs)
    is_own = texts["dataset"].startswith(OWN)
    told = {key: text for key, text in texts.items() if not is_own or key != "dataset"}
    return _Readable(
        texts,
        _experiment(family, told).config,
        results.record_from_text(record, family) if record else None,
        results.from_text(found),
    )


def _experiment(family: str, texts: dict[str, str]) -> Experiment:
    """The experiment of a row. Raises one of `DAMAGED` if it has an unknown knob."""
    experiment, notices = links.from_params(FAMILIES[family].config, texts, {})
    if notices:
        raise ValueError(notices[0])
    return experiment


LIBRARY = Library(library_folder)
