"""The choice of the labelled images, and how long networks learn from them. Imports no TensorFlow.

N images, K classes.
"""

from collections.abc import Sequence

import numpy as np

from core.configs.labels import LabelConfig
from core.message import Message

BATCH_SIZE = LabelConfig.batch_size
NUM_RECORDS = 40
UPDATES_AT_ONCE = 25
MIN_EPOCHS = 30


def updates_a_record(num_labels: int) -> int:
    """Updates between two records of a training on `num_labels` labels."""
    updates = MIN_EPOCHS * -(-num_labels // BATCH_SIZE)
    return UPDATES_AT_ONCE * max(1, -(-updates // (NUM_RECORDS * UPDATES_AT_ONCE)))


def num_updates(num_labels: int) -> int:
    """Updates of a whole training: 1,000 of 50 images; with many labels as many as 30 epochs."""
    return NUM_RECORDS * updates_a_record(num_labels)


def draw(labels: np.ndarray, num_labels: int, seed: int, *, balanced: bool = True) -> np.ndarray:
    """The rows of `num_labels` images drawn at random, int [num_labels]: with one seed those of a
    smaller number are the first of a larger one.

    Args:
        labels: Classes, int [N].
        balanced: Every class equally often, as long as it has images; otherwise uniformly.
    """
    rng = np.random.default_rng((seed, 1))
    order = rng.permutation(len(labels))
    if balanced:
        rank = np.empty(len(labels), int)  # [N], the rank of an image in its class
        tie_break = rng.random(len(labels))  # [N]
        for label in np.unique(labels):
            rows = order[labels[order] == label]
            rank[rows] = np.arange(len(rows))
        order = np.lexsort((tie_break, rank))
    return order[:num_labels]


def check(
    labels: np.ndarray | None,
    class_names: Sequence[str],
    num_labels: int,
    *,
    balanced: bool = True,
) -> None:
    """Refuses a number of labels that the data cannot give.

    Raises:
        ValueError: No labels at all, fewer than two classes, a class without an image, more labels
            than images, or fewer than two.
    """
    labels = np.zeros(0, int) if labels is None else labels
    check_classes(len(class_names) if len(labels) else 0)
    whole = isinstance(num_labels, int | np.integer) and not isinstance(num_labels, bool)
    if not whole or not 2 <= num_labels <= len(labels):
        raise ValueError(
            Message(
                "From 2 to {count:,} images of these data can be labelled; received {received!r}.",
                count=len(labels),
                received=num_labels,
            )
        )
    counts = np.bincount(labels, minlength=len(class_names))
    if balanced and not counts.all():
        name = class_names[int(np.argmin(counts))]
        raise ValueError(
            Message(
                "The class {name!r} has no image to label. Leave it out of the class names, "
                "or draw labels without balance.",
                name=name,
            )
        )


def check_classes(num_classes: int) -> None:
    """Refuses data without classes.

    Raises:
        ValueError: Fewer than two classes.
    """
    if num_classes < 2:
        raise ValueError(
            Message(
                "A classifier needs images of at least two classes; received {count}. "
                "Choose data with labels.",
                count=num_classes,
            )
        )


def check_rows(labels: np.ndarray, class_names: Sequence[str]) -> None:
    """Refuses labelled images from which no classifier can learn.

    Raises:
        ValueError: None at all, or all of them of one class.
    """
    if len(np.unique(labels)) < 2:
        if not len(labels):
            raise ValueError(
                Message(
                    "A classifier needs labels of at least two classes; received none. Label "
                    "more images."
                )
            )
        raise ValueError(
            Message(
                "A classifier needs labels of at least two classes; received {count}, all "
                "of class {name!r}. Label more images.",
                count=len(labels),
                name=class_names[labels[0]],
            )
        )
