"""What a run says all along its way: the pictures under the bar, the curve of a part that is opened
late, the frames of a film.

One thread asks for a few moments at a time, behind everything that trains, and can be stopped.
Imports no TensorFlow.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from core.engine.state import TrainingDiverged
from core.jobs import worker
from core.jobs.chunks import Model, carried_of, result_of, sendable
from core.jobs.cluster import CLUSTER, ClusterUnavailable
from core.jobs.priorities import BEHIND, due_in
from core.jobs.seeks import Run
from core.message import Message, message_of
from core.question import Question, Views
from core.store.checkpoints import StateGone

Answers = dict[Question[Any], Any]
BATCH = 6
"""Moments that a worker is asked for at once."""
WAIT_SECONDS = 300.0


class Reel:
    """The answers of a run at many moments, as they arrive.

    Args:
        updates: Of which moments; those beyond the run are left out.
        keep: Makes of the answers at a moment what is kept of them.
        finish: Makes something of all of them in the end.
        is_wanted: Asked before every few moments; when it says no, the reel ends.

    Attributes:
        found: What is kept, by update.
        made: What `finish` has made.
        problem: A sentence, once it has failed.
    """

    def __init__(
        self,
        run: Run,
        updates: Sequence[int],
        questions: Views,
        *,
        keep: Callable[[Answers], Any] = lambda answers: answers,
        finish: Callable[[dict[int, Any]], Any] | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self.updates = sorted({update for update in updates if 0 <= update <= _end(run)})
        self.questions = questions
        self.found: dict[int, Any] = {}
        self.problem = ""
        self.made: Any = None
        self._keep = keep
        self._finish = finish
        self._run = run
        self._is_wanted = is_wanted
        self._is_stopped = False
        self._thread = threading.Thread(target=self._work, name="reel", daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return not self._thread.is_alive()

    @property
    def owes(self) -> bool:
        """Whether somebody may wait for more."""
        return not self.is_over

    def stop(self) -> None:
        """Asks for no more; what is on its way still comes."""
        self._is_stopped = True

    def _work(self) -> None:
        try:
            for first in range(0, len(self.updates), BATCH):
                if self._is_stopped or not self._is_wanted():
                    return
                answers = self._ask(self.updates[first : first + BATCH])
                self.found |= {update: self._keep(each) for update, each in answers.items()}
            if self._finish is not None and not self._is_stopped:
                self.made = self._finish(self.found)
        except (ClusterUnavailable, TrainingDiverged, StateGone, ValueError) as error:
            self.problem = message_of(error)
        except Exception as error:
            logging.getLogger(__name__).warning("A reel broke: %r", error)
            self.problem = Message(
                "The pictures of this run cannot be had now ({name}). Try it again.",
                name=type(error).__name__,
            )

    def _ask(self, goals: Sequence[int]) -> dict[int, Answers]:
        run = self._run
        options: Any = {"workers": [run.near], "allow_other_workers": True} if run.near else {}
        arguments = (run.experiment, self._begins(goals), self.questions, run.experiment.own())
        future = CLUSTER.client().submit(
            worker.along, *arguments, pure=False, priority=due_in(BEHIND), **options
        )
        found: dict[int, Answers] = result_of(future, WAIT_SECONDS)
        return found

    def _begins(self, goals: Sequence[int]) -> list[tuple[Model, list[int]]]:
        """The state from which each moment is trained on to: a kept one before it, or the moment
        before.
        """
        run = self._run
        experiment = replace(run.experiment, early_stopping=False)
        begins: list[tuple[Model, list[int]]] = []
        last = -1
        for goal in goals:
            kept = run.store and goal and run.store.next(experiment, last, goal, last=True)
            if kept:
                begins.append((sendable(carried_of(kept)), [goal]))
            elif begins:
                begins[-1][1].append(goal)
            else:
                begins.append((sendable(run.carried) if goal == run.update else None, [goal]))
            last = goal
        return begins


def _end(run: Run) -> int:
    return max(run.update, len(run.records) * run.experiment.updates_per_epoch)
