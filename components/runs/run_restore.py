"""From a line of the library back to a run that stands where it stood."""

from components.knobs import controls
from components.streamlit_adapter import session
from core.jobs.runner import Job
from core.store.checkpoints import CHECKPOINTS, OneCheckpoint
from core.store.library import LIBRARY, KeptRun, LibraryProblem

EARLIER = "1"
"""The version before builds were written down."""


def job_of(run: KeptRun, views: tuple[str, ...]) -> Job:
    """A job that jumps to where the run was kept, and trains no further. Its numbers are those that
    were kept, whatever version trained them.

    Raises:
        LibraryProblem: Its weights are gone.
    """
    checkpoint = LIBRARY.load(run.id)
    is_shared = run.is_of_this_version and run.images is None
    if is_shared:
        CHECKPOINTS.save(run.experiment, checkpoint)
    if run.images is not None:
        name = run.experiment.dataset
        session.keep_own(name, run.experiment.title_of(name), run.images)
    rest = CHECKPOINTS if is_shared else None
    job = session.make_job(run.experiment, views, OneCheckpoint(checkpoint, rest))
    if not run.is_of_this_version:
        job.kept_by = run.build or EARLIER
    job.skip()
    job.train_to(checkpoint.state.update)
    return job


def open_on_page(run: KeptRun, key: str) -> None:
    """Makes a kept run the run of a page; only from a callback.

    Raises:
        LibraryProblem: Its weights are gone, or the lesson of the page holds other knobs.
    """
    refusal = controls.refusal(run.experiment, key)
    if refusal:
        raise LibraryProblem(refusal)
    job = job_of(run, ("reconstructions",))
    controls.fill(run.experiment, key)
    session.keep_preset(key, "")
    session.keep_notices(key, [])
    session.keep_job(key, job)
