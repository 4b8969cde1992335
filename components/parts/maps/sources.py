"""Whose codes a map shows, and how they come: from a network of this page, a character model, the
run of another page, or a kept run.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from components.pages import PAGE_OF
from components.runs import chained, run_restore, series
from components.streamlit_adapter import session
from components.words.language import sentence, t
from core.characters.experiment import TextExperiment
from core.configs import CONFIGS, CharacterConfig, SpellerConfig
from core.configs.sources import KEPT_RUN, PRESENT_RUN
from core.datasets import info_of
from core.jobs.runner import Job
from core.maps import points
from core.maps.experiment import MapExperiment, network_of
from core.maps.points import Points
from core.message import Message, message_of
from core.queries.questions import (
    Codes,
    MapCodes,
    Pictures,
    PointCopies,
    PointPictures,
    PointsCopied,
)
from core.spelling.experiment import SpellingExperiment
from core.store.library import LIBRARY, LibraryProblem

FAMILIES = (*CONFIGS, CharacterConfig.family, SpellerConfig.family)
"""Whose models give codes."""


class Mapped(NamedTuple):
    """What is on the map.

    Attributes:
        points: Their codes.
        codes, pictures, copies: Answers of the model; copies is None for words, and where no
            network is trained.
        source: Whose codes they are.
    """

    points: Points
    codes: MapCodes
    pictures: PointPictures
    copies: PointCopies | None
    source: Job


def offer(
    key: str,
    families: Collection[str] = FAMILIES,
    fits: Callable[[str], bool] = lambda _: True,
) -> None:
    """Adds the runs of this visit and the kept runs of some families to the choice, if their data
    fit. Whether own data of a kept run do is told when they are read.
    """
    for family in families:
        job = session.job(family)
        if job is not None and fits(job.experiment.dataset):
            title = t("The run of the page {page}", page=t(PAGE_OF[family].title))
            session.keep_own(f"{PRESENT_RUN}{family}", title, None)
    try:
        runs = LIBRARY.runs()
    except LibraryProblem as problem:
        session.keep_problem(key, message_of(problem))
        return
    session.keep_problem(key, "")
    for run in runs:
        if run.family in families and (run.own_path is not None or fits(run.dataset)):
            session.keep_own(f"{KEPT_RUN}{run.id}", t("Kept: {name}", name=run.name), None)


def begin(settings: MapExperiment, key: str) -> None:
    """Starts the network whose codes are wanted, if it is one of this page."""
    if settings.config.trains:
        chained.begin_first(network_of(settings), key, playing=not settings.config.maps_pixels)


def job_of(settings: MapExperiment, key: str) -> Job:
    """The job whose model gives the codes.

    Raises:
        LibraryProblem: A kept run that is gone.
    """
    if not settings.config.trains:
        return job_named(settings.config.source, key)
    job = series.find(network_of(settings), key)
    assert job is not None, "begun before it is drawn"
    return job


def job_named(source: str, key: str) -> Job:
    """The run of another page, or a kept run.

    Raises:
        LibraryProblem: It is gone.
    """
    if source.startswith(PRESENT_RUN):
        job = session.job(source.removeprefix(PRESENT_RUN))
        if job is None:
            raise LibraryProblem(
                Message("That page has no run yet. Open it first, or choose other codes.")
            )
        return job
    return session.latest(f"{key}_kept", source, 0, lambda: _kept(source, key))


def _kept(source: str, key: str) -> Job:
    for run in LIBRARY.runs():
        if f"{KEPT_RUN}{run.id}" == source:
            job = run_restore.job_of(run, ())
            session.add_jobs(key, [job])
            return job
    raise LibraryProblem(Message("This kept run is gone. Choose other codes."))


def has_pictures(job: Job) -> bool:
    """Whether its points are images, not words."""
    return not isinstance(job.experiment, TextExperiment | SpellingExperiment)


def num_points(settings: MapExperiment, job: Job) -> int:
    """How many there can be of what is wanted."""
    wanted = settings.config.num_points
    if not has_pictures(job):
        return wanted
    info = info_of(job.experiment.dataset)
    return min(wanted, info.num_train + info.num_test)


def space_of(settings: MapExperiment, job: Job) -> str:
    """ "codes" or "pixels"; words have no pixels."""
    return settings.config.space if has_pictures(job) else "codes"


def mapped(settings: MapExperiment, job: Job, key: str) -> Mapped | None:
    """The points as the model stands; None while they are on their way."""
    snapshot = job.snapshot()
    if snapshot.is_running or not job.is_at_rest:
        return None
    count = num_points(settings, job)
    space = space_of(settings, job)
    codes = job.ask(Codes(count, space))
    if codes is None:
        return None
    copies = None
    if has_pictures(job):
        pictures = job.ask(Pictures(count))
        copies = None if settings.config.maps_pixels else job.ask(PointsCopied(count))
        if pictures is None or copies is None and not settings.config.maps_pixels:
            return None
    else:
        pictures = PointPictures(None, codes.labels, codes.class_names, words=codes.words)
    version = (job.experiment.key_before(snapshot.update), snapshot.update, count, space)
    made = session.latest(
        f"{key}_points", version, 0, lambda: points.make(codes.codes, pictures.labels)
    )
    return Mapped(made, codes, pictures, copies, job)


def words_of(here: Mapped, settings: MapExperiment) -> str:
    """What the points are, with their number: nothing is drawn from a silent sample."""
    count = len(here.points.x)
    experiment = here.source.experiment
    if not has_pictures(here.source):
        return t("{count:,} words", count=count)
    tested = here.pictures.num_test
    values = {
        "what": t("raw pixels" if space_of(settings, here.source) == "pixels" else "codings"),
        "tested": tested,
        "data": sentence(experiment.title_of(experiment.dataset)),
    }
    if count == tested:
        return t("{what} of {tested:,} test images, {data}", **values)
    return t(
        "{what} of {tested:,} test and {rest:,} training images, {data}",
        rest=count - tested,
        **values,
    )
