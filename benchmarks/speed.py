"""Measures how fast training is, against the peers and against its promises.

    python benchmarks/speed.py                    everything; writes docs/benchmarks.md
    python benchmarks/speed.py maps classroom     only these modules, and their sections

What is not installed (see `benchmarks/requirements.txt`) is a row "not measured" with the reason.
"""

import argparse
import importlib
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
REPORT = ROOT / "docs" / "benchmarks.md"
MODULES = (
    "throughput", "job_layer", "recompilation", "start_up", "pads", "letters", "maps", "classroom",
    "seeks", "abuse", "cluster", "site",
)  # fmt: skip
TITLE = """# Speed, measured

Written by `make bench`; do not edit. Medians over rounds, with the lowest and the highest.
"""


def main() -> None:
    """Runs the modules one after the other; each writes its own section of the report."""
    parser = argparse.ArgumentParser(description="Measures how fast training is.")
    parser.add_argument("modules", nargs="*", metavar="module", help=", ".join(MODULES))
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    from benchmarks import report
    from benchmarks.reach.table import markdown, measured

    for name in parser.parse_args().modules or MODULES:
        module = importlib.import_module(f"benchmarks.{name}")
        started = time.perf_counter()
        heading = (module.__doc__ or name).splitlines()[0]
        result = measured(module.measure, _say, heading)
        claims, text = result if isinstance(result, tuple) else (result, "")
        minutes = (time.perf_counter() - started) / 60
        parts = [markdown(claims).strip(), text, f"{minutes:.0f} minutes. {report.machine()}"]
        report.write(REPORT, TITLE, heading, "\n\n".join(filter(None, parts)))
        _say(parts[0])


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
