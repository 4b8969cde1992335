"""Any moment of a run: how long until a visitor sees it, on warm workers."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.classroom import quantile
from benchmarks.reach.table import Claim, Say
from benchmarks.report import table
from core import families
from core.characters.questions import Read
from core.configs import CONFIGS
from core.experiments import Experiment
from core.jobs.answers import ANSWERS
from core.jobs.cluster import CLUSTER
from core.jobs.runner import Job
from core.jobs.visits import Visit
from core.queries.questions import MapPositions, Reconstructions
from core.question import Views
from core.spelling.questions import Correct
from core.store.checkpoints import Checkpoints

NUM_SEEKS = 60
TRAINING = 60.0
PATIENCE = 120.0
NUM_POINTS = 1_000
MEDIAN = 0.8
LATE = 2.0
HOW = (
    "Each default run trains for a minute at most, with its states on the disk as in the app, and "
    f"rests. Then a visitor wants it as it stood after one of its epochs, {NUM_SEEKS} times by "
    "chance; what was said before is forgotten. Timed from the call until the answers are there."
)
HEAD = ("", "epochs", "states kept", "median, s", "95 %, s", "slowest, s")


def measure(say: Say) -> tuple[list[Claim], str]:
    """Every kind of run, one after the other."""
    rows, claims = [], []
    for name, (experiment, questions, _) in _runs().items():
        say(f"Seeks: {name}")
        with tempfile.TemporaryDirectory() as folder:
            job = _trained(experiment, Path(folder))
            kept = len(list(Path(folder).glob("checkpoints/*.npz")))
            seconds = _seek(job, questions)
        middle, late = statistics.median(seconds), quantile(seconds, 0.95)
        numbers = f"{middle:.2f}", f"{late:.2f}", f"{max(seconds):.2f}"
        rows.append((name, str(len(job.snapshot().records)), str(kept), *numbers))
        claims += [
            Claim(f"median seconds to a moment, {name}", (middle,), f"at most {MEDIAN}",
                  middle <= MEDIAN),
            Claim(f"95 % of them within seconds, {name}", (late,), f"at most {LATE}",
                  late <= LATE),
        ]  # fmt: skip
    return claims, f"{HOW}\n\n{table(HEAD, rows)}"


def _runs() -> dict[str, tuple[Experiment, Views, Any]]:
    """The default runs by name, what is asked, and what must be held while they are used."""
    from core.configs.maps import MapConfig
    from core.datasets import load_dataset
    from core.maps import points

    def default(family: str, **knobs: Any) -> Experiment:
        return families.make(families.FAMILIES[family].config, knobs | {"early_stopping": False})

    pixels = points.make(load_dataset("mnist5k").x_train[:NUM_POINTS])
    a_map = families.experiment_class(MapConfig).on(MapConfig(num_points=NUM_POINTS), pixels)
    read = (Read("bottleneck"),)
    names = ("stacked", "sparse", "denoising", "variational")
    return {
        **{CONFIGS[name].family: (default(name), (Reconstructions(),), None) for name in names},
        "character CNN": (default("character"), read, None),
        "LSTM": (default("character", architecture="lstm"), read, None),
        "speller": (default("speller"), (Correct("teh quik", False),), None),
        f"map of {NUM_POINTS:,} points": (a_map, (MapPositions(),), pixels),
    }


def _trained(experiment: Experiment, folder: Path) -> Job:
    """A job that has trained for a while and rests."""
    CLUSTER.start()
    job = Job(experiment, (), lambda: True, Checkpoints(lambda: folder))
    job.play()
    _wait(lambda: bool(job.snapshot().records))
    last = time.monotonic() + TRAINING
    _wait(lambda: time.monotonic() > last or not job.snapshot().is_running)
    job.pause()
    _wait(lambda: job.is_at_rest)
    return job


def _seek(job: Job, questions: Views) -> list[float]:
    """Seconds of so many seeks, to epochs by chance."""
    dice, visit, found = random.Random(0), Visit(), []
    last = len(job.snapshot().records)
    for number in range(NUM_SEEKS + 2):
        epoch = dice.randint(0, last)
        ANSWERS.clear()
        visit.seeks.forget()
        started = time.perf_counter()
        _wait(lambda epoch=epoch: job.seek(visit, epoch, questions) is not None)  # type: ignore[misc]
        seconds = time.perf_counter() - started
        moment = job.seek(visit, epoch, questions)
        if moment is None or moment.problem or moment.epoch != epoch:
            raise RuntimeError(f"Epoch {epoch} was not shown: {moment}.")
        found += [seconds] if number > 1 else []
    return found


def _wait(is_over: Callable[[], bool]) -> None:
    last = time.monotonic() + PATIENCE
    while not is_over():
        if time.monotonic() > last:
            raise RuntimeError("The workers did not answer.")
        time.sleep(0.005)
