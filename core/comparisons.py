"""Autoencoders to compare another one with: the same data, seed and length, another size, penalty,
noise, or weight of the latent loss. Imports no TensorFlow.
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
USUAL_L1, USUAL_SPARSITY_WEIGHT = 1e-4, 5e-3
NO_NOISE: Corruption = ("masking", 0.0)
USUAL_LEVELS = {"gaussian": 0.4, "masking": 0.5, "dropout": 0.5, "salt_and_pepper": 0.25}
CORRUPTIONS: tuple[Corruption, ...] = (
    NO_NOISE,
    ("gaussian", 0.2),
    ("gaussian", 0.4),
    ("gaussian", 1.0),
    ("masking", 0.5),
    ("dropout", 0.5),
    ("salt_and_pepper", 0.25),
)


class Penalties(NamedTuple):
    """Values of a knob of the sparse autoencoder, and the knobs that go with them."""

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
    """The same experiment with other knobs, as if nothing had moved.

    Raises:
        ValueError: A sentence about what is impossible.
    """
    values = families.values_of(experiment) | dict(knobs)
    return families.make(type(experiment.config), values)


def standing(experiment: Experiment) -> dict[str, float]:
    """The live knobs as they stand after the last move."""
    moved = {move.name: move.value for move in experiment.moves}
    return experiment.config.coefficients() | moved


def of_other_sizes(experiment: Experiment) -> list[Experiment]:
    """With codes of other sizes, smaller than the input."""
    return [
        changed(experiment, {"latent_dim": size})
        for size in SIZES
        if size < experiment.input_dim and size != experiment.config.latent_dim
    ]


def with_betas(experiment: Experiment) -> list[Experiment]:
    """With each weight of the latent loss."""
    return [changed(experiment, {"beta": beta}) for beta in BETAS]


def without_clouds(experiment: Experiment) -> Experiment:
    """The plain autoencoder of the same layers and loss: no cloud and no latent loss."""
    values = families.values_of(experiment)
    known = {*params(StackedConfig), *params(Experiment)}
    return families.make(StackedConfig, {name: values[name] for name in values if name in known})


def penalty_of(coefficients: Mapping[str, float]) -> str:
    """ "L1", "KL", "L1 and KL" or "none"."""
    by_l1, by_kl = coefficients["l1"] > 0, coefficients["sparsity_weight"] > 0
    return "L1 and KL" if by_l1 and by_kl else "L1" if by_l1 else "KL" if by_kl else "none"


def with_penalty(experiment: Experiment, wanted: str) -> Experiment:
    """From the start with L1 alone, KL alone, or none, as strong as the knobs stand, else as usual.

    Raises:
        ValueError: KL on codes that are no sigmoids.
    """
    now = standing(experiment)
    l1 = (now["l1"] or USUAL_L1) if wanted == "L1" else 0.0
    by_kl = {"sparsity_weight": now["sparsity_weight"] or USUAL_SPARSITY_WEIGHT}
    no_kl = {"sparsity_weight": 0.0, "sparsity_target": type(experiment.config).sparsity_target}
    return changed(experiment, now | {"l1": l1} | (by_kl if wanted == "KL" else no_kl))


def with_penalties(experiment: Experiment, knob: str) -> list[Experiment]:
    """With each value of a knob of the penalties, see `PENALTIES`."""
    series, now = PENALTIES[knob], standing(experiment)
    weight = now["sparsity_weight"] or USUAL_SPARSITY_WEIGHT
    usual = {"sparsity_weight": weight} if knob == "sparsity_target" else {}
    return [
        changed(experiment, now | usual | series.others | {knob: value}) for value in series.values
    ]


def corruption_of(experiment: Experiment, update: int) -> Corruption:
    """What the training images of a run are corrupted with at an update."""
    config: DenoisingConfig = experiment.config
    return config.corruption, experiment.coefficients_at(update)[config.level_knob]


def with_corruption(experiment: Experiment, corruption: Corruption) -> Experiment:
    """With another corruption from the start."""
    kind, level = corruption
    names = {level_knob(each) for each in USUAL_LEVELS}
    levels = {name: defaults(DenoisingConfig)[name] for name in names} | {level_knob(kind): level}
    config = replace(experiment.config, corruption=kind, **levels)
    return replace(experiment, config=config, moves=())


def without_noise(experiment: Experiment) -> Experiment:
    """The plain autoencoder of the same network.

    Masking of no pixel, whatever the noise is: so one run stands beside all kinds of noise.
    """
    return with_corruption(experiment, NO_NOISE)


def level_knob(kind: str) -> str:
    """The name of the knob that says how much a kind of corruption does."""
    return DenoisingConfig(corruption=kind).level_knob
