"""The teacher, known by the secret of the server."""

import streamlit as st

from components.streamlit_adapter import session, turns
from components.words.errors import say
from components.words.language import t
from core.store.library import digest
from core.store.teacher import TEACHER, SecretRefused

FIELD = "teacher_secret"


def show() -> None:
    """Draws the field for the secret; once it is proven, how to give up the teacher's rights. What
    was wrong with a secret stands above the expander: it is seen even where that is closed.
    """
    with st.container():
        if session.problem(FIELD):
            st.warning(say(session.problem(FIELD)), icon=":material/key_off:")
    with st.expander(t("For the teacher"), icon=":material/school:", key="for_the_teacher"):
        if is_here():
            st.caption(
                t("This visit has the teacher's rights: every run can be renamed and deleted.")
            )
            st.button(
                t("Give up the teacher's rights"),
                key="teacher_leave",
                icon=":material/logout:",
                on_click=_leave,
            )
            return
        st.text_input(
            t("Secret"),
            type="password",
            key=FIELD,
            on_change=_prove,
            help=t("What the server holds in BOTTLENECK_TEACHER: with it every run can be edited."),
        )


def secret() -> str:
    """The secret that this visit has proven, or ""."""
    return session.visitor().teacher_secret


def is_here() -> bool:
    """Whether this visit has the teacher's rights."""
    return bool(secret())


def _leave() -> None:
    session.visitor().teacher_secret = ""


def _prove() -> None:
    """Tries what was typed, once, and empties the field: the same secret can be sent again."""
    typed = session.widget_value(FIELD, "")
    session.set_widget(FIELD, "")
    session.keep_problem(FIELD, "")
    if not typed:
        return
    try:
        with turns.lent():
            token = session.visitor().token
            TEACHER.prove(typed, digest(token) if token else "")
    except SecretRefused as refusal:
        session.keep_problem(FIELD, str(refusal))
    else:
        session.visitor().teacher_secret = typed
