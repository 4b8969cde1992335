"""Variants of an experiment to compare it with: the same data, seed and length, another code size,
penalty, corruption, or beta. Imports no TensorFlow.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from core import families
from core.configs import Corruption, DenoisingConfig, StackedConfig
from core.experiments import Experiment
from core.knobs import defaults, params

SIZES = (1, 2, 5, 10, 20, 50, 100, 256)
BETAS = (0.1, 0.5, 1.0, 4.0, 16.0)
USUAL_L1 = 1e-4
USUAL_SPARSITY_WEIGHT = 5e-3
NO_CORRUPTION: Corruption = ("masking", 0.0)
USUAL_LEVELS = {"gaussian": 0.4, "masking": 0.5, "dropout": 0.5, "salt_and_pepper": 0.25}
CORRUPTIONS: tuple[Corruption, ...] = (
    NO_CORRUPTION,
    ("gaussian", 0.2),
    ("gaussian", 0.4),
    ("gaussian", 1.0),
    ("masking", 0.5),
    ("dropout", 0.5),
    ("salt_and_pepper", 0.25),
)


class Penalties(NamedTuple):
    """Values of a knob of the sparse autoencoder, and the values of other knobs with them."""

    knob: str
    values: tuple[float, ...]
    others: dict[str, float]


PENALTIES = {
    each.knob: each
    for each in (
        Penalties("l1", (1e-5, 3e-5, 1e-4, 3e-4, 1e-3), {"sparsity_weight": 0.0}),
        Penalties("sparsity_target", (0.02, 0.05, 0.1, 0.2, 0.3), {"l1": 0.0}),
        Penalties("sparsity_weight", (1e-4, 1e-3, 5e-3, 2e-2, 0.1), {"l1": 0.0}),
    )
}


def changed(experiment: Experiment, knobs: Mapping[str, Any]) -> Experiment:
    """The experiment with other values of knobs, by name, and without its moves.

    Raises:
        ValueError: A sentence about the first impossible value.
    """
    values = families.values_of(experiment) | dict(knobs)
    return families.make(type(experiment.config), values)


def latest_coefficients(experiment: Experiment) -> dict[str, float]:
    """The live knobs after the last move, by name."""
    moved = {move.name: move.value for move in experiment.moves}
    return experiment.config.coefficients() | moved


def of_other_sizes(experiment: Experiment) -> list[Experiment]:
    """The experiment with each other latent_dim of `SIZES` that is smaller than the input."""
    return [
        changed(experiment, {"latent_dim": size})
        for size in SIZES
        if size < experiment.input_dim and size != experiment.config.latent_dim
    ]


def with_betas(experiment: Experiment) -> list[Experiment]:
    """The experiment with each beta of `BETAS`."""
    return [changed(experiment, {"beta": beta}) for beta in BETAS]


def without_latent_loss(experiment: Experiment) -> Experiment:
    """The plain autoencoder of the same layers and loss: no sampling and no latent loss."""
    values = families.values_of(experiment)
    shared = {*params(StackedConfig), *params(Experiment)}
    return families.make(StackedConfig, {name: values[name] for name in values if name in shared})


def penalty_of(coefficients: Mapping[str, float]) -> str:
    """The penalties with a weight above 0: "L1", "KL", "L1 and KL" or "none"."""
    has_l1 = coefficients["l1"] > 0
    has_kl = coefficients["sparsity_weight"] > 0
    if has_l1 and has_kl:
        return "L1 and KL"
    if has_l1:
        return "L1"
    return "KL" if has_kl else "none"


def with_penalty(experiment: Experiment, wanted: str) -> Experiment:
    """The experiment with "L1" alone, "KL" alone, or "none" from its start; with the present weight
    of that penalty, or where it is 0, the usual one.

    Raises:
        ValueError: KL on codes that are no sigmoids.
    """
    present = latest_coefficients(experiment)
    l1 = (present["l1"] or USUAL_L1) if wanted == "L1" else 0.0
    with_kl = {"sparsity_weight": present["sparsity_weight"] or USUAL_SPARSITY_WEIGHT}
    no_kl = {"sparsity_weight": 0.0, "sparsity_target": type(experiment.config).sparsity_target}
    return changed(experiment, present | {"l1": l1} | (with_kl if wanted == "KL" else no_kl))


def with_penalties(experiment: Experiment, knob: str) -> list[Experiment]:
    """The experiment with each value of a knob of `PENALTIES`."""
    series = PENALTIES[knob]
    common = latest_coefficients(experiment)
    if knob == "sparsity_target":
        common["sparsity_weight"] = common["sparsity_weight"] or USUAL_SPARSITY_WEIGHT
    return [changed(experiment, common | series.others | {knob: value}) for value in series.values]


def corruption_of(experiment: Experiment, update: int) -> Corruption:
    """The corruption of the training images of a run at an update."""
    config: DenoisingConfig = experiment.config
    return config.corruption, experiment.coefficients_at(update)[config.level_knob]


def with_corruption(experiment: Experiment, corruption: Corruption) -> Experiment:
    """The experiment with another corruption from its start, and without its moves."""
    kind, level = corruption
    names = {level_knob(each) for each in USUAL_LEVELS}
    levels = {name: defaults(DenoisingConfig)[name] for name in names} | {level_knob(kind): level}
    config = replace(experiment.config, corruption=kind, **levels)
    return replace(experiment, config=config, moves=())


def without_corruption(experiment: Experiment) -> Experiment:
    """The experiment without corruption: a plain autoencoder of the same network.

    Always masking with fraction 0, so that experiments with different corruptions share one run.
    """
    return with_corruption(experiment, NO_CORRUPTION)


def corruption_of_each_kind(config: DenoisingConfig) -> tuple[Corruption, ...]:
    """Every kind of corruption at the level that the config has for it, or where that is 0, the
    usual one.
    """
    levels = {"gaussian": config.corruption_stddev}
    return tuple(
        (kind, levels.get(kind, config.corrupted_fraction) or usual)
        for kind, usual in USUAL_LEVELS.items()
    )


def level_knob(kind: str) -> str:
    """The name of the knob that holds the level of a kind of corruption."""
    return DenoisingConfig(corruption=kind).level_knob
