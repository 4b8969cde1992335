"""What was trained before, on its way through a job: one checkpoint after the other."""

import threading
from typing import NamedTuple

from core.checkpoints import Checkpoint, Checkpoints
from core.chunks import next_size
from core.experiments import Experiment
from core.line import num_training

SECONDS_BETWEEN, JOBS_AT_FULL_RATE = 0.5, 4
MAX_BYTES = 8_000_000
Place = tuple[Experiment, int, int]
"""An experiment, the updates that are made, and those that are wanted."""


class Found(NamedTuple):
    """A checkpoint, and the place from which it was looked for."""

    place: Place
    checkpoint: Checkpoint


class Replay:
    """Finds the checkpoints of a job, at a speed that can be watched, or only the last one; and
    leaves those of what is trained now.
    """

    def __init__(self, checkpoints: Checkpoints) -> None:
        self._checkpoints, self._skips = checkpoints, threading.Event()
        self._epoch_to_save = 1

    def skip(self) -> None:
        """Jumps to the end, now or when it gets there."""
        self._skips.set()

    def next(self, place: Place) -> Found | None:
        """What comes next; reads a disk."""
        last = self._skips.is_set()
        self._skips.clear()
        checkpoint = self._checkpoints.next(*place, last=last)
        return Found(place, checkpoint) if checkpoint else None

    def rest(self) -> None:
        """Until the next one may be shown: later, the more jobs there are."""
        crowd = max(1.0, num_training() / JOBS_AT_FULL_RATE)
        self._skips.wait(SECONDS_BETWEEN * crowd)

    def lacks(self, epoch: int, num_bytes: int) -> bool:
        """Whether a state on the way should be saved: after 1, 2, 3, 4, 6, 8, 12, ... epochs."""
        return num_bytes <= MAX_BYTES and epoch >= self._epoch_to_save

    def save(self, experiment: Experiment, checkpoint: Checkpoint, epoch: int) -> None:
        """Saves it for those who come later."""
        self._epoch_to_save = next_size(epoch)
        self._checkpoints.save(experiment, checkpoint)
