"""Play, pause, another seed: what starts the map of a page and looks at it."""

import functools

from components.parts.maps import sources
from components.parts.maps.sources import Mapped
from components.runs import chained
from components.words.language import t
from core.engine.state import Snapshot
from core.jobs.runner import Job
from core.maps.experiment import MapExperiment
from core.maps.tsne import EARLY_ITERATIONS
from core.message import Message
from core.queries.questions import MapPositions
from core.store.library import LibraryProblem

VIEWS = (MapPositions(),)


def job_of(settings: MapExperiment, here: Mapped, key: str) -> Job:
    """The map of these points with these knobs."""
    return chained.job_of(settings.of(here.points), VIEWS, key)


def watch(settings: MapExperiment, key: str) -> None:
    """Draws the panel where it is called."""
    chained.watch(settings, functools.partial(_source, settings, key), WORDS, key)


def _source(settings: MapExperiment, key: str) -> Job | None:
    """The network, while it trains or is one of this page; None where none is trained."""
    if settings.config.maps_pixels:
        return None
    try:
        job = sources.job_of(settings, key)
    except LibraryProblem:
        return None
    return job if settings.config.trains or job.snapshot().is_running else None


def _status(snapshot: Snapshot) -> str:
    if snapshot.phase == "finished":
        return t(
            ":material/flag: The map is done. Learning rate and early exaggeration act again after "
            "a **Reset**."
        )
    if snapshot.is_running and snapshot.update < EARLY_ITERATIONS:
        return t(":material/play_arrow: Early exaggeration: neighbours find each other.")
    if snapshot.is_running:
        return t(":material/play_arrow: The islands take their shape.")
    return t(":material/pause: Paused.")


WORDS = chained.Words(
    "iteration",
    Message("The same points from another start. From random places every seed is another map."),
    _status,
    VIEWS,
)
