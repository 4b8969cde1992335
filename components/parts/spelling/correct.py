"""A typed text with its misspelt words marked, and what may have been meant."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components.figures.drawing import show_html
from components.knobs import boxes
from components.runs import moments, stage
from components.streamlit_adapter import session
from components.words.escaping import Markup, join, markup
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.spelling.questions import Correct

MAX_TEXT = 300
A_MILLION = 1e6
EXAMPLES = {
    "en": "teh definately recieved accomodation",
    "fi": "talosa kirjasttossa",
    "tr": "kitapalr evlreimiz",
    "de": "Strase zuhrück",
    "fr": "apeler mainteant",
    "es": "avuela necesitr",
}
OTHERWISE = "internatinal"
OPENS_WITH = "en"


def ask_for_text(key: str) -> None:
    """Draws the box in which the visitor types."""
    job = moments.shown(key)
    language = job.experiment.dataset if job else OPENS_WITH
    boxes.line(
        t("Type words with mistakes in them"),
        EXAMPLES.get(language, OTHERWISE),
        most=MAX_TEXT,
        key=box(language, key),
        live=True,
        bind="query-params",
        help=t(
            "Answers come at every pause of the keyboard, while it trains too. Up to eight words."
        ),
    )


def box(language: str, key: str) -> str:
    """One box a language, so that each keeps what was typed."""
    return f"{session.leader(key)}_text_{language}"


def typed(experiment: Experiment, key: str) -> str:
    """What stands in the box."""
    return session.widget_value(box(experiment.dataset, key), "")[:MAX_TEXT]


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Each word: is it misspelt, and what may have been meant."""
    job = moments.shown(key)
    whole = not snapshot.is_running
    text = typed(experiment, key)
    answer = None
    if job and snapshot.phase != "failed":
        answer = job.ask(Correct(text, whole))
    if answer is None:
        stage.show_waiting(t("Every word will appear here with what may have been meant by it."))
        return
    if not answer:
        st.info(t("Type a word, rightly or wrongly."), icon=":material/keyboard:")
        return
    cards = join(_card(*each) for each in answer)
    show_html(markup('<div class="corrected">{cards}</div>', cards=cards))
    shown = len(answer)
    if len(text.split()) > shown:
        st.caption(t("The first {shown} words are corrected.", shown=shown))
    if not whole:
        st.caption(t("While it trains, it looks among the 5,000 most frequent words only."))


def _card(word: str, misspelt: bool, candidates: Sequence[Any]) -> Markup:
    """One word: green tick or marked, and its candidates as bars."""
    if not misspelt:
        return markup(
            '<div class="word"><h5>{word} <small>{words}</small></h5></div>',
            word=word[:40],
            words=t("in the word list"),
        )
    return markup(
        '<div class="word"><h5><u>{word}</u> <small>{words}</small></h5>'
        '<div class="bars">{rows}</div></div>',
        word=word[:40],
        words=t("misspelt?"),
        rows=join(_bar(candidate) for candidate in candidates),
    )


def _bar(found: Any) -> Markup:
    title = t(
        "likelihood {share:.1%}; cosine {cosine:.2f}; {value:.2g} times in a "
        "million words; cost of the misspelling {price:.1f}",
        share=found.share,
        cosine=found.cosine,
        value=A_MILLION * found.frequency,
        price=found.cost,
    )
    return markup(
        '<span title="{title}">{word}</span>'
        '<div title="{title}"><s style="width:{width:.1f}%"></s></div><b>{share:.0%}</b>',
        title=title,
        word=found.word,
        width=100 * found.share,
        share=found.share,
    )
