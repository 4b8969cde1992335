"""The teacher, who has proven the secret of the server in this visit."""

import streamlit as st

from components import session
from components.errors import say
from components.language import t
from core.teacher import TEACHER, SecretRefused

SECRET = "teacher_secret"


def show() -> None:
    """Draws the field for the secret, or what the teacher may do."""
    with st.expander(t("For the teacher"), icon=":material/school:"):
        if is_here():
            st.markdown(t("You have typed the secret: you can rename and delete every run."))
            st.button(t("Sign out"), on_click=_sign_out)
            return
        st.text_input(
            t("Secret"),
            type="password",
            key=SECRET,
            help=t("What the server holds in BOTTLENECK_TEACHER: with it every run can be edited."),
            on_change=_prove,
        )
        problem = session.problem(SECRET)
        if problem:
            st.warning(say(problem), icon=":material/key_off:")


def key() -> str:
    """What the library and the board ask the teacher for, or ""."""
    return session.teacher_key()


def is_here() -> bool:
    """Whether this visitor has proven the secret."""
    return TEACHER.has_key(key())


def _prove() -> None:
    """Checks what was typed, once, and empties the field. It runs before the page is drawn, so a
    wrong secret, which takes a second, makes no other visitor wait.
    """
    typed = session.widget_value(SECRET, "")
    session.set_widget(SECRET, "")
    session.keep_problem(SECRET, "")
    if not typed:
        return
    try:
        session.keep_teacher_key(TEACHER.prove(typed, session.token()))
    except SecretRefused as refusal:
        session.keep_problem(SECRET, str(refusal))


def _sign_out() -> None:
    session.keep_teacher_key("")
