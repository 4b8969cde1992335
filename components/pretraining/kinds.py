"""Who pretrains best: encoders of all kinds, the same labels, the same arms."""

import dataclasses
from typing import Any

import streamlit as st

from components import chained, figures, label_figures, look, series, session, stage
from components.errors import say
from components.language import t
from components.pretraining import panel, phases
from core.jobs import Job
from core.pretraining.config import PRETRAINED, LabelExperiment

KINDS = {
    "stacked": "plain",
    "sparse": "sparse",
    "denoising": "denoising",
    "variational": "variational",
}
NUM_SEEDS = 3


def show(settings: LabelExperiment, key: str) -> None:
    """A button that trains one of each kind, and what classifiers make of their codes."""
    found = panel.current(settings, key)
    if found is None:
        stage.show_waiting(t("Who pretrains best will stand here. Phase 1 must end first."))
        return
    wanted, _ = found
    if wanted.has_words:
        st.info(t("Words have one kind of encoder here. Choose images."), icon=":material/info:")
        return
    begun = session.widget_value(f"{key}_kinds", None) == wanted.dataset
    firsts = {
        kind: chained.first_job(phases.experiment_of(kind, wanted.dataset), key) for kind in KINDS
    } if begun else {}  # fmt: skip
    _show_buttons(wanted, begun, key)
    for job in firsts.values():
        snapshot = job.snapshot()
        if snapshot.phase == "failed":
            st.error(say(snapshot.problem or ""), icon=":material/error:")
    accuracies = {KINDS[kind]: _accuracies(wanted, job, kind, key) for kind, job in firsts.items()}
    if begun and wanted.config.source not in KINDS:
        own = [_second(wanted, wanted.encoder, seed, key) for seed in range(NUM_SEEDS)]
        accuracies["yours"] = _of_runs(own)
    if any(accuracies.values()):
        figure = label_figures.make_kinds(accuracies, wanted.num_labels, look.colours())
        alt = t("Accuracy of classifiers on the codes of each kind of autoencoder, a dot a seed.")
        st.plotly_chart(figure, key=f"{key}_kinds_figure", config=figures.CONFIG, alt=alt)
    else:
        stage.show_waiting(t("A dot will arrive here for each encoder, arm and seed."))
    st.caption(_progress(firsts))


def _show_buttons(wanted: LabelExperiment, begun: bool, key: str) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            t("Train one of each kind"),
            key=f"{key}_kinds_train",
            icon=":material/stacked_line_chart:",
            disabled=begun,
            on_click=session.set_widget,
            args=(f"{key}_kinds", wanted.dataset),
            help=t(
                "A plain, a sparse, a denoising and a variational autoencoder learn "
                "from all images without labels; then classifiers learn from "
                "{num_labels:,} labels on each of them, {num_seeds} draws.",
                num_labels=wanted.num_labels,
                num_seeds=NUM_SEEDS,
            ),
        )
        series.show_stop(key)


def _accuracies(
    wanted: LabelExperiment, first: Job, kind: str, key: str
) -> dict[str, dict[int, float]]:
    """Accuracy by arm and seed on the codes of one kind, as far as it is known."""
    if first.snapshot().phase not in ("finished", "stopped"):
        return {}
    encoder = phases.encoder_of(first)
    if encoder is None:
        return {}
    session.keep_encoder(key, encoder)
    config = dataclasses.replace(wanted.config, source=kind)
    there = dataclasses.replace(wanted, config=config, bought=())
    return _of_runs([_second(there, encoder.name, seed, key) for seed in range(NUM_SEEDS)])


def _second(wanted: LabelExperiment, encoder: str, seed: int, key: str) -> Job:
    experiment = dataclasses.replace(
        wanted, encoder=encoder, seed=wanted.seed + seed, bought=(), moves=()
    )
    own = session.job(key)
    return own if own and own.experiment == experiment else series.job_of(experiment, key)


def _of_runs(jobs: list[Job]) -> dict[str, dict[int, float]]:
    found: dict[str, Any] = {arm: {} for arm in (*PRETRAINED, "rbf_svm")}
    for job in jobs:
        snapshot = job.snapshot()
        if snapshot.phase == "finished" and snapshot.records:
            for arm, seeds in found.items():
                seeds[job.experiment.seed] = snapshot.records[-1].readings[arm]
    return found


def _progress(firsts: dict[str, Job]) -> str:
    """How far phase 1 has come, kind by kind."""
    parts = [
        t(
            "{kind}: epoch {epoch} of {num_epochs}",
            kind=t(KINDS[kind]),
            epoch=len(job.snapshot().records),
            num_epochs=job.experiment.num_epochs,
        )
        for kind, job in firsts.items()
    ]
    said = " · ".join(parts)
    return t("{said}. SVM raw is the same for all: it sees no codes.", said=said) if said else ""
