"""What the job layer costs: the same training by bare `advance` and by a `Job` on the workers."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.arena import Contestant, Spread, Timed, play_rounds, ratios, spread
from benchmarks.reach.table import Claim, Say
from core.configs import StackedConfig
from core.experiments import Experiment
from core.jobs.cluster import CLUSTER, num_workers
from core.jobs.runner import Job
from core.queries.questions import Reconstructions
from core.store.checkpoints import Checkpoints

BATCH_SIZE = 128
NUM_ROUNDS = 9
EPOCHS = 50
WARM_UP_EPOCHS = 10
MOST_LOST = 10
PATIENCE_SECONDS = 120
VIEWS = (Reconstructions(),)
HOW = """\
The default network at batch size {batch_size} on the 4,000 bundled digits, {epochs} epochs a \
round, each with its record on 1,000 test images: bare `advance` in one process trained \
{bare:,.0f} images a second, a `Job` on the app's own workers {jobs:,.0f}, from play to the last \
record, with the reconstructions that its page shows after every chunk. Lost within a round; below \
0 is luck."""


def measure(say: Say) -> tuple[list[Claim], str]:
    """Both train on from where they stand, on the bundled digits."""
    say(f"Job layer: {NUM_ROUNDS} rounds of {EPOCHS} epochs of the bundled digits")
    contestant = Contestant(bare)
    jobs = _Jobs()
    contestant.call(WARM_UP_EPOCHS)
    players = {"bare": lambda: contestant.call(EPOCHS), "jobs": lambda: jobs.train(EPOCHS)}
    rounds = play_rounds(players, NUM_ROUNDS)
    contestant.close()
    num_images = EPOCHS * jobs.experiment.updates_per_epoch * BATCH_SIZE
    speeds = {
        name: spread([num_images / each.seconds for each in timed])
        for name, timed in rounds.items()
    }
    left = ratios(rounds["bare"], rounds["jobs"])
    lost = Spread(100 * (1 - left.median), 100 * (1 - left.high), 100 * (1 - left.low))
    kept = lost.median <= MOST_LOST
    claim = Claim("per cent lost in the job layer", lost, f"at most {MOST_LOST}", kept)
    return [claim], HOW.format(
        batch_size=BATCH_SIZE, epochs=EPOCHS,
        bare=speeds["bare"].median, jobs=speeds["jobs"].median,
    )  # fmt: skip


def experiment(num_epochs: int) -> Experiment:
    """The default network at batch size 128, never stopping by itself."""
    config = StackedConfig(batch_size=BATCH_SIZE)
    return Experiment(config=config, num_epochs=num_epochs, early_stopping=False)


def bare() -> Callable[[int], None]:
    """What lives in the process of the bare engine: it trains on for a number of epochs."""
    from core.datasets import load_dataset
    from core.training import advance, init_state

    run = experiment(1)
    data = load_dataset(run.dataset)
    state = init_state(run.config, run.input_dim, run.seed)

    def train(num_epochs: int) -> None:
        nonlocal state
        num_updates = num_epochs * run.updates_per_epoch
        state, _ = advance(
            run.config, data, state, run.config.coefficients(), num_updates=num_updates
        )

    return train


class _Jobs:
    """One job whose end is moved on for every round: from `play` until a page sees it finished."""

    def __init__(self) -> None:
        self.num_epochs = WARM_UP_EPOCHS
        self.experiment = experiment(self.num_epochs)
        self._wait(lambda: CLUSTER.status().ready >= num_workers())
        folder = Path(tempfile.mkdtemp())
        self.job = Job(self.experiment, VIEWS, lambda: True, Checkpoints(lambda: folder))
        self.train(0)

    def train(self, num_epochs: int) -> Timed:
        self.num_epochs += num_epochs
        self.job.extend(num_epochs=self.num_epochs, early_stopping=False)
        started = time.perf_counter()
        self.job.play()
        self._wait(lambda: not self.job.snapshot().is_running)
        seconds = time.perf_counter() - started
        snapshot = self.job.snapshot()
        if len(snapshot.records) != self.num_epochs:
            raise RuntimeError(f"The job ended early: {snapshot.problem or snapshot.phase}.")
        return Timed(seconds, snapshot.records[-1].parts["total"])

    @staticmethod
    def _wait(is_over: Callable[[], bool]) -> None:
        CLUSTER.start()
        last = time.monotonic() + PATIENCE_SECONDS
        while not is_over():
            if time.monotonic() > last:
                raise RuntimeError(CLUSTER.status().problem or "The workers did not answer.")
            time.sleep(0.005)
