"""Which version of the project runs here. Imports nothing of ours."""

import functools
import subprocess
from pathlib import Path

VERSION = "2.0"
ROOT = Path(__file__).resolve().parent.parent


def build() -> str:
    """The version, and the commit where it is known, such as "2.0 (1f2e3d4)"."""
    return f"{VERSION} ({commit()})" if commit() else VERSION


@functools.cache
def commit(folder: Path = ROOT) -> str:
    """The short name of the commit that is checked out in a folder, or ""."""
    if not (folder / ".git").exists():
        return ""
    command = ["git", "-C", str(folder), "rev-parse", "--short", "HEAD"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout.strip()
