"""Measures how good the models are, against published numbers and peers in the same run.

    python benchmarks/quality.py           everything; writes docs/reach.md
    python benchmarks/quality.py plain     only that module of benchmarks/reach, and its section

Needs the full data sets (BOTTLENECK_DATA, or Keras' cache or downloader). What is missing is a row
"not measured" with the reason.
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
MODULES = (
    "plain", "sparse", "deep", "denoising", "variational", "projection", "labels",
    "labels_page", "characters", "spelling",
)  # fmt: skip
TITLE = """# Quality, measured

Written by `make reach`; do not edit. Medians over seeds, with the lowest and the highest.
"""


def main() -> None:
    """Runs the modules one after the other; each writes its own section of the report."""
    parser = argparse.ArgumentParser(description="Measures how good the models are.")
    parser.add_argument("modules", nargs="*", metavar="module", help=", ".join(MODULES))
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    from benchmarks import report
    from benchmarks.reach import table

    for name in parser.parse_args().modules or MODULES:
        module = importlib.import_module(f"benchmarks.reach.{name}")
        started = time.perf_counter()
        heading = (module.__doc__ or name).splitlines()[0]
        claims = table.markdown(table.measured(module.measure, _say, heading)).strip()
        minutes = (time.perf_counter() - started) / 60
        text = f"{claims}\n\n{minutes:.0f} minutes. {report.machine()}"
        report.write(REPORT, TITLE, heading, text)
        _say(claims)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
