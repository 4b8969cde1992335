"""Which images are labelled. Imports no TensorFlow.

N images, K classes.
"""

from collections.abc import Sequence

import numpy as np

BATCH_SIZE = 50
NUM_RECORDS, STRETCH = 40, 25
FEWEST_EPOCHS = 30


def updates_a_record(num_labels: int) -> int:
    """Updates between two looks at networks that learn from so many labels."""
    epochs = FEWEST_EPOCHS * -(-num_labels // BATCH_SIZE)
    return STRETCH * max(1, -(-epochs // (NUM_RECORDS * STRETCH)))


def num_updates(num_labels: int) -> int:
    """How long networks are trained: 1,000 updates of 50 images; with many labels 30 epochs."""
    return NUM_RECORDS * updates_a_record(num_labels)


def draw(labels: np.ndarray, num_labels: int, seed: int, *, balanced: bool = True) -> np.ndarray:
    """The rows of `num_labels` images drawn at random, int [num_labels]: with one seed those of a
    smaller number are the first of a larger one.

    Args:
        labels: Classes, int [N].
        balanced: Every class equally often, as long as it has images; otherwise as chance has it.
    """
    rng = np.random.default_rng((seed, 1))
    order = rng.permutation(len(labels))
    if balanced:
        turn, rank = np.empty(len(labels), int), rng.random(len(labels))
        for label in np.unique(labels):
            rows = order[labels[order] == label]
            turn[rows] = np.arange(len(rows))
        order = np.lexsort((rank, turn))
    return order[:num_labels]


def check(
    labels: np.ndarray | None,
    class_names: Sequence[str],
    num_labels: int,
    *,
    balanced: bool = True,
) -> None:
    """Refuses what cannot be labelled.

    Raises:
        ValueError: No labels at all, fewer than two classes, a class without an image, more labels
            than images, or fewer than two.
    """
    labels = np.zeros(0, int) if labels is None else labels
    check_classes(len(class_names) if len(labels) else 0)
    whole = isinstance(num_labels, int | np.integer) and not isinstance(num_labels, bool)
    if not whole or not 2 <= num_labels <= len(labels):
        raise ValueError(
            f"From 2 to {len(labels):,} images of these data can be labelled; received "
            f"{num_labels!r}."
        )
    counts = np.bincount(labels, minlength=len(class_names))
    if balanced and not counts.all():
        name = class_names[int(np.argmin(counts))]
        raise ValueError(
            f"The class {name!r} has no image to label. Leave it out of the class names, or draw "
            "labels without balance."
        )


def check_classes(num_classes: int) -> None:
    """Refuses data without classes, as a ValueError."""
    if num_classes < 2:
        raise ValueError(
            f"A classifier needs images of at least two classes; received {num_classes}. "
            "Choose data with labels."
        )


def check_rows(labels: np.ndarray, class_names: Sequence[str]) -> None:
    """Refuses labelled images from which no classifier can learn.

    Raises:
        ValueError: All of them are of one class.
    """
    if len(np.unique(labels)) < 2:
        if not len(labels):
            raise ValueError(
                "A classifier needs labels of at least two classes; received none. Label more "
                "images."
            )
        raise ValueError(
            f"A classifier needs labels of at least two classes; received {len(labels)}, all of "
            f"class {class_names[labels[0]]!r}. Label more images."
        )
