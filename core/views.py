"""What a page may ask to see of a model after every chunk: functions (model, data) -> arrays by
name.

They run where the model is; only what they return travels. Imports no TensorFlow.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.datasets import Dataset

View = Callable[[Any, Dataset], dict[str, np.ndarray]]
NUM_EXAMPLES = 10


def examples(data: Dataset, count: int = NUM_EXAMPLES) -> np.ndarray:
    """Row numbers of `count` test images: the first of every class, or the first ones where there
    are no classes.
    """
    if data.y_test is None or len(data.class_names) < count:
        return np.arange(min(count, len(data.x_test)))
    return np.array([np.argmax(data.y_test == label) for label in range(count)])


def reconstructions(model: Any, data: Dataset) -> dict[str, np.ndarray]:
    """Ten test images and what the model makes of them: x, x_hat [10, D]."""
    x = data.x_test[examples(data)]
    return {"x": x, "x_hat": np.asarray(model(x))}


VIEWS: dict[str, View] = {"reconstructions": reconstructions}
