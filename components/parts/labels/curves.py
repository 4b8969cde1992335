"""Accuracy against the number of labels, a point for every arm, number and seed as it arrives."""

from typing import Any

import streamlit as st

from components.figures import label_figures, theme
from components.figures.drawing import show_figure
from components.figures.label_figures import LOOKS
from components.parts.labels import panel
from components.runs import run_panel, series, stage
from components.runs.measures import NUM_SEEDS
from components.streamlit_adapter import session
from components.words.language import t
from core.jobs.runner import Job
from core.pretraining import phases
from core.pretraining.experiment import (
    ARMS,
    LabelExperiment,
    accuracy_of,
    best_arm,
    budgets,
)

HEIGHT = 330


def show(settings: LabelExperiment, key: str) -> None:
    """The curves of this encoder, the differences pair by pair, and the button that trains them."""
    found = panel.current(settings, key)
    if found is None:
        stage.show_waiting(
            t(
                "The accuracy by number of labels will appear here, for nine methods "
                "that learn from the same labels. Phase 1 must end first."
            )
        )
        return
    wanted, _ = found
    jobs = started(wanted, key)
    collected = curves_of(jobs)
    _show_buttons(wanted, jobs, key)
    if not any(collected.values()):
        stage.show_waiting(t("Points will arrive here as the workers finish them."))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _draw(
            label_figures.make_curves(collected, stars(wanted, key), theme.colours()),
            f"{key}_curves",
            t("Accuracy on test data against the number of labels, one line per "
"method."),
        )  # fmt: skip
    with right:
        _show_differences(collected, key)


def _show_differences(collected: label_figures.Curves, key: str) -> None:
    against = st.selectbox(
        t("Pair by pair, against"),
        ARMS,
        index=ARMS.index("rbf_svm"),
        format_func=lambda arm: t(LOOKS[arm].title),
        key=f"{key}_against",
        help=t(
            "The same labels, the same seed: how many percentage points is each "
            "method ahead? A band that stays above 0 is a win on every draw, even "
            "where the bands on the left overlap."
        ),
    )
    figure = label_figures.make_differences(collected, against, theme.colours())
    alt = t(
        "Points of accuracy ahead of {title}, by the number of labels.",
        title=t(LOOKS[against].title),
    )
    _draw(figure, f"{key}_differences", alt, HEIGHT - 70)


def _draw(figure: Any, key: str, alt: str, height: int = HEIGHT) -> None:
    figure.layout.height = height
    show_figure(figure, key=key, alt=alt)


def _show_buttons(wanted: LabelExperiment, jobs: list[Job], key: str) -> None:
    numbers = budgets(wanted.num_train)
    done = sum(len(job.snapshot().records) for job in jobs)
    total = NUM_SEEDS * len(numbers)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            t(
                "Train the curve: {count} numbers of labels × {num_seeds} seeds",
                count=len(numbers),
                num_seeds=NUM_SEEDS,
            ),
            key=f"{key}_sweep",
            icon=":material/stacked_line_chart:",
            type="primary" if done == 0 else "secondary",
            disabled=done == total or any(job.snapshot().is_running for job in jobs),
            on_click=series.train,
            args=(phases.sweeps(wanted, NUM_SEEDS), key),
            kwargs={"skip": False},
            help=t(
                "All nine methods learn from the same labels, drawn anew with each "
                "seed. Points appear as the workers finish them."
            ),
        )
        series.show_stop(key, t("*Train the curve* goes on where it stopped."))
        st.caption(
            t("{done} of {total} points of each method", done=done, total=total)
            + _end_of(numbers[-1], wanted.num_train),
            help=t(
                "A point is one number of labels and one seed. Bands reach from the "
                "worst seed to the best; all methods are tested on the same images."
            ),
        )
    for job in jobs:
        snapshot = job.snapshot()
        if snapshot.phase == "failed":
            run_panel.show_failure(snapshot)
            return


def _end_of(most: int, num_train: int) -> str:
    """Why the curve does not reach all labels, where it does not."""
    if most == num_train:
        return ""
    return t(
        ". It ends at {most:,} labels: of all {num_train:,} an SVM learns for many minutes",
        most=most,
        num_train=num_train,
    )


def started(wanted: LabelExperiment, key: str) -> list[Job]:
    """The jobs of the curve, as far as somebody has started them."""
    experiments = phases.sweeps(wanted, NUM_SEEDS)
    return [job for job in session.other_jobs(key) if job.experiment in experiments]


def curves_of(jobs: list[Job]) -> label_figures.Curves:
    """Accuracy by arm, number of labels and seed."""
    found: dict[str, dict[int, dict[int, float]]] = {arm: {} for arm in ARMS}
    for job in jobs:
        for record in job.snapshot().records:
            count = int(record.readings["num_labels"])  # type: ignore[arg-type]
            for arm in ARMS:
                seeds = found[arm].setdefault(count, {})
                seeds[job.experiment.seed] = accuracy_of(record, arm)
    return found


def stars(wanted: LabelExperiment, key: str) -> list[tuple[int, float, str]]:
    """The best arm of every run on labels that the visitor chose."""
    own = session.job(key)
    found = []
    for job in [*session.other_jobs(key), *([own] if own else [])]:
        experiment = job.experiment
        records = job.snapshot().records
        if not isinstance(experiment, LabelExperiment) or not experiment.bought or not records:
            continue
        if experiment.encoder == wanted.encoder:
            arm, share = best_arm(records[-1])
            found.append(
                (
                    len(experiment.bought),
                    share,
                    t("labels you chose, {title}", title=t(LOOKS[arm].title)),
                )
            )
    return found
