"""Put me on the map: a drawn digit or a typed word is coded and placed among the points."""

from collections import Counter
from typing import Any

import numpy as np
import streamlit as st

from components.figures import image_sheet, theme
from components.figures.drawing import show_html
from components.knobs import boxes
from components.pads import board
from components.parts.maps import sources, stage
from components.parts.maps.sources import Mapped
from components.runs import stage as shared
from components.streamlit_adapter import session
from components.words.escaping import plain
from components.words.language import t
from core.datasets import info_of
from core.jobs.seen import Seen
from core.maps.experiment import MapExperiment
from core.maps.questions import Place
from core.queries.questions import CodesOf

MOST_LETTERS = 40


def show(settings: MapExperiment, key: str) -> None:
    """The board, or a line to type in; and among whom it has landed."""
    found = stage.current(settings, key)
    if found is None:
        shared.show_waiting(
            t("Draw a digit here once the map has begun to form, and find yourself.")
        )
        return
    here, job = found
    place, beside = st.columns([1.1, 1.6], gap="medium")
    with place:
        given = (
            board.draw(here.source.experiment.dataset, f"{key}_me")
            if sources.has_pictures(here.source)
            else _type(key)
        )
    if given is None:
        _keep(None, key)
    else:
        _place(given, here, job, settings, key)
    with beside:
        _show_neighbours(settings, here, key)


def _type(key: str) -> str | None:
    text = boxes.line(
        t("A word"),
        key=f"{key}_word",
        most=MOST_LETTERS,
        placeholder=t("such as: playground"),
        help=t("It is coded by the model and placed on the map as a star."),
    )
    return text.strip() or None


def _place(
    given: np.ndarray | str, here: Mapped, job: Seen, settings: MapExperiment, key: str
) -> None:
    """Asks the model for the code and the map for its place; anew when either has changed, but
    while points move at most once a second.
    """
    snapshot = job.snapshot()
    seconds = float(snapshot.is_running)
    update = snapshot.update
    content = given if isinstance(given, str) else given.tobytes()
    version = (here.points.name, job.experiment.key_before(update), update, content)
    placed = session.latest(
        f"{key}_place", version, seconds, lambda: _ask(given, here, job, settings)
    )
    _keep(placed, key)


def _keep(placed: dict[str, Any] | None, key: str) -> None:
    """Draws the map anew, where the star is."""
    if placed != session.widget_value(f"{key}_placed", None):
        session.set_widget(f"{key}_placed", placed)
        session.run_page_again()


def _ask(
    given: np.ndarray | str, here: Mapped, job: Seen, settings: MapExperiment
) -> dict[str, Any] | None:
    coded = here.source.ask(CodesOf(given, sources.space_of(settings, here.source)))
    if coded is None:
        return None
    basis = here.codes.basis
    z = basis.project(coded) if basis else coded  # [1, D]
    answer = job.ask(Place(z[0]))
    if answer is None:
        return None
    return {
        "points": here.points.name,
        "position": [float(value) for value in answer.position],
        "rows": [int(row) for row in answer.rows],
        "distances": [float(value) for value in answer.distances],
    }


def _show_neighbours(settings: MapExperiment, here: Mapped, key: str) -> None:
    placed = session.widget_value(f"{key}_placed", None)
    is_coded = sources.space_of(settings, here.source) == "codes"
    if not placed or placed["points"] != here.points.name:
        st.caption(_promise(is_coded))
        return
    rows = placed["rows"]
    labels = here.pictures.labels
    names = tuple(map(t, here.pictures.class_names))
    if labels is not None:
        counts = Counter(names[labels[row]] for row in rows).most_common()
        said = ", ".join(f"**{count}** {plain(name)}" for name, count in counts)
        st.markdown(t("Your ten nearest: {said}.", said=said))
    if here.pictures.words is not None:
        words = [here.pictures.words[row] for row in rows]
        st.markdown(t("Nearest words: ") + ", ".join(plain(word) for word in words))
        return
    _show_images(placed, here, is_coded)


def _show_images(placed: dict[str, Any], here: Mapped, is_coded: bool) -> None:
    info = info_of(here.source.experiment.dataset)
    x = np.asarray(here.pictures.x)[placed["rows"]] / 255
    show_html(
        image_sheet.make(
            x, info.image_shape, theme.colours().ink, alt=t("The ten nearest images"),
            kind="photographs" if info.kind == "contrasts" else info.kind,
        )
    )  # fmt: skip
    near = placed["distances"][0]
    far = placed["distances"][-1]
    st.caption(
        t("Distances of the codes: {near:.2f} to {far:.2f}.", near=near, far=far)
        if is_coded
        else t("Distances of the pixels: {near:.2f} to {far:.2f}.", near=near, far=far)
    )


def _promise(is_coded: bool) -> str:
    if is_coded:
        return t(
            "You will be the star on the map, with lines to the ten points whose codes are nearest "
            "to yours. No other point moves."
        )
    return t(
        "You will be the star on the map, with lines to the ten images whose pixels are nearest to "
        "yours. No other point moves."
    )
