"""The same network without any noise in its training: what a plain autoencoder makes of corrupted
digits.
"""

from components.runs import moments
from core.comparisons import without_corruption
from core.experiments import Experiment
from core.jobs.seen import Seen
from core.question import A, Question


def ask(experiment: Experiment, key: str, question: Question[A]) -> A | None:
    """What the plain autoencoder beside an experiment says; None where there is none, or not
    yet.
    """
    job = of(experiment, key)
    return None if job is None else job.ask(question)


def of(experiment: Experiment, key: str) -> Seen | None:
    """The job of the plain autoencoder beside an experiment; None before it has begun, and where
    that is one itself.
    """
    wanted = without_corruption(experiment)
    return None if wanted == experiment else moments.found(wanted, key)


def beside(experiment: Experiment, _: str) -> list[Experiment]:
    """The plain autoencoder, where the experiment is not one itself."""
    wanted = without_corruption(experiment)
    return [] if wanted == experiment else [wanted]
