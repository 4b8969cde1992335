"""Which penalty a run pays, in words."""

from collections.abc import Mapping

from components.words.language import t


def words(coefficients: Mapping[str, float]) -> str:
    """What it pays, in numbers."""
    l1 = coefficients["l1"]
    weight = coefficients["sparsity_weight"]
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
