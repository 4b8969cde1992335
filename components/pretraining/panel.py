"""Play, pause, other labels: what starts phase 2 and looks at it."""

import dataclasses
import functools

from components import chained, session
from components.language import t
from components.pretraining import phases
from core.jobs import Job
from core.library import LibraryProblem
from core.pretraining.config import LabelExperiment
from core.pretraining.encoders import Encoder
from core.progress import Snapshot


def current(settings: LabelExperiment, key: str) -> tuple[LabelExperiment, Job] | None:
    """Phase 2 with its knobs, and its job; None while phase 1 is under way."""
    try:
        first = phases.job_of(settings, key)
    except LibraryProblem:
        return None
    encoder = phases.encoder_of(first) if phases.is_over(settings, first) else None
    if encoder is None:
        return None
    wanted = on_encoder(settings, first, encoder, key)
    return wanted, chained.job_of(wanted, (), key)


def on_encoder(
    settings: LabelExperiment, first: Job, encoder: Encoder, key: str
) -> LabelExperiment:
    """The experiment with an encoder, on the data that it was trained on; the encoder is held for
    as long as the visitor stays.
    """
    session.keep_encoder(key, encoder)
    dataset = settings.dataset if settings.has_words else first.experiment.dataset
    return dataclasses.replace(settings, dataset=dataset, encoder=encoder.name, bought=bought(key))


def bought(key: str) -> tuple[int, ...]:
    """The rows that the visitor has labelled, while that is the mode; as many as make a lesson."""
    rows = session.widget_value(f"{key}_bought", ())
    return tuple(rows) if session.widget_value(f"{key}_buys", False) and len(rows) > 1 else ()


def watch(settings: LabelExperiment, key: str) -> None:
    """Draws the panel where it is called."""
    chained.watch(settings, functools.partial(phases.first, settings, key), WORDS, key)


def _status(snapshot: Snapshot) -> str:
    if snapshot.phase == "finished":
        return t(":material/flag: Every arm has learned what it can from these labels.")
    if snapshot.is_running:
        return t(":material/play_arrow: Phase 2: three networks learn from the same labels.")
    return t(":material/pause: Paused.")


WORDS = chained.Words(
    "update",
    "Other images are labelled, and networks begin with other weights.",
    _status,
)
