"""Who pretrains best: encoders of all kinds, the same labels, the same arms."""

import dataclasses
from typing import Any

import streamlit as st

from components.figures import label_figures, theme
from components.figures.drawing import show_figure
from components.parts.labels import panel, phases
from components.runs import run_panel, series, stage
from components.streamlit_adapter import session
from components.words.language import t
from core.experiments import Experiment
from core.jobs.runner import Job
from core.pretraining.experiment import PRETRAINED, LabelExperiment
from core.pretraining.phases import draws, encoder_widths, phase_1

KINDS = {
    "stacked": "plain",
    "sparse": "sparse",
    "denoising": "denoising",
    "variational": "variational",
}
YOURS = "yours"
NUM_SEEDS = 3
Plan = dict[str, list[LabelExperiment]]


def show(settings: LabelExperiment, key: str) -> None:
    """A button that trains one of each kind, and what classifiers make of their codes."""
    found = panel.current(settings, key)
    if found is None:
        stage.show_waiting(
            t(
                "A comparison of the encoders for pretraining will appear here. Phase 1 "
                "must end first."
            )
        )
        return
    wanted = dataclasses.replace(found[0], bought=())
    if wanted.has_words:
        st.info(t("Words have one kind of encoder here. Choose images."), icon=":material/info:")
        return
    begun = _is_begun(wanted, key)
    firsts = _firsts(wanted, key)
    plan = _plan(wanted, firsts, key)
    jobs = _jobs(plan, firsts, key)
    _show_buttons(wanted, begun, jobs, key)
    for snapshot in {each.problem: each for each in (job.snapshot() for job in jobs)}.values():
        run_panel.show_failure(snapshot)
    _draw(wanted, plan, jobs, key)
    st.caption(_progress(firsts))


def runs(settings: LabelExperiment, key: str) -> list[Experiment]:
    """What is still to be begun of a comparison that somebody has asked for: nothing as long as
    something of it has been stopped.
    """
    found = panel.current(settings, key)
    if found is None:
        return []
    wanted = dataclasses.replace(found[0], bought=())
    if wanted.has_words or not _is_begun(wanted, key):
        return []
    firsts = _firsts(wanted, key)
    plan = _plan(wanted, firsts, key)
    if _resting(_jobs(plan, firsts, key)):
        return []
    known = [job.experiment for job in _known(key)]
    everything = [phase_1(kind, wanted.dataset) for kind in KINDS]
    everything += [each for draws in plan.values() for each in draws]
    return [each for each in everything if each not in known]


def _is_begun(wanted: LabelExperiment, key: str) -> bool:
    return session.widget_value(f"{key}_kinds", None) == wanted.dataset


def _firsts(wanted: LabelExperiment, key: str) -> dict[str, Job]:
    """The networks of the comparison that have begun, by kind."""
    if not _is_begun(wanted, key):
        return {}
    found = {kind: series.find(phase_1(kind, wanted.dataset), key) for kind in KINDS}
    return {kind: job for kind, job in found.items() if job}


def _plan(wanted: LabelExperiment, firsts: dict[str, Job], key: str) -> Plan:
    """What is learned on the codes of each encoder, as soon as it is there."""
    plan = {}
    for kind, job in firsts.items():
        config = dataclasses.replace(wanted.config, source=kind)
        over = job.snapshot().phase in ("finished", "stopped")
        encoder = phases.encoder_of(job) if over else None
        if encoder:
            session.page(key).encoders.add(encoder)
            there = dataclasses.replace(wanted, config=config, encoder=encoder.name)
            plan[KINDS[kind]] = draws(there, NUM_SEEDS)
    if _is_begun(wanted, key) and wanted.config.source not in KINDS:
        plan[YOURS] = draws(wanted, NUM_SEEDS)
    return plan


def _jobs(plan: Plan, firsts: dict[str, Job], key: str) -> list[Job]:
    """The jobs of a plan that have begun."""
    known = {job.experiment: job for job in _known(key)}
    wanted = [each for draws in plan.values() for each in draws]
    return [*firsts.values(), *(known[each] for each in wanted if each in known)]


def _known(key: str) -> list[Job]:
    own = session.job(key)
    return [*session.other_jobs(key), *([own] if own else [])]


def _resting(jobs: list[Job]) -> list[Job]:
    return [job for job in jobs if job.snapshot().phase == "paused"]


def _show_buttons(wanted: LabelExperiment, begun: bool, jobs: list[Job], key: str) -> None:
    resting = _resting(jobs)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            t("Train one of each kind"),
            key=f"{key}_kinds_train",
            icon=":material/stacked_line_chart:",
            disabled=begun and not resting,
            on_click=_begin,
            args=(wanted.dataset, resting, key),
            help=t(
                "A plain, a sparse, a denoising and a variational autoencoder learn "
                "from all images without labels; then classifiers learn from "
                "{num_labels:,} labels on each of them, {num_seeds} draws.",
                num_labels=wanted.num_labels,
                num_seeds=NUM_SEEDS,
            ),
        )
        series.show_stop(key, t("*Train one of each kind* goes on where it stopped."))


def _begin(dataset: str, resting: list[Job], key: str) -> None:
    """Begins, or goes on after a stop."""
    session.set_widget(f"{key}_kinds", dataset)
    for job in resting:
        job.play()


def _draw(wanted: LabelExperiment, plan: Plan, jobs: list[Job], key: str) -> None:
    accuracies = {
        title: _of_runs([job for job in jobs if job.experiment in draws])
        for title, draws in plan.items()
    }
    if not any(seeds for arms in accuracies.values() for seeds in arms.values()):
        stage.show_waiting(t("One dot per encoder, method and seed will appear here."))
        return
    figure = label_figures.make_kinds(accuracies, wanted.num_labels, theme.colours())
    alt = t("Accuracy of classifiers on the codes of each kind of autoencoder, one dot per seed.")
    show_figure(figure, key=f"{key}_kinds_figure", alt=alt)


def _of_runs(jobs: list[Job]) -> dict[str, dict[int, float]]:
    """Accuracy by arm and seed, as far as it is known."""
    found: dict[str, Any] = {arm: {} for arm in (*PRETRAINED, "rbf_svm")}
    for job in jobs:
        snapshot = job.snapshot()
        if snapshot.phase == "finished" and snapshot.records:
            for arm, seeds in found.items():
                seeds[job.experiment.seed] = snapshot.records[-1].readings[arm]
    return found


def _progress(firsts: dict[str, Job]) -> str:
    """How far phase 1 has come, kind by kind, and how large the networks are."""
    parts = [
        t(
            "{kind} ({sizes}): epoch {epoch} of {num_epochs}",
            kind=t(KINDS[kind]),
            sizes="-".join(map(str, encoder_widths(job.experiment))),
            epoch=len(job.snapshot().records),
            num_epochs=job.experiment.num_epochs,
        )
        for kind, job in firsts.items()
    ]
    said = " · ".join(parts)
    return said and t(
        "{said}. All have one hidden layer; the variational one gets fewer codes, for it leaves "
        "the others unused. SVM raw is the same for all: it sees no codes.",
        said=said,
    )
