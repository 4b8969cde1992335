"""From a line of the library back to a run that stands where it stood."""

from components import controls, session
from core.checkpoints import CHECKPOINTS
from core.jobs import Job
from core.library import LIBRARY, KeptRun, LibraryProblem


def job_of(run: KeptRun, views: tuple[str, ...]) -> Job:
    """A job that jumps to where the run was kept, and trains no further.

    Raises:
        LibraryProblem: Its weights are gone.
    """
    checkpoint = LIBRARY.load(run.id)
    CHECKPOINTS.save(run.experiment, checkpoint)
    if run.images is not None:
        name = run.experiment.dataset
        session.keep_own(name, run.experiment.title_of(name), run.images)
    job = session.make_job(run.experiment, views)
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
