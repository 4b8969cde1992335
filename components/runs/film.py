"""The film of a run: its main picture at many moments, made by the workers while one waits."""

import functools
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from components.figures.colours import LIGHT
from components.figures.image_sheet import HIGHEST_CONTRAST, IN_GREYS
from components.streamlit_adapter import session
from components.words.errors import say
from components.words.language import t
from core.configs import CONFIGS
from core.datasets import info_of
from core.engine.state import Record
from core.experiments import Experiment
from core.export.film import KINDS, MOST_FRAMES, Frame
from core.jobs import chunks
from core.jobs.cluster import CLUSTER
from core.jobs.reel import Reel
from core.jobs.runner import Job
from core.maps.experiment import MapExperiment
from core.message import Message
from core.queries.questions import Clouds, MapPositions, Reconstructions
from core.question import Question
from core.results import SCORES

FILM = "film"
MIMES = {"webp": "image/webp", "gif": "image/gif"}
FRAMES = (12, 24, 48, MOST_FRAMES)
MOST_POINTS = 2_000


class Subject(NamedTuple):
    """What a film shows: a word for the menu, and what the model is asked for."""

    title: str
    question: Question[Any]


STRIP = Subject(Message("The copies"), Reconstructions())
LATENTS = Subject(Message("The latent map"), Clouds())
MAP = Subject(Message("The t-SNE map"), MapPositions())


def subjects_of(experiment: Experiment) -> list[Subject]:
    """What there is to film of a run; [] for one whose page has no picture."""
    if isinstance(experiment, MapExperiment):
        return [MAP]
    if experiment.family not in CONFIGS:
        return []
    is_flat = experiment.family == "variational" and experiment.config.latent_dim >= 2
    return [STRIP, LATENTS] if is_flat else [STRIP]


def row_of(answer: Any, experiment: Experiment) -> np.ndarray:
    """The copies of the test images side by side, uint8 [H, W]."""
    info = info_of(experiment.dataset)
    x = answer.x_hat
    if info.kind == "contrasts":
        x = 0.5 + x / (2 * HIGHEST_CONTRAST)
    levels = np.rint(np.clip(x, 0, 1) * 255).astype(np.uint8).reshape(-1, *info.image_shape)
    return np.concatenate(list(np.pad(levels, ((0, 0), (0, 0), (0, 1)))), axis=1)


def moments_of(num_records: int, num_frames: int) -> list[int]:
    """The epochs of a film: evenly, the first and the last among them; all where there are fewer
    than frames.
    """
    return np.unique(np.rint(np.linspace(0, num_records, num_frames)).astype(int)).tolist()


def show(job: Job, key: str) -> None:
    """Draws what makes the film of a run that rests, how far it is, and the way to take it home."""
    subjects = subjects_of(job.experiment)
    if not subjects:
        return
    st.markdown(t("**Film**"), help=t("The picture of this page, epoch by epoch, as a moving one."))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        subject = subjects[0]
        if len(subjects) > 1:
            subject = st.selectbox(
                t("Picture"), subjects, format_func=lambda each: t(each.title), key=f"{key}_film_of"
            )
        count = st.selectbox(t("Frames"), FRAMES, index=1, key=f"{key}_film_frames")
        kind = st.selectbox(t("Format"), KINDS, format_func=str.upper, key=f"{key}_film_kind")
    reel = session.page(key).reels.get(FILM)
    is_made = reel is not None and not reel.is_over
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("Make the film"),
            key=f"{key}_film_make",
            icon=":material/movie:",
            disabled=is_made,
            on_click=_begin,
            args=(job, subject, count, kind, key),
            help=t("A tenth of a second a frame, with the epoch in the picture. At most 8 MB."),
        )
        if reel is not None and is_made:
            st.button(t("Stop"), key=f"{key}_film_stop", icon=":material/stop:", on_click=reel.stop,
                      help=t("Makes no film."))  # fmt: skip
        elif reel is not None and reel.made:
            made_kind, data = reel.made
            st.download_button(
                t("Download ({size:.1f} MB)", size=len(data) / 1e6),
                data,
                file_name=f"bottleneck-{job.experiment.family}.{made_kind}",
                mime=MIMES[made_kind],
                key=f"{key}_film_download",
                icon=":material/download:",
                type="primary",
                on_click="ignore",
            )
    _show_state(job, reel, count)


def _show_state(job: Job, reel: Reel | None, count: int) -> None:
    num_records = len(job.snapshot().records)
    if reel is not None and not reel.is_over:
        done = len(reel.found)
        total = len(reel.updates)
        st.progress(
            done / max(1, total), text=t("{done} of {total} frames", done=done, total=total)
        )
    elif reel is not None and reel.problem:
        st.warning(say(reel.problem), icon=":material/block:")
    elif num_records + 1 < count:
        st.caption(
            t(
                "The run has {count:,} epochs: the film has {frames} frames, one an epoch.",
                count=num_records,
                frames=num_records + 1,
            )
        )


def _begin(job: Job, subject: Subject, count: int, kind: str, key: str) -> None:
    """Asks for the frames and then for the film; only from a callback."""
    experiment = job.experiment
    records = job.snapshot().records
    per_epoch = experiment.updates_per_epoch
    updates = [epoch * per_epoch for epoch in moments_of(len(records), count)]
    session.page(key).reels[FILM] = Reel(
        job.run(), updates, (subject.question,),
        keep=lambda answers: _picture(answers[subject.question], experiment),
        finish=functools.partial(_draw, experiment, records, kind),
        is_wanted=session.is_alive(),
    )  # fmt: skip


def _picture(answer: Any, experiment: Experiment) -> dict[str, np.ndarray]:
    if hasattr(answer, "x_hat"):
        return {"levels": row_of(answer, experiment)}
    positions = answer.positions if hasattr(answer, "positions") else answer.mean[:, :2]
    return {"positions": np.asarray(positions[:MOST_POINTS], np.float32)}


def _draw(
    experiment: Experiment, records: list[Record], kind: str, found: dict[int, dict[str, Any]]
) -> tuple[str, bytes]:
    per_epoch = experiment.updates_per_epoch
    frames = [
        Frame(_words(update // per_epoch, records, experiment), **found[update])
        for update in sorted(found)
    ]
    is_map = frames[0].positions is not None
    labels = _labels(experiment) if is_map else None
    is_ink = is_map or info_of(experiment.dataset).kind not in IN_GREYS
    colours = LIGHT.classes if labels is not None else (LIGHT.reconstruction,)
    data = chunks.film(
        CLUSTER.client(), frames, kind, colours=tuple(colours), labels=labels, is_ink=is_ink
    )
    return kind, data


def _words(epoch: int, records: list[Record], experiment: Experiment) -> str:
    """English, as Pillow's font is."""
    unit = "iteration" if isinstance(experiment, MapExperiment) else "epoch"
    each = experiment.updates_per_epoch if unit == "iteration" else 1
    where = f"{unit} {epoch * each:,} of {len(records) * each:,}"
    if not epoch:
        return where
    score = SCORES[experiment.family]
    return f"{where}   {score.short.lower()} {score.of(records[epoch - 1]):.4f}"


def _labels(experiment: Experiment) -> np.ndarray | None:
    if isinstance(experiment, MapExperiment):
        points = experiment.own()
        labels = None if points is None else points.labels
    else:
        labels = experiment.load().y_test
    return None if labels is None else labels[:MOST_POINTS]
