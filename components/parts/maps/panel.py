"""Play, pause, another seed: what starts the map of a page and looks at it."""

from components.parts.maps import sources
from components.parts.maps.sources import Mapped
from components.runs import chained, moments
from components.words.language import t
from core.engine.state import Snapshot
from core.jobs.runner import Job
from core.jobs.seen import Seen
from core.maps.experiment import MapExperiment
from core.maps.tsne import EARLY_ITERATIONS
from core.message import Message
from core.projection import check
from core.queries.questions import MapPositions
from core.store.library import LibraryProblem

VIEWS = (MapPositions(),)


def begin(settings: MapExperiment, key: str) -> None:
    """Begins the network, and the map of its codes as soon as they are there. What cannot be is
    told by the stage.
    """
    sources.begin(settings, key)
    try:
        here = sources.mapped(settings, sources.job_of(settings, key), key)
        if here is not None:
            check(here.points.x, settings.config.perplexity)
            chained.begin_second(settings.of(here.points), key, VIEWS)
    except (LibraryProblem, ValueError):
        return


def job_of(settings: MapExperiment, here: Mapped, key: str) -> Seen | None:
    """The map of these points with these knobs, as it is looked at; None before it has begun."""
    job = chained.second(settings.of(here.points), key)
    return moments.of(job, key) if job else None


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
    Message("The neighbours of every point are looked for: about a second."),
    _status,
)
PANEL = chained.Panel(_source, WORDS, VIEWS)
