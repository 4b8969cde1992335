"""The words whose vectors are nearest to that of what was typed."""

import streamlit as st

from components.figures.drawing import show_html
from components.parts.spelling import correct
from components.runs import moments, stage
from components.words.escaping import Markup, join, markup
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.spelling.questions import NearestWords

MOST_WORDS = 4


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The nearest words of every typed word, an unseen or a misspelt one too."""
    job = moments.shown(key)
    typed = correct.typed(experiment, key).split()
    words = typed[:MOST_WORDS]
    whole = not snapshot.is_running
    found = [(word, job.ask(NearestWords(word, whole))) if job else (word, None) for word in words]
    if not found or any(answer is None for _, answer in found):
        stage.show_waiting(t("The nearest words will appear here."))
        return
    cards = join(_card(word, nearest) for word, nearest in found if nearest is not None)
    show_html(markup('<div class="corrected">{cards}</div>', cards=cards))
    if len(typed) > len(words):
        st.caption(t("These are the neighbours of the first {shown} words.", shown=len(words)))
    st.caption(
        t(
            "Nearest by the cosine of the vectors alone: how common a word is "
            "plays no part here. Words that share letters lie together, whatever "
            "they mean: it was trained for that."
        )
    )


def _card(word: str, nearest: list[tuple[str, float]]) -> Markup:
    rows = join(
        markup(
            "<span>{other}</span><div><s style='width:{width:.0f}%'></s></div><b>{cosine:.2f}</b>",
            other=other,
            width=max(0.0, 100 * cosine),
            cosine=cosine,
        )
        for other, cosine in nearest
    )
    return markup(
        '<div class="word"><h5>{word}</h5><div class="bars">{rows}</div></div>',
        word=word[:40],
        rows=rows,
    )
