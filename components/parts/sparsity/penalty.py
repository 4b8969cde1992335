"""Which penalty a run pays, and the same run paying another one."""

from collections.abc import Mapping

from components.runs import series
from components.words.language import t
from core.experiments import Experiment

USUAL_L1, USUAL_WEIGHT = 1e-4, 5e-3


def kind(coefficients: Mapping[str, float]) -> str:
    """ "L1", "KL", "L1 and KL" or "none"."""
    by_l1, by_kl = coefficients["l1"] > 0, coefficients["sparsity_weight"] > 0
    return "L1 and KL" if by_l1 and by_kl else "L1" if by_l1 else "KL" if by_kl else "none"


def words(coefficients: Mapping[str, float]) -> str:
    """What it pays, in numbers."""
    l1, weight = coefficients["l1"], coefficients["sparsity_weight"]
    by_l1 = [f"λ {l1:g}"] if l1 else []
    by_kl = (
        [
            t(
                "target {sparsity_target:g}, weight {weight:g}",
                sparsity_target=coefficients["sparsity_target"],
                weight=weight,
            )
        ]
        if weight
        else []
    )
    return " · ".join(by_l1 + by_kl) or t("no penalty")


def with_kind(experiment: Experiment, wanted: str) -> Experiment:
    """The same experiment from the start with L1 alone, KL alone, or none, as strong as the knobs
    stand, else as usual.

    Raises:
        ValueError: KL on codes that are no sigmoids.
    """
    now = standing(experiment)
    l1 = (now["l1"] or USUAL_L1) if wanted == "L1" else 0.0
    by_kl = {"sparsity_weight": now["sparsity_weight"] or USUAL_WEIGHT}
    no_kl = {"sparsity_weight": 0.0, "sparsity_target": type(experiment.config).sparsity_target}
    return series.changed(experiment, now | {"l1": l1} | (by_kl if wanted == "KL" else no_kl))


def standing(experiment: Experiment) -> dict[str, float]:
    """The live knobs as they stand after the last move."""
    moved = {move.name: move.value for move in experiment.moves}
    return experiment.config.coefficients() | moved
