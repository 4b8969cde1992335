"""Replays a run from its checkpoints, at growing distances, and saves new ones."""

import threading

from distributed import Future

from core.engine.state import Record
from core.experiments import MAX_UPDATES, Experiment
from core.jobs import worker
from core.jobs.chunks import Chunk, next_size, result_of
from core.jobs.registry import num_training
from core.jobs.restart_point import Home
from core.store.checkpoints import Checkpoint, Checkpoints, StateFile, seconds_between

SECONDS_BETWEEN = 0.5
WRITE_SECONDS = 60.0
JOBS_AT_FULL_RATE = 4


class Replay:
    """Reads the checkpoints of a job, at a speed that can be watched, or only the last one; and
    saves those of newly trained states.
    """

    def __init__(self, checkpoints: Checkpoints) -> None:
        self._checkpoints = checkpoints
        self._skips = threading.Event()
        self._seconds = 0.0
        self._has_kept = False
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
        """The next checkpoint to show after an update, up to a goal, or None: the first from the
        end of 1, 2, 3, 4, 6, 8, 12, ... epochs on, or the last of all. Reads the disk.
        """
        goal = min(goal, self._last_fit)
        if not self._skips.is_set():
            per_epoch = experiment.updates_per_epoch
            mark = per_epoch * next_size(update // per_epoch)
            found = self._checkpoints.next(experiment, min(mark, goal) - 1, goal)
            if found:
                return found
        return self._checkpoints.next(experiment, update, goal, last=True)

    def instead(self, experiment: Experiment, update: int) -> Checkpoint | None:
        """The checkpoint before one whose file is gone, or None; reads the disk."""
        return self._checkpoints.next(experiment, 0, update - 1, last=True)

    def land(self, chunk: Chunk, seconds: float) -> None:
        """Records whether the present state comes from a checkpoint, without updates since, or was
        trained here, in so many seconds.
        """
        if chunk.checkpoint or chunk.size:
            self._origin = chunk.checkpoint
        if chunk.checkpoint:
            self._count_anew()
        if chunk.size:
            self._num_trained = chunk.begin + chunk.size
            self._seconds += seconds

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

    def pass_over(self, kept: Checkpoint) -> None:
        """No worker can read the file of a checkpoint: neither it nor a later one is replayed."""
        self._last_fit = min(self._last_fit, kept.state.update - 1)

    def proven(self, home: Home) -> Home:
        """The restart point, if training has gone on from it or beyond; else the beginning."""
        return home if home.update <= self._num_trained else Home(0, None)

    def rest(self) -> None:
        """Waits until the next checkpoint is due: longer, the more jobs there are."""
        crowd = max(1.0, num_training() / JOBS_AT_FULL_RATE)
        self._skips.wait(SECONDS_BETWEEN * crowd)

    def lacks(self, epoch: int, num_bytes: int, run_seconds: float) -> bool:
        """Whether a state before the end should be kept: the first with an epoch, and wherever
        training to it from the last kept one took long.
        """
        is_first = epoch > 0 and not self._has_kept
        return is_first or self._seconds > seconds_between(num_bytes, run_seconds)

    def save(self, experiment: Experiment, checkpoint: Checkpoint) -> StateFile | None:
        """Saves a checkpoint; None where the disk fails."""
        self._count_anew()
        return self._checkpoints.save(experiment, checkpoint)

    def written(
        self, carried: Future, experiment: Experiment, update: int, records: list[Record]
    ) -> StateFile | None:
        """Lets a worker write a state that is too large for this server; None where the disk fails,
        or is not that of the server.
        """
        self._count_anew()
        try:
            path = self._checkpoints.path(experiment, update)
            if not path.is_file():
                task = carried.client.submit(worker.keep, carried, records, path, pure=False)
                result_of(task, WRITE_SECONDS)
        except OSError:
            return None
        return self._checkpoints.enter(experiment, update, records)

    def _count_anew(self) -> None:
        self._has_kept = True
        self._seconds = 0.0
