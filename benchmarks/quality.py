"""Measures how good the models are, against published numbers and peers in the same run.

    python benchmarks/quality.py           everything; writes docs/reach.md
    python benchmarks/quality.py plain     only that module of benchmarks/reach; writes nothing

Needs the full data sets (BOTTLENECK_DATA, or Keras' cache or downloader).
"""

import argparse
import importlib
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
REPORT = ROOT / "docs" / "reach.md"
MODULES = ("plain",)


def main() -> None:
    """Runs the modules one after the other."""
    parser = argparse.ArgumentParser(description="Measures how good the models are.")
    parser.add_argument("modules", nargs="*", metavar="module", help=", ".join(MODULES))
    chosen = parser.parse_args().modules
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    from benchmarks.reach import table
    from benchmarks.report import machine

    started, sections = time.perf_counter(), ["# Quality, measured"]
    for name in chosen or MODULES:
        module = importlib.import_module(f"benchmarks.reach.{name}")
        claims = table.markdown(module.measure(_say))
        _say(claims)
        sections += [f"## {(module.__doc__ or '').splitlines()[0]}", claims.strip()]
    minutes = (time.perf_counter() - started) / 60
    sections.insert(1, f"Written by `make reach` in {minutes:.0f} minutes; do not edit. Medians "
                    f"over seeds, with the lowest and highest.\n\n{machine()}")  # fmt: skip
    if not chosen:
        REPORT.write_text("\n\n".join(sections) + "\n", encoding="utf-8")
        _say(f"Wrote {REPORT.relative_to(ROOT)}")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
