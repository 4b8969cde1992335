"""The words whose vectors are nearest to that of what was typed."""

import html

import streamlit as st

from components import asking, session, stage
from components.language import t
from components.spelling import correct
from core.experiments import Experiment
from core.progress import Snapshot


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The nearest words of every typed word, an unseen or a misspelt one too."""
    job, words = session.job(key), correct.typed(experiment, key).split()[:4]
    whole = not snapshot.is_running
    found = [
        (word, asking.ask(job, snapshot, "neighbours", word, whole)) if job else (word, None)
        for word in words
    ]
    if not found or any(answer is None for _, answer in found):
        stage.show_waiting(t("The nearest words will stand here."))
        return
    cards = "".join(_card(word, answer["nearest"]) for word, answer in found if answer)
    st.html(f'<div class="corrected">{cards}</div>')
    st.caption(
        t(
            "Nearest by the cosine of the vectors alone: how common a word is "
            "plays no part here. Words that share letters lie together, whatever "
            "they mean: it was trained for that."
        )
    )


def _card(word: str, nearest: list[tuple[str, float]]) -> str:
    rows = "".join(
        f"<span>{html.escape(other)}</span><div><s style='width:{max(0.0, 100 * cosine):.0f}%'></s>"
        f"</div><b>{cosine:.2f}</b>"
        for other, cosine in nearest
    )
    return (
        f'<div class="word"><h5>{html.escape(word[:40])}</h5><div class="bars">{rows}</div></div>'
    )
