"""The Markdown of `docs/benchmarks.md` and `docs/reach.md`, a section a module."""

import os
import platform
import time
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "tensorflow", "keras", "torch", "jax", "jaxlib", "numpy", "distributed", "symspellpy",
    "lingua-language-detector",
)  # fmt: skip


def write(path: Path, title: str, heading: str, text: str) -> None:
    """Puts a section into a report in the place of the one that stood under its heading."""
    parts = path.read_text(encoding="utf-8").split("\n## ") if path.is_file() else [title]
    sections = dict(part.split("\n", 1) for part in parts[1:])
    sections[heading] = f"\n{text}\n"
    body = "".join(f"\n## {name}\n{part.rstrip()}\n" for name, part in sections.items())
    path.write_text(title + body, encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column is left-aligned."""
    lines = [list(head), ["---"] + ["---:"] * (len(head) - 1), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """One paragraph: when, on what, with which versions."""
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{time.strftime('%Y-%m-%d')}, {platform.system()} on {_processor()}, {os.cpu_count()} "
        f"cores, load average {load} at the end. Python {platform.python_version()}, {versions}."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"
