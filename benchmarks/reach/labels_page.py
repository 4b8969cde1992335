"""The page of few labels as it opens, on 5,000 digits: seconds until there is something to see."""

import dataclasses
import time
from collections.abc import Callable
from typing import Any

from benchmarks.reach.table import Claim, Say
from components.parts.labels.curves import NUM_SEEDS
from core.experiments import Experiment
from core.jobs.cluster import CLUSTER, num_workers
from core.jobs.runner import Job
from core.presets import LABELS
from core.pretraining import encoders
from core.pretraining.encoders import Encoder
from core.pretraining.phases import phase_1, sweeps
from core.queries.questions import EncoderWeights

PATIENCE_SECONDS = 900
POLL_SECONDS = 0.5
FIRST_SECONDS = 30
ALL_SECONDS = 180


def measure(say: Say) -> list[Claim]:
    """Phase 1, then phase 2 and the curve beside it, by the jobs that the page would start."""
    CLUSTER.start()
    _wait(lambda: CLUSTER.status().ready >= num_workers())
    started = time.perf_counter()
    wanted = LABELS["few"].experiment
    first = _play(phase_1(wanted.config.source, wanted.dataset))
    _wait(lambda: _is_over(first))
    encoder = _encoder(first)
    say(f"Phase 1: {time.perf_counter() - started:.0f} s")
    there = dataclasses.replace(wanted, encoder=encoder.name)
    live, *curve = [_play(each) for each in (there, *sweeps(there, NUM_SEEDS))]
    milestones = {
        "first point of the curve": lambda: any(job.snapshot().records for job in curve),
        "curve of one seed": lambda: any(_is_over(job) for job in curve),
        "everything": lambda: all(_is_over(job) for job in (live, *curve)),
    }
    seconds = {}
    for name, is_reached in milestones.items():
        _wait(is_reached)
        seconds[name] = time.perf_counter() - started
        say(f"{name}: {seconds[name]:.0f} s")
    return _claims(seconds)


def _claims(seconds: dict[str, float]) -> list[Claim]:
    most = {"first point of the curve": FIRST_SECONDS, "everything": ALL_SECONDS}
    return [
        Claim(
            f"seconds to {name}",
            (value,),
            f"at most {most[name]}" if name in most else "",
            value <= most.get(name, PATIENCE_SECONDS),
        )
        for name, value in seconds.items()
    ]


def _play(experiment: Experiment) -> Job:
    job = Job(experiment, (), lambda: True)
    job.play()
    return job


def _is_over(job: Job) -> bool:
    snapshot = job.snapshot()
    if snapshot.phase == "failed":
        raise RuntimeError(f"A job failed: {snapshot.problem}")
    return snapshot.phase == "finished"


def _encoder(job: Job) -> Encoder:
    """What phase 1 leaves behind, as soon as a worker has time to say it."""
    answer = _wait(lambda: job.ask(EncoderWeights()))
    return encoders.make(*answer)


def _wait(ask: Callable[[], Any]) -> Any:
    """The first answer that is not empty."""
    last = time.monotonic() + PATIENCE_SECONDS
    while not (answer := ask()):
        if time.monotonic() > last:
            raise RuntimeError(CLUSTER.status().problem or "The workers did not answer.")
        time.sleep(POLL_SECONDS)
    return answer
