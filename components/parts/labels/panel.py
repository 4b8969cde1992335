"""Play, pause, other labels: what starts phase 2 and looks at it."""

import dataclasses

from components.parts.labels import phases
from components.runs import chained, moments
from components.streamlit_adapter import session
from components.words.language import t
from core.engine.state import Snapshot
from core.jobs.runner import Job
from core.jobs.seen import Seen
from core.message import Message
from core.pretraining.encoders import Encoder
from core.pretraining.experiment import LabelExperiment
from core.store.library import LibraryProblem


def begin(settings: LabelExperiment, key: str) -> None:
    """Begins phase 1, and phase 2 as soon as there is an encoder. What cannot be is told by the
    stage.
    """
    try:
        phases.begin(settings, key)
        wanted = _wanted(settings, key)
        if wanted is not None:
            chained.begin_second(wanted, key)
    except (LibraryProblem, ValueError):
        return


def current(settings: LabelExperiment, key: str) -> tuple[LabelExperiment, Seen] | None:
    """Phase 2 with its knobs, and its job; None while there is none: the stage says why."""
    try:
        return begun(settings, key)
    except (LibraryProblem, ValueError):
        return None


def begun(settings: LabelExperiment, key: str) -> tuple[LabelExperiment, Seen] | None:
    """The same, but None only while phase 1 is under way.

    Raises:
        LibraryProblem: A run that is gone, or that has learned from other images.
        ValueError: More labels than the data of the run have.
    """
    wanted = _wanted(settings, key)
    job = chained.second(wanted, key) if wanted else None
    return (wanted, moments.of(job, key)) if wanted and job else None


def _wanted(settings: LabelExperiment, key: str) -> LabelExperiment | None:
    """Phase 2 as the knobs say; None while there is no encoder."""
    first = phases.job_of(settings, key)
    encoder = phases.encoder_of(first) if phases.is_over(settings, first) else None
    return on_encoder(settings, first, encoder, key) if encoder else None


def on_encoder(
    settings: LabelExperiment, first: Job, encoder: Encoder, key: str
) -> LabelExperiment:
    """The experiment with an encoder, on the data that it was trained on; the encoder is held for
    as long as the visitor stays.
    """
    session.page(key).encoders.add(encoder)
    dataset = settings.dataset if settings.has_words else first.experiment.dataset
    wanted = dataclasses.replace(settings, dataset=dataset, encoder=encoder.name)
    rows = bought(wanted, key)
    return dataclasses.replace(wanted, bought=rows if len(rows) > 1 else ())


def bought(wanted: LabelExperiment, key: str) -> tuple[int, ...]:
    """The rows that the visitor has labelled by hand."""
    return session.widget_value(_shelf(wanted, key), ())


def buy(rows: tuple[int, ...], wanted: LabelExperiment, key: str) -> None:
    """Remembers them."""
    session.set_widget(_shelf(wanted, key), rows)


def _shelf(wanted: LabelExperiment, key: str) -> str:
    """Where they are remembered: other data, another preset or another number of labels begin with
    none.
    """
    data = "words" if wanted.has_words else wanted.dataset
    return f"{key}_bought {data} {session.page(key).preset} {wanted.config.num_labels}"


def _status(snapshot: Snapshot) -> str:
    if snapshot.phase == "finished":
        return t(":material/flag: Every method has learned what it can from these labels.")
    if snapshot.is_running:
        return t(":material/play_arrow: Phase 2: three networks learn from the same labels.")
    return t(":material/pause: Paused.")


WORDS = chained.Words(
    "update",
    Message("Other images are labelled, and networks begin with other weights."),
    Message("The networks are being built and compiled: about 3 seconds."),
    _status,
)
PANEL = chained.Panel(phases.first, WORDS)
