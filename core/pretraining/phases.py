"""The experiments of learning from few labels: phase 1 without any label, the series of phase 2.
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
from core.spelling.word_lists import LONGEST_WORD, NUM_FROM_ALL

WIDTHS: dict[str, Any] = {"hidden_units": (300,), "latent_dim": 64, "batch_size": 64}
VARIATIONAL_CODES = 20  # of 64 it leaves most unused, which costs 5 to 11 points of accuracy
NETWORKS = {
    "denoising": DenoisingConfig(corruption="masking", corrupted_fraction=0.5, **WIDTHS),
    "stacked": StackedConfig(**WIDTHS),
    "sparse": SparseConfig(**WIDTHS),
    "variational": VariationalConfig(**WIDTHS | {"latent_dim": VARIATIONAL_CODES}),
}
NUM_EPOCHS = 30
WORD_EPOCHS = 12
SPELLER_WIDTHS = (LONGEST_WORD, 288, 192)
"""Letters of a word, its summary by the filters, its vector; see `core.spelling.network`."""


def phase_1(source: str, dataset: str) -> Experiment:
    """The experiment that learns without labels: of an autoencoder of `NETWORKS`, or of a speller
    for the source "words".
    """
    if source == "words":
        config = SpellerConfig(num_words=NUM_FROM_ALL)
        return SpellingExperiment(config=config, dataset=ALL_LANGUAGES, num_epochs=WORD_EPOCHS)
    return Experiment(
        config=NETWORKS[source], dataset=dataset, num_epochs=NUM_EPOCHS, early_stopping=False,
    )  # fmt: skip


def encoder_widths(experiment: Experiment) -> tuple[int, ...]:
    """The widths of the layers of an encoder from the input to the code."""
    if isinstance(experiment, SpellingExperiment):
        return SPELLER_WIDTHS
    sizes = layer_sizes(experiment.config, experiment.input_dim)
    return sizes[: len(experiment.config.hidden_units) + 2]


def draws(experiment: LabelExperiment, count: int) -> list[LabelExperiment]:
    """The experiment with `count` different draws of labels."""
    return [replace(experiment, seed=seed_after(experiment.seed, shift)) for shift in range(count)]


def sweeps(experiment: LabelExperiment, num_seeds: int) -> list[SweepExperiment]:
    """The sweeps over numbers of labels that belong to an experiment, one for each seed."""
    numbers = budgets(experiment.num_train)
    return [
        SweepExperiment(
            config=replace(experiment.config, num_labels=numbers[0]),
            dataset=experiment.dataset,
            seed=seed_after(experiment.seed, shift),
            num_epochs=len(numbers),
            encoder=experiment.encoder,
        )
        for shift in range(num_seeds)
    ]
