"""From a line of the library back to a run that stands where it stood."""

from components.knobs import controls
from components.streamlit_adapter import session
from core.configs import CONFIGS
from core.jobs.runner import Job
from core.message import message_of
from core.queries.questions import Reconstructions
from core.question import Views
from core.store.library import LIBRARY, KeptRun, LibraryProblem

MADE_AGAIN = ("map", "labels")
"""Families whose runs learn from another run."""
EARLIER = "1"
"""The version before builds were written down."""


def job_of(run: KeptRun, views: Views) -> Job:
    """A job that stands where the run was kept, with the weights and numbers that were kept,
    whatever version trained them.

    Raises:
        LibraryProblem: Its weights are gone, or the visit can hold no more data.
    """
    checkpoint = LIBRARY.load(run.id)
    _hold_own(run)
    kept_by = "" if run.is_of_this_version else run.build or EARLIER
    return session.make_kept_job(run.experiment, checkpoint, views, kept_by)


def _hold_own(run: KeptRun) -> None:
    """Holds the own data of a run for as long as the visitor stays. Raises LibraryProblem."""
    if run.own is None:
        return
    name = run.experiment.dataset
    try:
        session.keep_own(name, run.experiment.title_of(name), run.own)
    except ValueError as error:
        raise LibraryProblem(message_of(error)) from error


def open_on_page(run: KeptRun, key: str) -> None:
    """Makes a kept run the run of a page; only from a callback. A map, or a run of few labels, is
    trained again from its knobs, which give the same numbers in the same version.

    Raises:
        LibraryProblem: Its weights are gone, or the lesson of the page holds other knobs.
    """
    refusal = controls.refusal(run.experiment, key)
    if refusal:
        raise LibraryProblem(refusal)
    job = None if run.family in MADE_AGAIN else job_of(run, _views_of(run))
    if job is None:
        _hold_own(run)
        session.forget_job(key)
    controls.fill(run.experiment, key)
    session.page(key).preset = ""
    session.page(key).notices = []
    if job is not None:
        session.keep_job(key, job)


def _views_of(run: KeptRun) -> Views:
    return (Reconstructions(),) if run.family in CONFIGS else ()
