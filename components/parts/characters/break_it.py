"""How accuracy falls as typos come: a character model, a word model and a hybrid, over seeds."""

import numpy as np
import streamlit as st

from components.figures import charts, theme
from components.figures.drawing import show_figure
from components.runs import measures, moments, series, stage
from components.runs.measures import RATES
from components.streamlit_adapter import session
from components.words.language import t
from core.characters.experiment import of_all_inputs, with_words
from core.characters.questions import Robustness
from core.configs.characters import INPUTS
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.jobs.runner import Job
from core.jobs.seen import Seen

NUM_SEEDS = 3
FEW_TEXTS = 512


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Accuracy on held-out texts against the share of words with a typo, a band over the seeds."""
    jobs = _jobs(experiment, key)
    missing = series.missing(of_all_inputs(experiment, NUM_SEEDS), snapshot.update, key)
    with st.container(horizontal=True, vertical_alignment="center"):
        only_unknown = st.toggle(
            t("Only texts with unknown words"),
            key=f"{key}_only_unknown",
            help=t(
                "Leaves out every test text whose words the word model has all met in training."
            ),
        )
        if missing and not snapshot.is_running and snapshot.records:
            _show_button(missing, snapshot.update, key)
        series.show_stop(key, but=with_words(experiment))
    running = [each for each, job in jobs.items() if job.snapshot().is_running]
    pair = (experiment, with_words(experiment))
    shown = [each for each in jobs if each not in [*missing, *running] or each in pair]
    _show_curves([jobs[each] for each in shown], only_unknown, key)
    if running:
        st.caption(
            t(
                ":material/hourglass_top: {count} of {count2} models still train.",
                count=len(running),
                count2=len(jobs),
            )
        )


def _show_button(missing: list[Experiment], num_updates: int, key: str) -> None:
    st.button(
        t("Train the hybrid and more seeds"),
        key=f"{key}_series",
        icon=":material/stacked_line_chart:",
        on_click=_train,
        args=(missing, num_updates, key),
        help=t(
            "{count} models, each as long as this one: characters, words and both, "
            "with {num_seeds} seeds each. A line gets a band, from the worst to "
            "the best seed.",
            count=len(missing),
            num_seeds=NUM_SEEDS,
        ),
    )


def _show_curves(jobs: list[Seen], only_unknown: bool, key: str) -> None:
    curves = {}
    for inputs in INPUTS:
        rows = [_measure(j, only_unknown) for j in jobs if j.experiment.config.inputs == inputs]
        complete = [row for row in rows if row]
        if complete:
            curves[inputs] = np.array(complete)
    if not curves:
        stage.show_waiting(
            t("The accuracy of each model, which falls as typos increase, will appear here.")
        )
        return
    if any(np.isnan(values).any() for values in curves.values()):
        st.info(t("No test text holds an unknown word."), icon=":material/search_off:")
        return
    show_figure(
        charts.make_robustness(curves, RATES, theme.colours()),
        key=f"{key}_robustness",
        alt=t("Accuracy against the share of words with a typo, for every kind of model."),
    )


def _jobs(experiment: Experiment, key: str) -> dict[Experiment, Seen]:
    """The jobs of the series, as far as they have been started."""
    own = moments.shown(key)
    jobs: dict[Experiment, Seen] = {job.experiment: job for job in session.other_jobs(key)}
    jobs |= {own.experiment: own} if own else {}
    return {each: jobs[each] for each in of_all_inputs(experiment, NUM_SEEDS) if each in jobs}


def _train(missing: list[Experiment], num_updates: int, key: str) -> None:
    series.train(missing, key, num_updates=num_updates)


def _measure(job: Seen, only_unknown: bool) -> list[float]:
    """Accuracy at each rate, on few texts while it trains and in its past; nothing while no worker
    has time.
    """
    if not isinstance(job, Job) or job.snapshot().is_running:
        answer = job.ask(Robustness(RATES, only_unknown, FEW_TEXTS))
        return [] if answer is None else answer.tolist()
    return list(measures.robustness(job, only_unknown=only_unknown) or ())
