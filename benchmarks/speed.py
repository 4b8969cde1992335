"""Measures how fast training is, against the peers and against its promises.

    python benchmarks/speed.py           everything, a few minutes; writes docs/benchmarks.md
    python benchmarks/speed.py --quick   two rounds at batch size 128; writes nothing

Contestants whose library is not installed are left out: see `benchmarks/requirements.txt`.
"""

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import (  # noqa: E402
    classroom,
    job_layer,
    letters,
    maps,
    recompilation,
    report,
    start_up,
    throughput,
)

REPORT = ROOT / "docs" / "benchmarks.md"
BATCH_SIZES, QUICK_BATCH_SIZES = (32, 128, 256), (128,)
ROUNDS, QUICK_ROUNDS = 5, 2


def main() -> None:
    """Runs the measurements one after the other."""
    parser = argparse.ArgumentParser(description="Measures how fast training is.")
    parser.add_argument("--quick", action="store_true", help="a smoke test: writes no report")
    quick = parser.parse_args().quick
    batch_sizes = QUICK_BATCH_SIZES if quick else BATCH_SIZES
    num_rounds, started = QUICK_ROUNDS if quick else ROUNDS, time.perf_counter()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    _say(report.machine())
    parts = (
        throughput.measure(batch_sizes, num_rounds, _say),
        job_layer.measure(num_rounds, _say),
        recompilation.measure(num_rounds, _say),
        start_up.measure(min(num_rounds, 3), _say),
        [] if quick else letters.measure(_say),
        [] if quick else maps.measure(_say),
        None if quick else classroom.measure(_say),
    )
    for promise, bound, measured, kept in report.promises(parts):
        _say(f"{'kept  ' if kept else 'BROKEN'}  {promise}: {measured}, promised {bound}")
    if not quick:
        report.write(REPORT, parts, num_rounds, time.perf_counter() - started)
        _say(f"Wrote {REPORT.relative_to(ROOT)}")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
