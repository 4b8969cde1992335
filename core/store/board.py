"""The class board: runs shared under a nickname, as numbers without weights.

An entry may be renamed or deleted by the browser that shared it, which holds a random token, and by
the teacher, who alone may clear the board. Imports no TensorFlow.
"""

import functools
import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from core import links, results
from core.engine.state import Record
from core.experiments import Experiment
from core.families import FAMILIES
from core.message import Message
from core.results import Results
from core.store import names, own_files
from core.store.checkpoints import library_folder
from core.store.library import (
    DAMAGED,
    MIN_TOKEN,
    LibraryProblem,
    ask,
    check_repeatable,
    clean_name,
    digest,
    moment,
)
from core.store.teacher import is_teacher

MAX_NICKNAME = 24
MAX_SHARED_A_BROWSER = 40
COLUMNS = "id, nickname, family, knobs, record, owner, created, results"
NO_RESULTS = Results()


class Entry(NamedTuple):
    """A run on the board.

    Attributes:
        record: Its last epoch when it was shared; readings that are scalars only.
        owner: A digest of the token of the browser that shared it.
        created: Seconds since 1970.
    """

    id: str
    nickname: str
    experiment: Experiment
    record: Record
    owner: str
    created: float
    results: Results = NO_RESULTS


class Listing(NamedTuple):
    """The entries that this version can read, latest first, and the number of all others."""

    entries: list[Entry]
    num_unreadable: int


class Board:
    """The entries in the index of a folder.

    Raises, in every method:
        LibraryProblem: A sentence; also when the disk fails.
    """

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder

    def entries(self) -> list[Entry]:
        """All entries that this version can read, latest first."""
        return self.listing().entries

    def listing(self) -> Listing:
        """The entries, and the number of rows that are damaged or of another version."""
        rows = self._do(f"SELECT {COLUMNS} FROM board ORDER BY created DESC")
        entries = [entry for row in rows if (entry := _entry_of(row))]
        return Listing(entries, len(rows) - len(entries))

    def share(
        self,
        nickname: str,
        experiment: Experiment,
        record: Record,
        token: str,
        found: Results = NO_RESULTS,
    ) -> None:
        """Adds a run at its present record; replaces an entry of this browser with equal knobs."""
        nickname = _clean(nickname)
        owner = digest(token)
        if len(token) < MIN_TOKEN:
            raise LibraryProblem(
                Message("This browser has no token to sign with. Reload the page.")
            )
        if own_files.find(experiment.dataset) is not None:
            raise LibraryProblem(
                Message(
                    "This run has learned from data of your own, which nobody else has. Choose "
                    "other data to share a run."
                )
            )
        check_repeatable(experiment)
        self._check_is_free(nickname, owner)
        family = experiment.config.family
        knobs = json.dumps(links.to_params(experiment), sort_keys=True)
        self._do(
            "DELETE FROM board WHERE owner = ? AND family = ? AND knobs = ?", owner, family, knobs
        )
        (count,) = self._do("SELECT COUNT(*) FROM board WHERE owner = ?", owner)[0]
        if count >= MAX_SHARED_A_BROWSER:
            raise LibraryProblem(
                Message("This browser shares {count} runs already. Delete one first.", count=count)
            )
        self._do(
            f"INSERT INTO board ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            secrets.token_hex(8), nickname, family, knobs, results.record_to_text(record), owner,
            time.time(), results.to_text(found),
        )  # fmt: skip

    def rename(self, entry_id: str, nickname: str, *keys: str) -> None:
        """Gives an entry another nickname, if one of `keys` may do so."""
        owner = self._owner(entry_id, keys)
        nickname = _clean(nickname)
        self._check_is_free(nickname, owner)
        self._do("UPDATE board SET nickname = ? WHERE id = ?", nickname, entry_id)

    def delete(self, entry_id: str, *keys: str) -> None:
        """Removes an entry, if one of `keys` may do so."""
        self._owner(entry_id, keys)
        self._do("DELETE FROM board WHERE id = ?", entry_id)

    def clear(self, secret: str) -> None:
        """Removes all entries; for the teacher alone."""
        if not is_teacher(secret):
            raise LibraryProblem(Message("Only the teacher may clear the board."))
        self._do("DELETE FROM board")

    def _owner(self, entry_id: str, keys: tuple[str, ...]) -> str:
        """The owner of an entry. Raises LibraryProblem unless one of `keys` may change it."""
        owners = self._do("SELECT owner FROM board WHERE id = ?", entry_id)
        if not owners:
            raise LibraryProblem(Message("This run is gone already."))
        owner = str(owners[0][0])
        if not any(digest(key) == owner or is_teacher(key) for key in keys):
            raise LibraryProblem(
                Message(
                    "Only the browser that shared a run, or the teacher, may rename or delete it."
                )
            )
        return owner

    def _check_is_free(self, nickname: str, owner: str) -> None:
        """Raises LibraryProblem if another browser uses a nickname that looks like this one."""
        taken = self._do("SELECT DISTINCT nickname FROM board WHERE owner != ?", owner)
        if any(names.look_alike(nickname, str(name)) for (name,) in taken):
            raise LibraryProblem(
                Message(
                    "Somebody else shares runs as {nickname} already. Choose another nickname.",
                    nickname=nickname,
                )
            )

    def _do(self, statement: str, *values: str | float) -> list[tuple]:
        return ask(self._folder(), statement, *values)


def _clean(nickname: str) -> str:
    return clean_name(names.clean_nickname(nickname), MAX_NICKNAME)


@functools.lru_cache(maxsize=12_000)
def _entry_of(row: tuple) -> Entry | None:
    """The entry of a row; None if it is damaged or has an unknown knob. The board is read every few
    seconds by everybody who looks at it.
    """
    try:
        return _entry(row)
    except DAMAGED:
        return None


def _entry(row: tuple) -> Entry | None:
    entry_id, nickname, family, knobs, record, owner, created, found = row
    experiment, notices = links.from_params(FAMILIES[family].config, json.loads(knobs), {})
    if notices:
        return None
    return Entry(
        entry_id,
        str(nickname),
        experiment,
        results.record_from_text(record, family),
        str(owner),
        moment(created),
        results.from_text(found),
    )


BOARD = Board(library_folder)
