"""Draw a digit, or type a word, and let every arm vote."""

from collections.abc import Sequence

import streamlit as st

from components.figures.drawing import show_html
from components.figures.label_figures import LOOKS
from components.knobs import boxes
from components.pads import board
from components.parts.labels import panel
from components.runs import stage
from components.words.escaping import Markup, join, markup
from components.words.language import t
from core.pretraining.experiment import ARMS, LabelExperiment
from core.pretraining.questions import Labels, Vote, Votes

MOST_LETTERS = 20


def show(settings: LabelExperiment, key: str) -> None:
    """The board, and a row for each arm with its answer."""
    found = panel.current(settings, key)
    if found is None or not found[1].snapshot().records:
        stage.show_waiting(t("Draw here once phase 2 has begun: nine methods will classify it."))
        return
    wanted, job = found
    left, right = st.columns([1, 1.3], gap="medium")
    with left:
        given = _type(key) if wanted.has_words else board.draw(wanted.dataset, f"{key}_ballot")
    with right:
        if given is None:
            st.caption(t("Nine answers will appear here."))
            return
        answer = job.ask(Vote(given))
        named = job.ask(Labels())
        if answer is not None and named is not None:
            show_html(_table(answer, named.class_names))


def _type(key: str) -> str | None:
    text = boxes.line(
        t("A word"), key=f"{key}_typed", most=MOST_LETTERS, placeholder=t("such as: kirjasto"),
        help=t("Which of the twelve languages is it?"),
    )  # fmt: skip
    return text.strip() or None


def _table(answer: Votes, names: Sequence[str]) -> Markup:
    """A row an arm: its name, its answer, and how sure it is where it can say so."""
    rows = []
    for arm in ARMS:
        sure = answer.sure.get(arm)
        row = markup(
            "<span>{title}</span><b>{said}</b>"
            '<div><s style="width:{width:.0f}%;background:{colour}"></s></div><i>{share}</i>',
            title=t(LOOKS[arm].title),
            said=t(names[answer.answers[arm]]),
            width=0 if sure is None else 100 * sure,
            colour=LOOKS[arm].colour,
            share="" if sure is None else f"{sure:.0%}",
        )
        rows.append(row)
    return markup('<div class="votes">{rows}</div>', rows=join(rows))
