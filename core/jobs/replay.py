"""Replays a run from its checkpoints, one after the other, and saves new ones."""

import threading

from core.experiments import MAX_UPDATES, Experiment
from core.jobs.chunks import Chunk, next_size
from core.jobs.registry import num_training
from core.jobs.restart_point import Home
from core.store.checkpoints import Checkpoint, Checkpoints

SECONDS_BETWEEN = 0.5
JOBS_AT_FULL_RATE = 4
MAX_BYTES = 8_000_000


class Replay:
    """Reads the checkpoints of a job, at a speed that can be watched, or only the last one; and
    saves those of newly trained states.
    """

    def __init__(self, checkpoints: Checkpoints) -> None:
        self._checkpoints = checkpoints
        self._skips = threading.Event()
        self._epoch_to_save = 1
        self._origin: Checkpoint | None = None
        self._last_fit = MAX_UPDATES
        self._num_trained = 0

    def skip(self) -> None:
        """Skips to the last checkpoint, now or when the replay begins."""
        self._skips.set()

    def end_skip(self) -> None:
        """Ends a skip, once the chunk that it led to is on its way to a worker."""
        self._skips.clear()

    def prove(self, update: int) -> None:
        """The run began from a state at that update, and it fits."""
        self._num_trained = max(self._num_trained, update)

    def next(self, experiment: Experiment, update: int, goal: int) -> Checkpoint | None:
        """The next checkpoint after an update, up to a goal, or None; reads the disk."""
        last = self._skips.is_set()
        goal = min(goal, self._last_fit)
        return self._checkpoints.next(experiment, update, goal, last=last)

    def land(self, chunk: Chunk) -> None:
        """Records whether the present state comes from a checkpoint, without updates since, or was
        trained here.
        """
        if chunk.checkpoint or chunk.size:
            self._origin = chunk.checkpoint
        if chunk.size:
            self._num_trained = chunk.begin + chunk.size

    def forget(self, experiment: Experiment, failed: Chunk) -> bool:
        """After a chunk that failed: forgets the checkpoint from which it began, on disk too, and
        replays none from there on. Returns whether it began from one.
        """
        origin = failed.checkpoint or self._origin
        if origin is None:
            return False
        update = origin.state.update
        self._origin = None
        self._last_fit = update - 1
        self._checkpoints.forget(experiment, update)
        return True

    def proven(self, home: Home) -> Home:
        """The restart point, if training has gone on from it or beyond; else the beginning."""
        return home if home.update <= self._num_trained else Home(0, None)

    def rest(self) -> None:
        """Waits until the next checkpoint is due: longer, the more jobs there are."""
        crowd = max(1.0, num_training() / JOBS_AT_FULL_RATE)
        self._skips.wait(SECONDS_BETWEEN * crowd)

    def lacks(self, epoch: int, num_bytes: int) -> bool:
        """Whether a state before the end should be saved: after 1, 2, 3, 4, 6, 8, ... epochs."""
        return num_bytes <= MAX_BYTES and epoch >= self._epoch_to_save

    def save(self, experiment: Experiment, checkpoint: Checkpoint, epoch: int) -> None:
        """Saves a checkpoint."""
        self._epoch_to_save = next_size(epoch)
        self._checkpoints.save(experiment, checkpoint)
