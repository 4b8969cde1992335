"""Few labels: what unsupervised pretraining buys. Imports no TensorFlow before the experiment is
asked for.
"""

from typing import Any

from core.pretraining.experiment import ARMS

__all__ = ["ARMS", "label_efficiency"]


def __getattr__(name: str) -> Any:
    """Imports what needs TensorFlow when it is first used."""
    if name != "label_efficiency":
        raise AttributeError(f"core.pretraining has no {name!r}.")
    from core.pretraining.efficiency import label_efficiency

    return label_efficiency
