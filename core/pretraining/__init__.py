"""Learning from few labels, with and without unsupervised pretraining. Imports no TensorFlow before
`label_efficiency` is used.
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
