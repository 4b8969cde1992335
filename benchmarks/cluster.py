"""A series of runs on a cluster that Dask's own commands start: two workers beside one.

    python benchmarks/cluster.py

Scheduler and workers are processes of their own, reached through BOTTLENECK_SCHEDULER, as on other
machines; each worker has one thread.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import servers  # noqa: E402
from benchmarks.reach.table import Claim, Say  # noqa: E402

NUM_RUNS = 24
EPOCHS = 60
BATCH_SIZE = 128
ORDER = (1, 2, 2, 1, 1, 2)
LEAST_GAIN = 1.7
PATIENCE_SECONDS = 600
HOW = (
    f"The default network at batch size {BATCH_SIZE}, {EPOCHS} epochs and {NUM_RUNS} seeds, one "
    "thread a worker; `dask scheduler` and `dask worker` as docs/scaling.md has them, one and two "
    "workers in turn."
)


def measure(say: Say) -> tuple[list[Claim], str]:
    """Seconds for the series on one worker over those on two, in turn, so that drift cancels."""
    say(f"Cluster: {NUM_RUNS} runs on one worker and on two, {len(ORDER)} rounds")
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for num_workers in ORDER:
        seconds[num_workers].append(_in_a_process(num_workers))
        say(f"  {num_workers} worker(s): {seconds[num_workers][-1]:.1f} s")
    gains = tuple(one / two for one, two in zip(seconds[1], seconds[2], strict=True))
    kept = statistics.median(gains) >= LEAST_GAIN
    what = f"a series of {NUM_RUNS} runs on two workers: times as fast as on one"
    return [Claim(what, gains, f"at least {LEAST_GAIN}", kept)], HOW


def _in_a_process(num_workers: int) -> float:
    """A client of its own for every round: what it has learned of speeds does not stay."""
    with servers.cluster(num_workers) as address:
        environment = os.environ | {"BOTTLENECK_SCHEDULER": address}
        command = [sys.executable, __file__, "--series", str(num_workers)]
        return float(subprocess.check_output(command, env=environment, cwd=ROOT, text=True))


def train_series(num_workers: int) -> float:
    """Seconds from play to the end of the last run, once every worker has trained the network."""
    from core.jobs.cluster import CLUSTER

    _wait(lambda: CLUSTER.status().ready >= num_workers)
    _train(range(1000, 1000 + 4 * num_workers), 2)
    started = time.perf_counter()
    _train(range(NUM_RUNS), EPOCHS)
    return time.perf_counter() - started


def _train(seeds: range, num_epochs: int) -> None:
    from core.configs import StackedConfig
    from core.experiments import Experiment
    from core.jobs.runner import Job

    config = StackedConfig(batch_size=BATCH_SIZE)
    first = Experiment(config=config, num_epochs=num_epochs, early_stopping=False)
    runs = [replace(first, seed=seed) for seed in seeds]
    jobs = [Job(run, (), lambda: True) for run in runs]
    for job in jobs:
        job.play()
    _wait(lambda: not any(job.snapshot().is_running for job in jobs))
    if not all(job.snapshot().phase == "finished" for job in jobs):
        raise RuntimeError(next(filter(None, (job.snapshot().problem for job in jobs)), "?"))


def _wait(is_over: Callable[[], bool]) -> None:
    from core.jobs.cluster import CLUSTER

    CLUSTER.start()
    last = time.monotonic() + PATIENCE_SECONDS
    while not is_over():
        if time.monotonic() > last:
            raise RuntimeError(CLUSTER.status().problem or "The cluster did not answer.")
        time.sleep(0.3)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--series"]:
        print(train_series(int(sys.argv[2])))
    else:
        print(*measure(print)[0], sep="\n")
