"""The two phases as a picture, and the labels that are all there is."""

import numpy as np
import streamlit as st

from components import asking, chained, image_sheet, look
from components.errors import plain, say
from components.language import t
from components.pretraining import panel, phases
from core.datasets import info_of
from core.jobs import Job
from core.library import LibraryProblem
from core.pretraining.config import LabelExperiment

COLUMNS = 20


def show(settings: LabelExperiment, key: str) -> None:
    """Draws the phases where it is called, again and again while something moves."""
    chained.repeat(_show, settings, key)


def _show(settings: LabelExperiment, key: str) -> None:
    try:
        first = phases.job_of(settings, key)
    except LibraryProblem as problem:
        st.warning(say(problem), icon=":material/block:")
        return
    found = panel.current(settings, key)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        phases.show_picture(found[0] if found else settings, first)
    with right:
        if found is None:
            phases.show_first(settings, first)
        else:
            _show_labels(*found)


def _show_labels(wanted: LabelExperiment, job: Job) -> None:
    named = asking.ask_once(job, "labels")
    if named is None:
        return
    order = np.argsort(named["labels"], kind="stable")
    if wanted.has_words:
        starts = np.searchsorted(named["labels"][order], np.unique(named["labels"]))
        order = order[np.unique([starts, np.minimum(starts + 1, len(order) - 1)])]
    count, names = wanted.num_labels, named["class_names"]
    what = t("words") if wanted.has_words else t("images")
    st.markdown(
        t("**This is all that may be known:** {count:,} labelled {what}", count=count, what=what)
        + (t(", {count} of them shown", count=len(order)) if count > len(order) else ""),
        help=t(
            "Sorted by class. All other training data are used without labels, in phase 1 only."
        ),
    )
    if wanted.has_words:
        shown = [f"{named['shown'][i]} ({names[named['labels'][i]]})" for i in order]
        st.caption(plain(", ".join(shown)))
        return
    info = info_of(wanted.dataset)
    st.html(
        image_sheet.make(
            named["shown"][order] / 255, info.image_shape, look.colours().ink,
            alt=t("{count} labelled images, sorted by class", count=len(order)),
            columns=COLUMNS, kind=info.kind,
        )
    )  # fmt: skip
