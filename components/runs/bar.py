"""The bar along the way that a run has come: ticks, flags, a handle, and pictures while it is
dragged.
"""

import base64
import io
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from components import pads
from components.figures import theme
from components.knobs import values
from components.runs import film, moments
from components.streamlit_adapter import session
from components.streamlit_adapter.polling import repeat
from components.words.language import t
from core import knobs
from core.configs import CONFIGS
from core.datasets import info_of
from core.engine.state import Record
from core.experiments import MAX_UPDATES, Experiment
from core.jobs.cluster import CLUSTER
from core.jobs.reel import Reel
from core.jobs.registry import num_training
from core.jobs.runner import Job
from core.maps.experiment import MapExperiment
from core.queries.questions import MapPositions, Reconstructions
from core.question import Question
from core.results import SCORES

SECONDS = 5.0
AGAIN_SECONDS = 8.0
"""So long pictures are sent again: where a page is drawn twice, the first may get lost."""
MOST_PICTURES = 48
"""Moments whose pictures a browser gets."""
MOST_TICKS = 200
MOST_POINTS = 1_000
COARSE = 0b11110000
"""16 levels of grey: so even noise takes half the bytes, and 48 rows stay below 400 KB."""
MOST_PIXELS = 28
"""The side of an image under the bar; a larger one is made smaller."""
JS = """
export default function ({ data }) {
  const reels = (globalThis.bottleneckReels ??= {}), old = Object.keys(reels);
  if (!reels[data.run] && old.length > 3) delete reels[old[0]];
  const known = new Map((reels[data.run] ?? []).map((each) => [each.epoch, each]));
  for (const { epoch, text, url, points } of data.moments) {
    const image = url && Object.assign(new Image(), { src: url });
    const bytes = points && Uint8Array.from(atob(points), (sign) => sign.charCodeAt(0));
    known.set(epoch, { epoch, text, image, points: bytes });
  }
  reels[data.run] = [...known.values()].sort((a, b) => a.epoch - b.epoch);
  const bar = globalThis.bottleneckMoment;
  if (bar?.data.run === data.run) bar.root.dataset.pictures = reels[data.run].length;
}
"""
_pad = pads.register("moment")
_sender = st.components.v2.component("bottleneck_reel", js=JS)


def show(job: Job, unit: str, key: str) -> None:
    """Draws the bar of a run, and looks at the moment that is chosen on it.

    Args:
        unit: What is counted: "epoch", or updates that are called so.
    """
    experiment = job.experiment
    count = len(job.snapshot().records)
    own = moments.of_own(key)
    chosen = _pad(
        key=f"{key}_moment",
        data={
            "run": _run_of(job),
            "count": count,
            "each": 1 if unit == "epoch" else experiment.updates_per_epoch,
            "unit": t(unit),
            "at": own.epoch if own else None,
            "kept": _ticks(job, key),
            "flags": _flags(experiment),
            "kind": "points" if isinstance(experiment, MapExperiment) else _kind(experiment),
            "labels": _labels(experiment),
            "colours": theme.colours()._asdict(),
        },
        on_chosen_change=_nothing,
    ).chosen
    if isinstance(chosen, dict) and is_a_moment(chosen.get("epoch", 0), count):
        moments.go_to(chosen.get("epoch"), key)
        session.run_page_again()


def is_a_moment(chosen: object, count: int) -> bool:
    """Whether a browser may have sent this: None for now, or an epoch of a run of so many."""
    is_whole = isinstance(chosen, int) and not isinstance(chosen, bool)
    return chosen is None or (is_whole and 0 <= chosen <= count)  # type: ignore[operator]


def show_pictures(key: str) -> None:
    """Sends the browser what it shows while the handle is dragged: new pictures every few seconds,
    all that are left when the run rests.
    """
    repeat(
        _send, key, key=key, begin=lambda: begin_pictures(key), seconds=SECONDS,
        is_busy=lambda: _is_filling(key),
    )  # fmt: skip


def _is_filling(key: str) -> bool:
    """Whether there are pictures to come."""
    job = session.job(key)
    if job is None:
        return False
    if job.snapshot().is_running or _is_coming(key):
        return True
    sent = session.page(key).sent
    return not _has_failed(key) and any(
        (_run_of(job), each) not in sent for each in _chosen(job, key)
    )


def _is_coming(key: str) -> bool:
    reel = session.page(key).reels.get(session.BAR)
    return reel is not None and not reel.is_over


def _has_failed(key: str) -> bool:
    reel = session.page(key).reels.get(session.BAR)
    return reel is not None and bool(reel.problem)


def begin_pictures(key: str) -> None:
    """Asks for the pictures that are lacking, where the workers have nothing better to do."""
    job = session.job(key)
    question = _question_of(job.experiment) if job else None
    if job is None or question is None or _is_coming(key) or _has_failed(key):
        return
    if CLUSTER.connected() is None:
        return
    state = session.page(key)
    if session.BAR in state.reels:
        state.pictures |= state.reels[session.BAR].found
    lacking = [each for each in _chosen(job, key) if each not in state.pictures]
    is_crowded = job.snapshot().is_running and num_training() > CLUSTER.status().ready
    if lacking and not is_crowded:
        experiment = job.experiment
        state.reels[session.BAR] = Reel(
            job.run(), lacking, (question,),
            keep=lambda answers: picture_of(answers[question], experiment),
            is_wanted=session.is_alive(),
        )  # fmt: skip


