"""Phase 1: what learns without labels, and the encoder that it leaves behind."""

import streamlit as st

from components.figures import architecture, theme, two_phases
from components.figures.drawing import show_html
from components.figures.two_phases import Classes
from components.parts.maps import sources
from components.runs import chained, run_panel, series, stage
from components.words.language import t
from core.configs import CONFIGS
from core.datasets import info_of
from core.jobs.runner import Job
from core.message import Message
from core.pretraining import encoders
from core.pretraining.encoders import Encoder
from core.pretraining.experiment import LabelExperiment, has_classes
from core.pretraining.phases import encoder_widths, phase_1
from core.queries.questions import EncoderWeights, Reconstructions
from core.spelling.experiment import SpellingExperiment
from core.store.library import LibraryProblem
from core.text.word_tables import LANGUAGES

BEFORE = Message("Phase 1: the network learns to copy, without any label")
BEFORE_WORDS = Message("Phase 1: typos and right spellings learn to meet, without any label")
AFTER = Message("Phase 2: the decoder is gone")
AFTER_WORDS = Message("Phase 2: the twin that read the typos is gone")


def begin(settings: LabelExperiment, key: str) -> None:
    """Starts phase 1, if it is one of this page, and looks at its copies as long as it trains.

    Raises:
        LibraryProblem: A run that is gone, or that has learned from other images.
    """
    if settings.config.trains:
        chained.begin_first(phase_1(settings.config.source, settings.dataset), key)
    job = job_of(settings, key)
    if not settings.has_words and not is_over(settings, job):
        job.look_at((Reconstructions(),))


def job_of(settings: LabelExperiment, key: str) -> Job:
    """The job of phase 1.

    Raises:
        LibraryProblem: A run that is gone, or that has learned from other images.
    """
    if settings.config.trains:
        begun = series.find(phase_1(settings.config.source, settings.dataset), key)
        assert begun is not None, "begun before it is drawn"
        return begun
    job = sources.job_named(settings.config.source, key)
    if not has_classes(job.experiment.dataset):
        raise LibraryProblem(
            Message(
                "That run has learned from images that have no classes here. Choose another one."
            )
        )
    return job


def offer(key: str) -> None:
    """Adds the runs whose encoders can be used here to the choice."""
    sources.offer(key, CONFIGS, has_classes)


def first(settings: LabelExperiment, key: str) -> Job | None:
    """The same for the panel: while it trains, or if it is one of this page."""
    try:
        job = job_of(settings, key)
    except LibraryProblem:
        return None
    return job if settings.config.trains or job.snapshot().is_running else None


def is_over(settings: LabelExperiment, job: Job) -> bool:
    """Whether phase 1 has ended; a run of another page or a kept one is taken as it stands."""
    snapshot = job.snapshot()
    if settings.config.trains:
        return snapshot.phase in ("finished", "stopped")
    return not snapshot.is_running and job.is_at_rest


def encoder_of(job: Job) -> Encoder | None:
    """The encoder as it stands; None while no worker has time."""
    answer = job.ask(EncoderWeights())
    return encoders.make(*answer) if answer else None


def show_picture(settings: LabelExperiment, job: Job) -> None:
    """The two phases as a picture that moves from one to the other."""
    words = settings.has_words
    if is_over(settings, job):
        there = Classes(_num_classes(job), settings.num_labels)
        title = t(AFTER_WORDS if words else AFTER)
        said = title + t(
            "; a softmax of {classes} classes learns from {num_labels:,} labels.",
            classes=there.number,
            num_labels=there.labels,
        )
    else:
        there = None
        title = t(BEFORE_WORDS if words else BEFORE)
        said = f"{title}."
    svg = two_phases.draw(encoder_widths(job.experiment), there, title, theme.colours(), twin=words)
    show_html(architecture.image_of(svg, said))


def show_first(settings: LabelExperiment, job: Job) -> None:
    """What phase 1 has learned so far."""
    snapshot = job.snapshot()
    if snapshot.phase == "failed":
        run_panel.show_failure(snapshot)
    elif settings.has_words:
        found = [record.readings["accuracy"] for record in snapshot.records]
        done = (
            t("It finds {found:.0%} of the misspelt ones again.", found=found[-1]) if found else ""
        )
        st.markdown(
            t(
                "**No labels yet:** 20,000 words of twelve languages, misspelt and "
                "corrected. {done}",
                done=done,
            )
        )
    else:
        count = info_of(job.experiment.dataset).num_train
        st.markdown(
            t(
                "**No labels yet:** {count:,} images, and the copies that it makes of them.",
                count=count,
            )
        )
        stage.show_strip(snapshot, job.experiment)


def _num_classes(job: Job) -> int:
    if isinstance(job.experiment, SpellingExperiment):
        return len(LANGUAGES)
    return info_of(job.experiment.dataset).num_classes
