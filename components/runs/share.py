"""The button behind which a visitor shows the run of a page to the class."""

import streamlit as st

from components.knobs import boxes
from components.runs import measures
from components.streamlit_adapter import session, token
from components.streamlit_adapter.polling import repeat
from components.words.errors import say
from components.words.language import t
from core.results import Results
from core.store.board import BOARD, MAX_NICKNAME
from core.store.library import LibraryProblem


def show(key: str) -> None:
    """Draws the button; nothing is shared before the one inside is pressed."""
    place = st.popover(
        t("Share"),
        icon=":material/group_add:",
        key=f"{key}_share",
        on_change="rerun",
        help=t("Shows this run's knobs and numbers on the class board, under a nickname."),
    )
    if place.open and session.job(key) is not None:
        with place:
            repeat(_show_inside, key, key=key)


def _show_inside(key: str) -> None:
    job = session.job(key)
    visitor = token.show()
    records = job.snapshot().records if job else []
    if job is None or not records:
        st.caption(t("A run is shared as it stands: let it train for an epoch, and open this."))
        return
    results = measures.results_of(job, key)
    if results is None and job.experiment.family in measures.MEASURES:
        st.caption(measures.words())
        return
    with st.form(f"{key}_share_form", border=False):
        nickname = boxes.line(
            t("Nickname"),
            session.visitor().nickname,
            most=MAX_NICKNAME,
            key=f"{key}_nickname",
            help=t("What the class sees beside your point. It need not be your name."),
        )
        st.caption(
            t(
                "Everybody who visits this server sees the nickname, the knobs and the numbers of "
                "epoch {epoch}; no images. You and the teacher can rename and delete it on the "
                "page Class board.",
                epoch=records[-1].epoch,
            )
        )
        if st.form_submit_button(t("Share this run"), type="primary", key=f"{key}_share_it"):
            try:
                found = results or Results()
                BOARD.share(nickname, job.experiment, records[-1], visitor, found)
            except LibraryProblem as problem:
                st.warning(say(problem), icon=":material/block:")
            else:
                session.visitor().nickname = nickname
                st.success(
                    t("Shared. It stands on the page Class board."), icon=":material/groups:"
                )
