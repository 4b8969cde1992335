"""What was read of own data, or why it was refused, above the expander that takes it."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from components.knobs import lesson
from components.streamlit_adapter import session
from components.words.errors import say
from components.words.escaping import plain
from components.words.language import t
from core.datasets import Dataset
from core.experiments import Experiment
from core.maps.experiment import MapExperiment
from core.message import message_of
from core.pretraining.experiment import LabelExperiment
from core.text.tasks import TextTask

MOST_NAMES = 5
MOST_LETTERS = 40


class Receipt(NamedTuple):
    """What was read.

    Attributes:
        source: The name of the file or folder; "" for lines that were pasted.
        total: How many pictures or texts.
        class_names: Empty where there are no classes; texts always have some.
        name: What the knob *Data* or *Task* calls them.
    """

    source: str
    total: int
    class_names: tuple[str, ...]
    are_pictures: bool
    name: str


def refuse(error: ValueError, key: str) -> None:
    """Remembers why own data were refused, and says it at once; only from a callback."""
    session.keep_problem(_where(key), message_of(error))
    session.keep_receipt(_where(key), None)
    st.toast(say(error), icon=":material/block:", duration="long")


def accept(receipt: Receipt, title: str, data: Dataset | TextTask, key: str) -> None:
    """Holds what was read, turns the knob to it, and says it at once; only from a callback. Refuses
    what is more than a visit may hold.
    """
    try:
        session.keep_own(receipt.name, title, data)
    except ValueError as error:
        refuse(error, key)
        return
    session.set_widget(f"{key}_dataset", receipt.name)
    session.keep_problem(_where(key), "")
    session.keep_receipt(_where(key), receipt)
    st.toast(in_words(receipt), icon=":material/check:", duration="long")


def show(key: str, experiment: Experiment | None) -> None:
    """Draws the refusal or the receipt of the last upload, if there was one. Without one it still
    takes its place: what follows does not move, so an expander stays open.

    Args:
        experiment: What the knobs say; None while they say nothing possible.
    """
    problem = session.problem(_where(key))
    receipt = session.receipt(_where(key))
    with st.container():
        if problem:
            st.warning(say(problem), icon=":material/block:")
        if receipt is not None:
            said = f"{in_words(receipt)} {what_now(receipt, experiment, key)}"
            st.success(said, icon=":material/check:")


def what_now(receipt: Receipt, experiment: Experiment | None, key: str) -> str:
    """Whether the page uses what was read, or what to do so that it does, for Markdown."""
    if (session.page(key).knobs or {}).get("dataset") != receipt.name:
        return t(
            "Choose them under *Data* to use them."
            if receipt.are_pictures
            else "Choose them under *Task* to use them."
        )
    if isinstance(experiment, MapExperiment | LabelExperiment):
        begins = experiment.config.trains_on_images
        return t("The page goes on with them.") if begins else _set_to_them(receipt)
    job = session.job(key)
    if experiment is None or lesson.of(key).holds(lesson.RESET):
        return _set_to_them(receipt)
    if job is not None and job.experiment.dataset == receipt.name:
        return t("The run on this page uses them.")
    return t(
        "*Data* is set to them. Press **Start again** to train on them."
        if receipt.are_pictures
        else "*Task* is set to them. Press **Start again** to train on them."
    )


def _set_to_them(receipt: Receipt) -> str:
    return t("*Data* is set to them." if receipt.are_pictures else "*Task* is set to them.")


def _where(key: str) -> str:
    return f"{key}_own"


def in_words(receipt: Receipt) -> str:
    """What was read, as a sentence for Markdown."""
    source = plain(_shortened(receipt.source)) or t("the pasted lines")
    if not receipt.class_names:
        return t(
            "Read from {source}: {count:,} pictures without classes.",
            source=source,
            count=receipt.total,
        )
    return t(
        "Read from {source}: {count:,} pictures in {classes} classes ({names})."
        if receipt.are_pictures
        else "Read from {source}: {count:,} texts in {classes} classes ({names}).",
        source=source,
        count=receipt.total,
        classes=len(receipt.class_names),
        names=_listed(receipt.class_names),
    )


def _listed(names: Sequence[str]) -> str:
    listed = ", ".join(plain(_shortened(name)) for name in names[:MOST_NAMES])
    return f"{listed}, …" if len(names) > MOST_NAMES else listed


def _shortened(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else f"{name[:MOST_LETTERS]}…"
