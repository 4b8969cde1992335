"""From a line of the library back to a run that stands where it stood."""

from components.knobs import controls
from components.streamlit_adapter import session
from core.jobs.runner import Job
from core.queries.questions import Reconstructions
from core.question import Views
from core.store.library import LIBRARY, KeptRun, LibraryProblem

EARLIER = "1"
"""The version before builds were written down."""


def job_of(run: KeptRun, views: Views) -> Job:
    """A job that stands where the run was kept, with the weights and numbers that were kept,
    whatever version trained them.

    Raises:
        LibraryProblem: Its weights are gone, or the visit can hold no more data.
    """
    checkpoint = LIBRARY.load(run.id)
    if run.images is not None:
        name = run.experiment.dataset
        try:
            session.keep_own(name, run.experiment.title_of(name), run.images)
        except ValueError as error:
            raise LibraryProblem(str(error)) from error
    kept_by = "" if run.is_of_this_version else run.build or EARLIER
    return session.make_kept_job(run.experiment, checkpoint, views, kept_by)


def open_on_page(run: KeptRun, key: str) -> None:
    """Makes a kept run the run of a page; only from a callback.

    Raises:
        LibraryProblem: Its weights are gone, or the lesson of the page holds other knobs.
    """
    refusal = controls.refusal(run.experiment, key)
    if refusal:
        raise LibraryProblem(refusal)
    job = job_of(run, (Reconstructions(),))
    controls.fill(run.experiment, key)
    session.keep_preset(key, "")
    session.keep_notices(key, [])
    session.keep_job(key, job)
