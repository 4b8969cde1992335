"""What was read of the visitor's own data, or why it was refused, above the boxes that take it."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from components import session
from components.errors import say
from components.escaping import plain
from components.language import t

MOST_NAMES, MOST_LETTERS = 5, 40


class Receipt(NamedTuple):
    """What was read.

    Attributes:
        source: The name of the file or folder; "" for lines that were pasted.
        total: How many pictures or texts.
        class_names: Empty where there are no classes; texts always have some.
    """

    source: str
    total: int
    class_names: tuple[str, ...]
    are_pictures: bool


def refuse(error: ValueError, where: str) -> None:
    """Remembers why own data were refused; only from a callback."""
    session.keep_problem(where, str(error))
    session.keep_receipt(where, None)


def accept(receipt: Receipt, where: str) -> None:
    """Remembers what was read; only from a callback."""
    session.keep_problem(where, "")
    session.keep_receipt(where, receipt)


def show(where: str) -> None:
    """Draws the refusal or the receipt of the last upload, if there was one."""
    problem, receipt = session.problem(where), session.receipt(where)
    if problem:
        st.warning(say(problem), icon=":material/block:")
    if receipt is not None:
        said = f"{in_words(receipt)} {t('This page uses them now.')}"
        st.success(said, icon=":material/check:")


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
