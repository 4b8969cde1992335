"""The teacher, known by the secret of the server."""

import streamlit as st

from components import session
from components.language import t
from core.library import is_teacher

SECRET = "teacher_secret"


def show() -> None:
    """Draws the field for the secret."""
    with st.expander(t("For the teacher"), icon=":material/school:"):
        st.text_input(
            t("Secret"),
            type="password",
            key=SECRET,
            help=t("What the server holds in BOTTLENECK_TEACHER: with it every run can be edited."),
        )
        if secret() and not is_here():
            st.warning(t("This is not the secret of this server."), icon=":material/key_off:")


def secret() -> str:
    """What was typed."""
    return session.widget_value(SECRET, "")


def is_here() -> bool:
    """Whether it is the right one."""
    return is_teacher(secret())
