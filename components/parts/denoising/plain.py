"""The same network without any noise in its training: what a plain autoencoder makes of ruined
digits.
"""

from typing import Any

from components.parts.denoising import testing
from components.runs import asking, series
from core.experiments import Experiment
from core.jobs.runner import Job


def ask(experiment: Experiment, key: str, question: str, *arguments: Any) -> dict[str, Any] | None:
    """What the plain autoencoder beside an experiment says; None where there is none, or not
    yet.
    """
    job = of(experiment, key)
    return None if job is None else asking.ask(job, job.snapshot(), question, *arguments)


def of(experiment: Experiment, key: str) -> Job | None:
    """The job of the plain autoencoder beside an experiment; None where that is one itself."""
    wanted = experiment_beside(experiment)
    return None if wanted == experiment else series.job_of(wanted, key)


def experiment_beside(experiment: Experiment) -> Experiment:
    """The same network, data, seed and length, and no noise.

    Masking of no pixel, whatever the noise is: so one run stands beside all kinds of noise.
    """
    return testing.training_with(experiment, testing.NOTHING)
