"""How accuracy falls as typos come: the character model beside the word model."""

import functools

import numpy as np
import streamlit as st

from components import figures, look, session, stage
from components.reading import twin
from core.experiments import Experiment
from core.jobs import Job
from core.progress import Snapshot

RATES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
SEEDS = (0, 1, 2)


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Accuracy on held-out texts against the share of words with a typo, three draws of typos."""
    only_unknown = st.toggle(
        "Only texts with unknown words",
        key=f"{key}_only_unknown",
        help="Leaves out every test text whose words the word model has all met in training.",
    )
    job, other = session.job(key), twin.of(experiment, key)
    if job is None or snapshot.is_running or other.snapshot().is_running or not snapshot.records:
        stage.show_waiting("The curves will stand here once both models have come to rest.")
        return
    measured = [
        (name, _measure(each, each.snapshot().update, only_unknown))
        for name, each in (("this model", job), ("word model", other))
    ]
    drawn = [(name, values) for name, values in measured if values is not None]
    if not drawn or np.isnan(drawn[0][1]).all():
        st.info("No test text holds an unknown word.", icon=":material/search_off:")
        return
    st.plotly_chart(
        figures.make_robustness(drawn, RATES, look.colours()),
        key=f"{key}_robustness",
        config=figures.CONFIG,
        alt="Accuracy against the share of words with a typo, for both models.",
    )


@functools.lru_cache(maxsize=64)
def _measure(job: Job, _: int, only_unknown: bool) -> np.ndarray | None:
    """Accuracy for each draw of typos and each rate, [draws, rates]; None while no worker has
    time.
    """
    draws = []
    for seed in SEEDS:
        answer = job.ask("break_it", RATES, seed, only_unknown)
        if answer is None:
            return None
        draws.append(answer["accuracies"])
    return np.array(draws)
