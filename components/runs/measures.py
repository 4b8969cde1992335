"""What a page measures of a run at rest, to be kept, shared and compared with it."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from zict import LRU

from components.figures.image_sheet import HIGHEST_CONTRAST
from components.streamlit_adapter import session
from components.words.language import t
from core.characters.questions import Robustness
from core.configs import CONFIGS
from core.datasets import info_of
from core.jobs.cluster import CLUSTER
from core.jobs.runner import Job
from core.maps.questions import JudgeMap
from core.pretraining import phases
from core.pretraining.experiment import ARMS, accuracy_of
from core.queries.questions import Reconstructions
from core.results import Curve, Results
from core.spelling.questions import AccuracyBySize
from core.store.checkpoints import StateGone, small
from core.store.own_files import Picture

RATES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
NUM_TEXTS = 4_096
SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 40_000)

NUM_SEEDS = 5
"""Of the curve of few labels."""
COUNTED = ("character", "speller")
"""Families whose parameters are counted in a state: the data decide how many."""
_sizes: "LRU[Any, int]" = LRU(1_000, {})

Measured = tuple[Mapping[str, float], Curve | None]
NOTHING: Measured = ({}, None)


def results_of(job: Job, key: str) -> Results | None:
    """What a run has come to; None while it is at work, or is being measured."""
    if job.snapshot().is_running:
        return None
    measured = MEASURES.get(job.experiment.family, _nothing)(job, key)
    if measured is None:
        if CLUSTER.connected() is not None and job.snapshot().phase != "failed":
            return None
        measured = NOTHING  # nobody is there to measure it
    return Results(job.seconds_for(job.update), num_parameters(job), *measured)


def picture(job: Job) -> Picture | None:
    """Some images and what a network makes of them, where the page shows them."""
    view = job.snapshot().view(Reconstructions()) if job.experiment.family in CONFIGS else None
    if view is None:
        return None
    info = info_of(job.experiment.dataset)
    if info.kind == "contrasts":  # from -3 to 3: as greys
        grey = [0.5 + each / (2 * HIGHEST_CONTRAST) for each in view]
        return Picture(grey[0], grey[1], info.image_shape, "photographs")
    return Picture(view.x, view.x_hat, info.image_shape, info.kind)


def words() -> str:
    """What is said while there are no results."""
    return t("The run is measured when it is paused or done. This takes a moment.")


def num_parameters(job: Job) -> int | None:
    """Trained parameters; None for a map, for few labels, and while a run is at work."""
    experiment = job.experiment
    if experiment.family not in COUNTED:
        return experiment.num_parameters
    if experiment.program not in _sizes:
        checkpoint = job.checkpoint()
        if checkpoint is None:
            return None
        try:
            state: Any = small(checkpoint.state)
            _sizes[experiment.program] = sum(array.size for array in state.weights)
        except (StateGone, AttributeError):  # a large state stays on the disk
            return None
    return _sizes[experiment.program]


def known_parameters(job: Job) -> int | None:
    """The same, as far as it is known without a look at the run."""
    experiment = job.experiment
    return experiment.num_parameters or _sizes.get(experiment.program)


def robustness(job: Job, *, only_unknown: bool = False) -> tuple[float, ...] | None:
    """Accuracies of a model at rest at `RATES`; None while they are on their way."""
    accuracies = []
    for rate in RATES:
        answer = job.ask(Robustness((rate,), only_unknown, NUM_TEXTS))
        if answer is None:  # each question may wait for a worker: one is enough
            return None
        accuracies.append(float(answer[0]))
    return tuple(accuracies)


def _nothing(*_: Any) -> Measured:
    return NOTHING


def _of_characters(job: Job, _: str) -> Measured | None:
    accuracies = robustness(job)
    inputs = job.experiment.config.inputs
    return None if accuracies is None else ({}, Curve(RATES, {inputs: accuracies}))


def _of_speller(job: Job, _: str) -> Measured | None:
    answer = job.ask(AccuracyBySize(SIZES))
    return None if answer is None else ({}, Curve(answer.sizes, {"speller": answer.accuracies}))


def _of_map(job: Job, _: str) -> Measured | None:
    answer = job.ask(JudgeMap())
    if answer is None:
        return None
    trust, accuracy = answer.map
    marks = {"trustworthiness": trust} | ({} if accuracy is None else {"10-NN accuracy": accuracy})
    return marks, None


def _of_labels(job: Job, key: str) -> Measured | None:
    """Accuracies of the methods in the curve that was trained, means over the seeds; None while
    the curve is being trained.
    """
    belong = phases.sweeps(job.experiment, NUM_SEEDS)  # type: ignore[arg-type]
    sweeps = [other.snapshot() for other in session.other_jobs(key) if other.experiment in belong]
    if any(sweep.is_running for sweep in sweeps):
        return None
    records = [record for sweep in sweeps for record in sweep.records]
    counts = sorted({float(record.readings["num_labels"]) for record in records})  # type: ignore[arg-type]
    if not counts:
        return NOTHING
    at = [[r for r in records if r.readings["num_labels"] == count] for count in counts]
    lines = {
        arm: tuple(float(np.mean([accuracy_of(record, arm) for record in some])) for some in at)
        for arm in ARMS
    }
    return {}, Curve(tuple(counts), lines)


MEASURES: dict[str, Callable[[Job, str], Measured | None]] = {
    "character": _of_characters,
    "speller": _of_speller,
    "map": _of_map,
    "labels": _of_labels,
}
