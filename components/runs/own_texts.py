"""The visitor's own texts with labels: read once, held by the session, gone with it."""

import io

import streamlit as st

from components.knobs import lesson
from components.runs import uploads
from components.runs.uploads import Receipt
from components.streamlit_adapter import session
from components.words.language import t
from core.experiments import Experiment
from core.text.tasks import (
    TextTask,
    info_of,
    name_own,
)

EXAMPLE = "talo,Finnish\nhouse,English\n…"


def show(experiment: Experiment | None, key: str) -> None:
    """Draws two ways to bring texts: a CSV file, or lines; not if the lesson holds the task.

    Args:
        experiment: What the knobs say; None while they say nothing possible.
    """
    if lesson.of(key).holds("dataset"):
        return
    uploads.show(key, experiment)
    icon = ":material/playlist_add:"
    with st.expander(t("Your own texts"), icon=icon, key=f"{key}_own_texts"):
        st.file_uploader(
            t("A table of text and label"),
            type=["csv", "tsv", "txt"],
            key=f"{key}_csv",
            on_change=_read,
            args=(f"{key}_csv", key),
            help=t("Two columns: the text, and the name of its class. One fifth is held out."),
        )
        st.text_area(
            t("Or paste lines"),
            placeholder=EXAMPLE,
            key=f"{key}_lines",
            on_change=_read,
            args=(f"{key}_lines", key),
            help=t("One line per text: the text, a comma, the name of its class."),
        )
        st.caption(
            t(
                "They stay in the memory of this server until you leave, unless you keep a run. "
                "The weights trained on them lie on its disk until then."
            )
        )


def _read(widget_key: str, key: str) -> None:
    """Reads what was brought, for the knob *Task*."""
    brought = session.widget_value(widget_key, None)
    if not brought:
        return
    try:
        task = TextTask.from_csv(io.StringIO(brought) if isinstance(brought, str) else brought)
    except ValueError as error:
        uploads.refuse(error, key)
        return
    source = "" if isinstance(brought, str) else brought.name
    name = name_own(task)
    receipt = Receipt(source, len(task.texts), task.class_names, are_pictures=False, name=name)
    uploads.accept(receipt, info_of(name).title, task, key)
