"""How often the question "is it misspelt?" is answered wrongly."""

import streamlit as st

from components.runs import moments, stage
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.spelling.questions import ErrorRates


def show(_: Snapshot, experiment: Experiment, key: str) -> None:
    """Both kinds of error, which move against each other with the length of the word list."""
    job = moments.shown(key)
    answer = job.ask(ErrorRates()) if job else None
    if answer is None:
        stage.show_waiting(t("The two error rates will appear here."))
        return
    with st.container(horizontal=True, gap="large"):
        st.metric(
            t("Misspellings missed"),
            f"{answer.missed:.1%}",
            help=t(
                "Of 2,048 misspellings drawn at random, how many happen to be words: "
                "*form* for *from*. Only the sentence could tell."
            ),
        )
        st.metric(
            t("False alarms"),
            f"{answer.false_alarms:.1%}",
            help=t(
                "Of a running text, how many words are not in the list: rare words, "
                "names, new words."
            ),
        )
    st.caption(
        t(
            "A word is called misspelt when it is not in the list of {num_words:,} "
            "frequent words and as many rarer ones, or when it is there but only two "
            "letters of a far more frequent word are swapped in it, as in *teh*. A "
            "longer list raises fewer false alarms and misses more: move *Words to learn*.",
            num_words=experiment.config.num_words,
        )
    )
