"""Character models: tasks, classifiers, typos, a speller. Imports no TensorFlow before a heavy name
is asked for.
"""

import importlib
from typing import Any

from core.text.tasks import (
    TASKS,
    TextTask,
    load_task,
)
from core.text.typos import add_typos

__all__ = [
    "TASKS",
    "Classifier",
    "Speller",
    "TextTask",
    "add_typos",
    "load_task",
    "train",
    "train_classifier",
]

_HEAVY = {
    "Classifier": "core.characters.classifier",
    "Speller": "core.spelling.speller",
    "train": "core.characters.training",
    "train_classifier": "core.characters.classifier",
}


def __getattr__(name: str) -> Any:
    """Imports what needs TensorFlow when it is first used."""
    if name not in _HEAVY:
        raise AttributeError(f"core.characters has no {name!r}.")
    return getattr(importlib.import_module(_HEAVY[name]), name)
