"""Phase 1: what learns without labels, and the encoder that it leaves behind."""

import base64
import html

import streamlit as st

from components import asking, chained, look, stage, two_phases
from components.errors import say
from components.language import t
from components.mapping import sources
from components.two_phases import Classes
from core.characters.tables import LANGUAGES
from core.configs import (
    DenoisingConfig,
    SparseConfig,
    SpellerConfig,
    StackedConfig,
    VariationalConfig,
    layer_sizes,
)
from core.datasets import DIGITS, info_of
from core.experiments import ALL_LANGUAGES, Experiment, SpellingExperiment
from core.jobs import Job
from core.library import LibraryProblem
from core.pretraining import encoders
from core.pretraining.config import LabelExperiment
from core.pretraining.encoders import Encoder

PAGES = {name: sources.PAGES[name] for name in ("stacked", "sparse", "denoising", "variational")}
WIDTHS: dict = {"hidden_units": (300,), "latent_dim": 64, "batch_size": 64}
NETWORKS = {
    "denoising": DenoisingConfig(corruption="masking", corrupted_fraction=0.5, **WIDTHS),
    "stacked": StackedConfig(**WIDTHS),
    "sparse": SparseConfig(**WIDTHS | {"hidden_units": (), "latent_dim": 300}),
    "variational": VariationalConfig(**WIDTHS | {"latent_dim": 20}),
}
NUM_EPOCHS = {"denoising": 30, "stacked": 20, "sparse": 30, "variational": 20}
WORD_EPOCHS = 12
BEFORE = "Phase 1: the network learns to copy, without any label"
BEFORE_WORDS = "Phase 1: typos and right spellings learn to meet, without any label"
AFTER = "Phase 2: the decoder is gone"


def experiment_of(source: str, dataset: str) -> Experiment:
    """What this page trains in phase 1."""
    if source == "words":
        config = SpellerConfig(num_words=20_000)
        return SpellingExperiment(config=config, dataset=ALL_LANGUAGES, num_epochs=WORD_EPOCHS)
    return Experiment(
        config=NETWORKS[source], dataset=dataset, num_epochs=NUM_EPOCHS[source],
        early_stopping=False,
    )  # fmt: skip


def job_of(settings: LabelExperiment, key: str) -> Job:
    """The job of phase 1, started if it has not been.

    Raises:
        LibraryProblem: A run that is gone.
    """
    if sources.is_own(settings):
        return chained.first_job(experiment_of(settings.config.source, settings.dataset), key)
    return sources.job_named(settings.config.source, key)


def first(settings: LabelExperiment, key: str) -> Job | None:
    """The same for the panel: while it trains, or if it is one of this page."""
    try:
        job = job_of(settings, key)
    except LibraryProblem:
        return None
    return job if sources.is_own(settings) or job.snapshot().is_running else None


def is_over(settings: LabelExperiment, job: Job) -> bool:
    """Whether phase 1 has ended; a run of another page or a kept one is taken as it stands."""
    snapshot = job.snapshot()
    if sources.is_own(settings):
        return snapshot.phase in ("finished", "stopped")
    return not snapshot.is_running and job.checkpoint() is not None


def encoder_of(job: Job) -> Encoder | None:
    """The encoder as it stands; None while no worker has time."""
    answer = asking.ask(job, job.snapshot(), "encoder")
    return encoders.make(answer["weights"], answer["activations"]) if answer else None


def show_picture(settings: LabelExperiment, job: Job) -> None:
    """The two phases as a picture that moves from one to the other."""
    over, classes = is_over(settings, job), _num_classes(settings)
    before = t(BEFORE_WORDS if settings.has_words else BEFORE)
    title = t(AFTER) if over else before
    there = Classes(classes, settings.num_labels) if over else None
    svg = two_phases.draw(_sizes(job), there, title, look.colours())
    data = base64.b64encode(svg.encode()).decode()
    words = (
        t(
            "Phase 2: the decoder is gone; a softmax of {classes} classes learns "
            "from {num_labels:,} labels.",
            classes=classes,
            num_labels=settings.num_labels,
        )
        if over
        else f"{before}."
    )
    st.html(
        f'<img class="network" alt="{html.escape(words)}" src="data:image/svg+xml;base64,{data}">'
    )


def show_first(settings: LabelExperiment, job: Job) -> None:
    """What phase 1 has learned so far."""
    snapshot = job.snapshot()
    if snapshot.phase == "failed":
        st.error(say(snapshot.problem or ""), icon=":material/error:")
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
        job.look_at(("reconstructions",))
        count = info_of(job.experiment.dataset).num_train
        st.markdown(
            t(
                "**No labels yet:** {count:,} images, and the copies that it makes of them.",
                count=count,
            )
        )
        stage.show_strip(snapshot, job.experiment)


def _num_classes(settings: LabelExperiment) -> int:
    return len(LANGUAGES) if settings.has_words else len(DIGITS)


def _sizes(job: Job) -> tuple[int, ...]:
    """Widths from the input to the code."""
    experiment = job.experiment
    if isinstance(experiment, SpellingExperiment):
        return (20, 288, 192)
    sizes = layer_sizes(experiment.config, experiment.input_dim)
    return sizes[: len(experiment.config.hidden_units) + 2]