def _send(key: str) -> None:
    job = session.job(key)
    if job is None:
        return
    state = session.page(key)
    run = _run_of(job)
    pictures = dict(state.pictures)
    if session.BAR in state.reels:
        pictures |= dict(state.reels[session.BAR].found)
    per_epoch = job.experiment.updates_per_epoch
    has_pictures = _question_of(job.experiment) is not None
    records = job.snapshot().records
    entries = []
    for update in _chosen(job, key):
        if has_pictures and update not in pictures:
            continue
        first = state.sent.setdefault((run, update), time.monotonic())
        if time.monotonic() - first < AGAIN_SECONDS:
            text = _text(records, update // per_epoch, job)
            epoch = round(update / per_epoch, 2)
            entries.append({"epoch": epoch, "text": text, **pictures.get(update, {})})
    _sender(key=f"{key}_reel", data={"run": run, "moments": entries})


def _question_of(experiment: Experiment) -> Question[Any] | None:
    """What gives the main picture of a page; None where there are only numbers."""
    if isinstance(experiment, MapExperiment):
        return MapPositions()
    return Reconstructions() if experiment.family in CONFIGS else None


def _chosen(job: Job, key: str) -> list[int]:
    """The moments whose pictures are sent, as updates: kept ones, evenly, the latest too. More of
    them are every second, every fourth of these.
    """
    kept = kept_of(job, key)
    step = 1
    while len(kept) / step > MOST_PICTURES - 2:
        step *= 2
    last = len(job.snapshot().records) * job.experiment.updates_per_epoch
    return sorted({0, *kept[step - 1 :: step], last})


def kept_of(job: Job, key: str) -> list[int]:
    """After which updates its states are kept, read from the disk every few seconds."""
    version = job.snapshot().update
    kept: list[int] = session.latest(f"{key}_kept_at", version, SECONDS, job.kept, subject=id(job))
    return kept


def _ticks(job: Job, key: str) -> list[float]:
    """After how many epochs, parts of one too, states are kept."""
    per_epoch = job.experiment.updates_per_epoch
    kept = kept_of(job, key)
    return [round(update / per_epoch, 2) for update in kept[:: -(-len(kept) // MOST_TICKS) or 1]]


def _flags(experiment: Experiment) -> list[tuple[float, str]]:
    declared = knobs.params(experiment.config)
    per_epoch = experiment.updates_per_epoch
    return [
        (
            move.update / per_epoch,
            t(
                "{knob} → {value} at epoch {epoch:.1f}",
                knob=t(declared[move.name].label),
                value=values.in_words(declared[move.name], move.value),
                epoch=move.update / per_epoch,
            ),
        )
        for move in experiment.moves
    ]


def _kind(experiment: Experiment) -> str:
    if experiment.family not in CONFIGS:
        return ""
    kind = info_of(experiment.dataset).kind
    return "strokes" if kind in ("strokes", "numbers") else "greys"


def _labels(experiment: Experiment) -> list[int] | None:
    own = experiment.own() if isinstance(experiment, MapExperiment) else None
    labels = own.labels if own is not None else None
    return None if labels is None else labels[:MOST_POINTS].tolist()


def picture_of(answer: Any, experiment: Experiment) -> dict[str, str]:
    """The main picture of a page at one moment, small: a row of images, or points."""
    if isinstance(experiment, MapExperiment):
        low = answer.positions.min(axis=0)
        width = np.maximum(answer.positions.max(axis=0) - low, 1e-9)
        places = np.rint((answer.positions[:MOST_POINTS] - low) / width * 255).astype(np.uint8)
        places[:, 1] = 255 - places[:, 1]  # a canvas counts from the top
        return {"points": base64.b64encode(places.tobytes()).decode()}
    row = film.row_of(answer, experiment)
    picture = Image.fromarray(row)
    height = len(row)
    if height > MOST_PIXELS:
        picture = picture.resize((row.shape[1] * MOST_PIXELS // height, MOST_PIXELS))
    picture = picture.point(lambda level: level & COARSE)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=6)
    return {"url": "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()}


def _text(records: Sequence[Record], epoch: int, job: Job) -> str:
    """The number by which runs are compared, at the end of an epoch."""
    if not 0 < epoch <= len(records):
        return ""
    score = SCORES[job.experiment.family]
    value = score.of(records[epoch - 1])
    return f"{t(score.short)} {value:.1%}" if score.is_accuracy else f"{t(score.short)} {value:.4f}"


def _run_of(job: Job) -> str:
    """A name for its way up to now: a fork has another one."""
    return f"{id(job)} {job.experiment.key_before(MAX_UPDATES)[:8]}"


def _nothing() -> None:
    """Streamlit passes on only values with a callback."""
