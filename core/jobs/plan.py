"""What a job does next, as a pure function of what has happened to it.

A plan never changes: an event returns another one. `Job` (core/jobs/runner.py) sends the steps of
the plan to the workers, and tells it what came back. Imports neither TensorFlow nor Dask.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.experiments import Experiment
from core.question import Views

PHASES = ("starting", "training", "pausing", "paused", "stopped", "finished", "failed")


class Step(NamedTuple):
    """What a worker is asked to do.

    Attributes:
        kind: "train" (so many updates), "look" (at the state as it stands) or "replay" (show a
            state that was kept).
        begin: The update at which it begins; of a replay, the update of the kept state.
        size: Number of updates; 0 unless it trains.
        views: What is shown of the state at its end.
    """

    kind: str
    begin: int
    size: int = 0
    views: Views = ()

    @property
    def end(self) -> int:
        return self.begin + self.size


@dataclass(frozen=True)
class Plan:
    """Where a job stands, and where it shall go.

    Attributes:
        experiment: What is trained, with the moves so far.
        views: The questions that are answered after every step.
        update: Updates made.
        goal: The update at which it shall rest; 0 for here.
        reached: The farthest update that was ever shown, to which a job returns after a loss.
        steps: What has been sent and has not come back, in order.
        has_begun: Whether anything was ever asked of it.
        shown: The views that came back last, or None while nothing has.
        is_new: Whether training was asked for before anything had come back.
        is_pausing: Whether it goes on no farther than what runs, or than `reached`.
        has_stopped: Whether early stopping has ended the run.
        problem: Why it failed, or None.
    """

    experiment: Experiment
    views: Views = ()
    update: int = 0
    goal: int = 0
    reached: int = 0
    steps: tuple[Step, ...] = ()
    has_begun: bool = False
    shown: Views | None = None
    is_new: bool = False
    is_pausing: bool = False
    has_stopped: bool = False
    problem: str | None = None

    # What it says.

    @property
    def phase(self) -> str:
        """One of `PHASES`: the first whose condition holds."""
        waits = self.has_begun and self.shown is None
        conditions = {
            "failed": self.problem is not None,
            "starting": waits or (self.is_new and self.is_training and not self.update),
            "pausing": self.is_busy and (self.is_pausing or not self.is_training),
            "training": self.is_training,
            "finished": self.update >= self.end,
            "stopped": self.has_stopped,
            "paused": True,
        }
        return next(phase for phase, holds in conditions.items() if holds)

    @property
    def end(self) -> int:
        """The last update of the run."""
        return self.experiment.num_updates

    @property
    def is_training(self) -> bool:
        """Whether updates are still to be made."""
        return self.goal > self.update

    @property
    def is_busy(self) -> bool:
        """Whether the state is about to change."""
        return self.is_training or any(step.kind != "look" for step in self.steps)

    @property
    def must_look(self) -> bool:
        """Whether a look is due before anything else."""
        return self.has_begun and self.shown != self.views

    @property
    def is_at_work(self) -> bool:
        """Whether anything is under way or still to be trained."""
        return self.is_training or bool(self.steps)

    @property
    def has_work(self) -> bool:
        """Whether it has anything to do."""
        return self.problem is None and (self.is_training or self.must_look or bool(self.steps))

    # What is next.

    def next(self, near: int, most: int = 1, kept: int | None = None) -> Step | None:
        """The next step to send, or None.

        Args:
            near: About how many updates a step has.
            most: How many steps may be under way.
            kept: The update of a kept state between here and the goal, or None.
        """
        if self.problem is not None or len(self.steps) >= most:
            return None
        if self.steps:
            last = self.steps[-1]
            return self._training_from(last.end, near) if last.kind == "train" else None
        if self.must_look:
            return Step("look", self.update, 0, self.views)
        if self.is_training and kept is not None and self.update < kept <= self.goal:
            return Step("replay", kept, 0, self.views)
        return self._training_from(self.update, near)

    def _training_from(self, begin: int, near: int) -> Step | None:
        """A step of training: not beyond the goal or the next move."""
        moves = [move.update for move in self.experiment.moves if move.update > begin]
        size = min(begin + near, self.goal, *moves) - begin
        return Step("train", begin, size, self.views) if size > 0 else None

    # What happens.

    def standing_at(self, update: int) -> "Plan":
        """A run that was kept begins with so many updates made."""
        return self._with(update=update, reached=update, has_begun=True)

    def prepare(self) -> "Plan":
        """Somebody wants to see it as it stands."""
        return self._with(has_begun=True, problem=None)

    def train_to(self, goal: int) -> "Plan":
        """Somebody wants so many updates, or all; a run that has stopped early goes on."""
        experiment = self.experiment
        if self.phase == "stopped":
            experiment = dataclasses.replace(experiment, early_stopping=False)
        goal = min(goal, experiment.num_updates)
        if goal <= self.update:
            return self._with(problem=None)
        return self._with(
            experiment=experiment,
            goal=goal,
            has_begun=True,
            is_new=self.shown is None or (self.is_new and self.is_training),
            is_pausing=False,
            problem=None,
        )

    def pause(self) -> "Plan":
        """Somebody wants rest: the step that runs counts, the others are forgotten; what was shown
        and lost is trained again.
        """
        goal = self.reached if self.reached > self.update else 0
        return self._with(goal=goal, steps=self.steps[:1], is_pausing=goal > 0 or self.is_busy)

    def look_at(self, views: Views) -> "Plan":
        """Somebody wants to see something else."""
        if views == self.views:
            return self
        return self._with(views=views, has_begun=True, steps=self.steps[:1])

    def steer(self, wanted: Mapping[str, Any]) -> "Plan":
        """Somebody turns live knobs, from the end of the step that runs; after a loss from what had
        been reached. Before the first update it is the config that changes.

        Raises:
            ValueError: The run holds as many moves as it can.
        """
        at = max(self.reached, self.steps[0].end if self.steps else self.update)
        return self._with(experiment=self.experiment.steered(at, wanted), steps=self.steps[:1])

    def extend(self, num_epochs: int, *, early_stopping: bool) -> "Plan":
        """Somebody moves the end of the run; what has been trained stays."""
        changed = dataclasses.replace(
            self.experiment, num_epochs=num_epochs, early_stopping=early_stopping
        )
        if changed == self.experiment:
            return self
        is_to_the_end = self.goal == self.end
        goal = changed.num_updates if is_to_the_end else min(self.goal, changed.num_updates)
        return self._with(experiment=changed, goal=goal, steps=self.steps[:1])._settled()

    def sent(self, step: Step) -> "Plan":
        """A step was sent."""
        return self._with(steps=(*self.steps, step))

    def landed(self, update: int, *, has_stopped: bool = False) -> "Plan":
        """The first of the steps came back.

        Args:
            update: Updates made by then.
            has_stopped: Whether early stopping has ended the run.
        """
        is_as_planned = update == self.steps[0].end
        has_stopped = has_stopped and self.experiment.early_stopping
        return self._with(
            update=update,
            reached=max(self.reached, update),
            goal=0 if has_stopped else self.goal,
            steps=self.steps[1:] if is_as_planned and not has_stopped else (),
            shown=self.steps[0].views,
            has_stopped=has_stopped,
        )._settled()

    def lost(self, update: int) -> "Plan":
        """A worker was lost, or a kept state did not fit: back to an update that is still there,
        and from there to what had been reached.
        """
        is_pausing = self.is_pausing or not self.is_training
        goal = max(self.goal, self.reached)
        return self._with(update=update, goal=goal, steps=(), is_pausing=is_pausing)._settled()

    def failed(self, problem: str) -> "Plan":
        """It cannot go on."""
        return self._with(problem=problem, goal=0, steps=())

    def _settled(self) -> "Plan":
        if self.is_training:
            return self
        return self._with(goal=0, is_pausing=False, is_new=self.is_new and self.shown is None)

    def _with(self, **changes: Any) -> "Plan":
        return dataclasses.replace(self, **changes)
