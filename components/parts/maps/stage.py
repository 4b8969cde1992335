"""The map itself: it forms while the visitor looks, from the first codes to the last iteration."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from components import pads
from components.figures import theme
from components.parts.maps import bundle, panel, sources
from components.parts.maps.sources import Mapped
from components.runs import run_panel, stage
from components.streamlit_adapter import session
from components.streamlit_adapter.polling import repeat
from components.words.errors import say
from components.words.language import t
from core.engine.state import Snapshot
from core.jobs.runner import Job
from core.jobs.seen import Seen
from core.maps.experiment import MapExperiment
from core.maps.questions import Neighbours
from core.projection import check, pca
from core.queries.questions import Codes, MapPositions
from core.store.library import LibraryProblem

SECONDS = 0.3
NUM_BEFORE = 1_000
_pad = pads.register("scatter", "cloud", "handling")


def show(settings: MapExperiment, key: str, begin: Callable[[], None]) -> None:
    """Draws the map where it is called, again and again while something moves.

    Args:
        begin: Begins what the page trains, before every drawing.
    """
    begin()
    try:
        source = sources.job_of(settings, key)
    except LibraryProblem as problem:
        st.warning(say(problem), icon=":material/block:")
        return
    is_busy = functools.partial(_is_busy, source, key)
    repeat(_stage, settings, source, key, key=key, begin=begin, seconds=SECONDS, is_busy=is_busy)


def current(settings: MapExperiment, key: str) -> tuple[Mapped, Seen] | None:
    """What is on the map, and the map; None while there is none."""
    try:
        here = sources.mapped(settings, sources.job_of(settings, key), key)
        if here is None:
            return None
        check(here.points.x, settings.config.perplexity)
    except (LibraryProblem, ValueError):
        return None
    job = panel.job_of(settings, here, key)
    return (here, job) if job else None


def _is_busy(source: Job, key: str) -> bool:
    if session.is_busy(key) or source.is_at_work or source.snapshot().is_running:
        return True
    job = session.job(key)
    return source.snapshot().phase != "failed" and (job is None or job.snapshot().is_running)


def _stage(settings: MapExperiment, source: Job, key: str) -> None:
    here = sources.mapped(settings, source, key)
    if here is None:
        _show_before(settings, source, key)
    else:
        _show_map(settings, here, key)


def _show_before(settings: MapExperiment, source: Job, key: str) -> None:
    """While the network trains: its codes along their two main directions, epoch by epoch."""
    snapshot = source.snapshot()
    if snapshot.phase == "failed":
        run_panel.show_failure(snapshot)
        stage.show_waiting(t("A map will form here once its network has been trained."))
        return
    if settings.config.maps_pixels:
        stage.show_waiting(t("A map will form here as soon as the pixels have been read."))
        return
    count = min(NUM_BEFORE, sources.num_points(settings, source))
    space = sources.space_of(settings, source)
    answer = source.ask(Codes(count, space))
    if answer is None or not np.isfinite(answer.codes).all():
        stage.show_waiting(
            t(
                "A map will form here. First the network whose codes it shows must "
                "train, a few seconds; its codes appear along their two main "
                "directions as soon as there are any."
            )
        )
        return
    epoch = len(snapshot.records)
    words = t(
        "PCA of {count:,} {what} while the network trains, epoch {epoch}",
        count=count,
        what=t("raw pixels" if space == "pixels" else "codings"),
        epoch=epoch,
    )
    flat = pca(answer.codes, 2).project(answer.codes)
    _draw("", flat, (words, f"{key} {epoch}", ("PCA 1", "PCA 2")), None, key)
    st.caption(words)


def _show_map(settings: MapExperiment, here: Mapped, key: str) -> None:
    try:
        check(here.points.x, settings.config.perplexity)
    except ValueError as error:
        st.warning(say(error), icon=":material/block:")
        return
    job = panel.job_of(settings, here, key)
    snapshot = job.snapshot() if job else None
    view = snapshot.view(MapPositions()) if snapshot else None
    if job is None or snapshot is None or view is None:
        if snapshot is None or snapshot.phase != "failed":
            stage.show_waiting(t("The first picture of the map is on its way: under a second."))
        return
    neighbours = job.ask(Neighbours())
    if neighbours is not None:
        bundle.show(here, neighbours, sources.space_of(settings, here.source), key)
    words = caption(settings, here, snapshot)
    stamp = f"{job.experiment.key_before(snapshot.update)} {snapshot.update}"
    placed = session.widget_value(f"{key}_placed", None)
    placed = placed if placed and placed["points"] == here.points.name else None
    _draw(here.points.name, view.positions, (words, stamp, ("t-SNE 1", "t-SNE 2")), placed, key)
    reduced = here.codes.basis
    more = (
        t(
            " First brought from {dimensions:,} to {shape} principal components, "
            "which keep {kept:.0%} of the variance.",
            dimensions=here.codes.dimensions,
            shape=here.points.x.shape[1],
            kept=reduced.kept,
        )
        if reduced
        else ""
    )
    st.caption(f"{words}.{more}")


def caption(settings: MapExperiment, here: Mapped, snapshot: Snapshot) -> str:
    """What is on the map, with everything that decides it."""
    config = settings.config
    return t(
        "t-SNE, {what} · perplexity {perplexity:g} · seed {seed} · iteration {iteration}",
        what=sources.words_of(here, settings),
        perplexity=config.perplexity,
        seed=settings.seed,
        iteration=snapshot.update,
    )


def _draw(
    name: str,
    positions: np.ndarray,
    words: tuple[str, str, tuple[str, str]],
    placed: dict[str, Any] | None,
    key: str,
) -> None:
    text, stamp, axes = words
    colours = theme.colours()
    _pad(
        key=f"{key}_pad",
        data={
            "points": name,
            "positions": pads.pack(positions),
            "stamp": stamp,
            "axes": axes,
            "caption": text,
            "alt": t("{text}: a map of points, one for each.", text=text),
            "placed": placed,
            "colours": colours._asdict(),
        },
    )
