"""What XLA has compiled, on disk: a program that one worker has compiled is loaded by the others,
and by all after the server has started anew. Imports no TensorFlow.

XLA compares the whole program with the one in the file, so that a file is never taken for another
network. It does not know for which processor a file was made; that is in the name of the folder.
"""

import contextlib
import hashlib
import os
import platform
from importlib import metadata
from pathlib import Path

from core.datasets import cache_folder

MAX_BYTES = 200_000_000
VARIABLE = "TF_XLA_FLAGS"
FLAG = "--tf_xla_persistent_cache_directory"
CPU = Path("/proc/cpuinfo")


def folder() -> Path:
    """The folder for this processor and this version of TensorFlow."""
    text = f"{metadata.version('tensorflow')} {platform.machine()} {_features()}"
    return cache_folder() / f"compiled-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _features() -> str:
    """What the processor can do, as far as the system tells."""
    with contextlib.suppress(OSError):
        lines = CPU.read_text(encoding="utf-8").splitlines()
        return next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return platform.processor()


def environment() -> dict[str, str]:
    """The variable by which a worker finds the folder; none where there is a folder already, where
    it cannot be made or named (the variable is split at spaces), or where others could write what a
    worker would execute.
    """
    flags = os.environ.get(VARIABLE, "")
    if FLAG in flags or len(str(folder()).split()) != 1 or not _is_ours(folder()):
        return {}
    return {VARIABLE: f"{flags} {FLAG}={folder()}".strip()}


def _is_ours(path: Path) -> bool:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
        return not hasattr(os, "getuid") or path.stat().st_uid == os.getuid()
    except OSError:
        return False


def make_room(max_bytes: int = MAX_BYTES) -> None:
    """Deletes the oldest files beyond so many bytes, those for other processors too."""
    with contextlib.suppress(OSError):
        found = [(path, path.stat()) for path in cache_folder().glob("compiled-*/*")]
        found.sort(key=lambda file: -file[1].st_mtime)
        total = 0
        for path, stat in found:
            total += stat.st_size
            if total > max_bytes:
                path.unlink(missing_ok=True)
