"""Before and after: the same points coded by the untrained network, by each kept state on its way,
and by the trained one.
"""

import numpy as np
import streamlit as st

from components.parts.maps import honesty, marks, sources, stage
from components.parts.maps.sources import Mapped
from components.runs import series
from components.runs import stage as shared
from components.streamlit_adapter import session
from components.words.language import t
from core.jobs.runner import Job
from core.maps import points
from core.maps.experiment import MapExperiment, map_of
from core.maps.points import Points
from core.maps.questions import JudgeMap
from core.projection import begin
from core.queries.questions import Codes

NUM_POINTS = 500
EPOCHS = (0, 1, 3, 8)


def show(settings: MapExperiment, key: str) -> None:
    """A button, then a map for every kept state, all begun at the same places."""
    found = stage.current(settings, key)
    if found is None or not _has_codes_of_images(settings, found[0]):
        shared.show_waiting(
            t(
                "Maps of the same images will appear here, coded before the network has "
                "learned anything, and at several epochs on the way. Choose the codes "
                "of an image network."
            )
        )
        return
    here, _ = found
    states = states_of(here.source, key)
    if states is None:
        st.button(
            t("Unroll the training"),
            key=f"{key}_unroll",
            icon=":material/movie:",
            on_click=_begin,
            args=(here.source, key),
            help=t("Codes the same test images by the untrained network and by its kept states."),
        )
        return
    _show([(epoch, _job_at(job, here, settings, key)) for epoch, job in states], here, key)


def maps(settings: MapExperiment, key: str) -> list[MapExperiment]:
    """The maps of the states that somebody has asked for, as soon as their codes are known."""
    found = stage.current(settings, key)
    if found is None or not _has_codes_of_images(settings, found[0]):
        return []
    here = found[0]
    states = states_of(here.source, key) or []
    wanted = [_map_at(job, here, settings, key) for _, job in states]
    return [each for each in wanted if each]


def _has_codes_of_images(settings: MapExperiment, here: Mapped) -> bool:
    return sources.has_pictures(here.source) and settings.config.space == "codes"


def states_of(source: Job, key: str) -> list[tuple[int, Job]] | None:
    """(epoch, job that rests there), untrained first; None where nobody has asked for them."""
    known = session.widget_value(f"{key}_states", None)
    return known[1] if known and known[0] is source else None


def _begin(source: Job, key: str) -> None:
    per_epoch = source.experiment.updates_per_epoch
    done = source.snapshot().update
    last = done // per_epoch
    states = []
    for epoch in [each for each in EPOCHS if each < last] + [last]:
        job = session.make_job(source.experiment, ())
        if epoch:
            job.skip()
            job.train_to(epoch * per_epoch)
        else:
            job.prepare()
        states.append((epoch, job))
    session.add_jobs(key, [job for _, job in states])
    session.set_widget(f"{key}_states", (source, states))


def _job_at(job: Job, here: Mapped, settings: MapExperiment, key: str) -> Job | None:
    """The map of the codes of a state, or the job of a state that has failed; None while the codes
    are on their way.
    """
    if job.snapshot().phase == "failed":
        return job
    wanted = _map_at(job, here, settings, key)
    return series.find(wanted, key) if wanted else None


def _map_at(job: Job, here: Mapped, settings: MapExperiment, key: str) -> MapExperiment | None:
    """The map of the codes of a state; None while they are on their way."""
    snapshot = job.snapshot()
    if snapshot.phase == "failed" or snapshot.is_running or not job.is_at_rest:
        return None
    answer = job.ask(Codes(_count(here)))
    if answer is None:
        return None
    made = session.latest(
        f"{key}_state_{snapshot.update}",
        (here.points.name, job.experiment.key_before(snapshot.update)),
        0,
        lambda: _points(answer.codes, here),
    )
    return map_of(made, perplexity=settings.config.perplexity)


def _count(here: Mapped) -> int:
    return min(NUM_POINTS, len(here.points.x))


def _points(codes: np.ndarray, here: Mapped) -> Points:
    """All maps begin where PCA puts the trained codes: what moves is what was learned."""
    labels = here.points.labels
    start = begin(here.points.x, "pca", 0).positions[: len(codes)]
    return points.make(codes, None if labels is None else labels[: len(codes)], start)


def _show(maps: list[tuple[int, Job | None]], here: Mapped, key: str) -> None:
    shown = []
    num_done = 0
    for epoch, job in maps:
        done = job is not None and honesty.is_done(job)
        answer = job.ask(JudgeMap()) if job and done else None
        title = t("epoch {epoch}", epoch=epoch) if epoch else t("untrained")
        shown.append(marks.of_job(title, job, answer))
        num_done += done
    st.caption(
        t(
            "{num_points:,} images, the same at every epoch, all maps begun at the "
            "same places. {num_done} of {count} maps are done.",
            num_points=_count(here),
            num_done=num_done,
            count=len(maps),
        ),
        help=t(marks.HELP),
    )
    labels = here.points.labels
    marks.show(
        shown, None if labels is None else labels[:NUM_POINTS],
        (t("Maps of the same images, coded at several epochs of the training."), honesty.AXES),
        f"{key}_film", columns=len(shown), film=num_done == len(maps),
    )  # fmt: skip
