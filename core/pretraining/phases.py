"""What is trained where labels are few: phase 1 without any label, and the series of phase 2.
Imports no TensorFlow.
"""

from dataclasses import replace
from typing import Any

from core.configs import (
    DenoisingConfig,
    SparseConfig,
    SpellerConfig,
    StackedConfig,
    VariationalConfig,
    layer_sizes,
    seed_after,
)
from core.experiments import Experiment
from core.pretraining.experiment import LabelExperiment, SweepExperiment, budgets
from core.spelling.experiment import ALL_LANGUAGES, SpellingExperiment

WIDTHS: dict[str, Any] = {"hidden_units": (300,), "latent_dim": 64, "batch_size": 64}
VARIATIONAL_CODES = 20  # of 64 it leaves most unused, which costs 5 to 11 points of accuracy
NETWORKS = {
    "denoising": DenoisingConfig(corruption="masking", corrupted_fraction=0.5, **WIDTHS),
    "stacked": StackedConfig(**WIDTHS),
    "sparse": SparseConfig(**WIDTHS),
    "variational": VariationalConfig(**WIDTHS | {"latent_dim": VARIATIONAL_CODES}),
}
NUM_EPOCHS, WORD_EPOCHS, NUM_WORDS = 30, 12, 20_000
SPELLER_WIDTHS = (20, 288, 192)


def phase_1(source: str, dataset: str) -> Experiment:
    """What learns without labels: an autoencoder of some kind, or "words"."""
    if source == "words":
        config = SpellerConfig(num_words=NUM_WORDS)
        return SpellingExperiment(config=config, dataset=ALL_LANGUAGES, num_epochs=WORD_EPOCHS)
    return Experiment(
        config=NETWORKS[source], dataset=dataset, num_epochs=NUM_EPOCHS, early_stopping=False,
    )  # fmt: skip


def encoder_widths(experiment: Experiment) -> tuple[int, ...]:
    """From the input to the code."""
    if isinstance(experiment, SpellingExperiment):
        return SPELLER_WIDTHS
    sizes = layer_sizes(experiment.config, experiment.input_dim)
    return sizes[: len(experiment.config.hidden_units) + 2]


def draws(wanted: LabelExperiment, count: int) -> list[LabelExperiment]:
    """Phase 2 with some draws of labels."""
    return [replace(wanted, seed=seed_after(wanted.seed, step)) for step in range(count)]


def sweeps(wanted: LabelExperiment, num_seeds: int) -> list[SweepExperiment]:
    """Accuracy by the number of labels: an experiment for each seed."""
    numbers = budgets(wanted.num_train)
    return [
        SweepExperiment(
            config=replace(wanted.config, num_labels=numbers[0]),
            dataset=wanted.dataset,
            seed=seed_after(wanted.seed, seed),
            num_epochs=len(numbers),
            encoder=wanted.encoder,
        )
        for seed in range(num_seeds)
    ]
