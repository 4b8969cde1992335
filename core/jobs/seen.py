"""A run as those see it who draw it: a job, or a job as it stood at an earlier moment."""

from typing import Protocol

from core.engine.state import Snapshot
from core.experiments import Experiment
from core.question import A, Question


class Seen(Protocol):
    """What a drawing may ask of a run."""

    kept_by: str

    @property
    def experiment(self) -> Experiment:
        """What it trains, with the moves so far."""

    @property
    def update(self) -> int:
        """Updates made."""

    @property
    def is_at_rest(self) -> bool:
        """Whether its model does not change until somebody asks for more."""

    @property
    def is_at_work(self) -> bool:
        """Whether it trains."""

    def snapshot(self) -> Snapshot:
        """How things stand."""

    def ask(self, question: Question[A]) -> A | None:
        """What the model says; None while it is on its way."""
