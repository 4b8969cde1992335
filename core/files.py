"""Files that several processes share: written whole or not at all, and private to their owner."""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

UNFINISHED = ".part"
ABANDONED_SECONDS = 600
"""A file that is being written changes more often than this."""


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file beside `path` to write into; it takes the place of `path` at the end, and is deleted
    when anything fails, so that no reader sees half a file and none is left over.

    Raises:
        OSError: The disk fails or is full.
    """
    make_folder(path.parent)
    handle, name = tempfile.mkstemp(UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Makes a folder that only its owner can read (0700), and the folders above it.

    Raises:
        OSError: It cannot be made.
    """
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def sweep(folder: Path) -> int:
    """Deletes the unfinished files that a process which was killed has left in `folder`; returns
    how many. A clock that was set back makes no file younger. Never raises.
    """
    count = 0
    for path in folder.glob(f"*{UNFINISHED}"):
        with contextlib.suppress(OSError):
            if abs(time.time() - path.stat().st_mtime) > ABANDONED_SECONDS:
                path.unlink()
                count += 1
    return count
