"""The two phases as a picture, and the labels that are all there is."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from components.figures import image_sheet, theme
from components.figures.drawing import show_html
from components.parts.labels import panel, phases
from components.streamlit_adapter.polling import repeat
from components.words.errors import say
from components.words.escaping import plain
from components.words.language import t
from core.datasets import info_of
from core.jobs.seen import Seen
from core.pretraining.experiment import LabelExperiment
from core.pretraining.questions import Labels
from core.store.library import LibraryProblem

COLUMNS = 20


def show(settings: LabelExperiment, key: str, begin: Callable[[], None]) -> None:
    """Draws the phases where it is called, again and again while something moves.

    Args:
        begin: Begins what the page trains, before every drawing.
    """
    repeat(_show, settings, key, key=key, begin=begin)


def _show(settings: LabelExperiment, key: str) -> None:
    try:
        first = phases.job_of(settings, key)
        found = panel.begun(settings, key)
    except (LibraryProblem, ValueError) as problem:
        st.warning(say(problem), icon=":material/block:")
        return
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        phases.show_picture(found[0] if found else settings, first)
    with right:
        if found is None:
            phases.show_first(settings, first)
        else:
            _show_labels(*found)


def _show_labels(wanted: LabelExperiment, job: Seen) -> None:
    named = job.ask(Labels())
    if named is None:
        return
    order = np.argsort(named.labels, kind="stable")
    if wanted.has_words:
        starts = np.searchsorted(named.labels[order], np.unique(named.labels))
        order = order[np.unique([starts, np.minimum(starts + 1, len(order) - 1)])]
    _say_how_many(wanted, len(order))
    names = named.class_names
    if wanted.has_words:
        shown = [f"{named.shown[i]} ({t(names[named.labels[i]])})" for i in order]
        st.caption(plain(", ".join(shown)))
        return
    info = info_of(wanted.dataset)
    show_html(
        image_sheet.make(
            named.shown[order] / 255, info.image_shape, theme.colours().ink,
            alt=t("{count} labelled images, sorted by class", count=len(order)),
            columns=COLUMNS, kind=info.kind,
        )
    )  # fmt: skip


def _say_how_many(wanted: LabelExperiment, num_shown: int) -> None:
    """How many labels there are, and whose choice they are."""
    count = wanted.num_labels
    what = t("words") if wanted.has_words else t("images")
    st.markdown(
        t("**This is all that may be known:** {count:,} labelled {what}", count=count, what=what)
        + (t(", {count} of them shown", count=num_shown) if count > num_shown else "")
        + (t(", **bought by you**") if wanted.bought else ""),
        help=t(
            "Sorted by class. All other training data are used without labels: in "
            "phase 1, and by the methods that let labels spread."
        ),
    )
    if wanted.bought:
        st.caption(
            t("*Give all back* in *Buy labels*, or another number of *Labels*, draws at random.")
        )
