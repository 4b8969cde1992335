"""`label_efficiency`: pretrains once, then trains every arm on few labels."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from core.configs import AutoencoderConfig, check_seed
from core.configs.labels import LabelConfig
from core.datasets import Dataset
from core.models.trainer import epochs, load_model
from core.pretraining import arms as learners
from core.pretraining import encoders, labelled
from core.pretraining.experiment import ARMS
from core.pretraining.material import Material, of_images

NUM_EPOCHS = 20


class Row(NamedTuple):
    """One arm on one draw of labels.

    Attributes:
        arm: One of `ARMS`.
        num_labels: How many labels it learned from.
        seed: Of the draw, and of the initial weights.
        accuracy: The share of all test images that it classifies rightly.
    """

    arm: str
    num_labels: int
    seed: int
    accuracy: float


def label_efficiency(
    dataset: Dataset,
    *,
    config: AutoencoderConfig,
    arms: Sequence[str] = ARMS,
    num_labels: Sequence[int] = (100, 500, 1000),
    seeds: Sequence[int] = range(5),
    balanced: bool = True,
) -> Iterator[Row]:
    """Accuracy of every arm against the number of labels, row by row.

    An autoencoder is trained once, for 20 epochs on all training images without labels, with the
    first seed. Then all arms learn from the same labels, drawn anew with each seed:
    `pretrained_frozen` (a softmax on the codes), `pretrained_svm` (an RBF-SVM on the codes),
    `pretrained_spreading` (labels spread over the neighbours among all codes, see
    `core.pretraining.spreading`), `pretrained_fine_tuned`, `from_scratch` (the same network with
    fresh weights), and without any network `rbf_svm` and `nearest_neighbour` on raw pixels,
    `pca_logistic` and `pca_spreading` on 50 principal components.

    Args:
        config: The autoencoder of phase 1.
        balanced: Every class equally often.

    Raises:
        ValueError: An unknown arm, a seed, or a number of labels that the data cannot give; see
            `labelled.check`.
        core.engine.state.TrainingDiverged: In either phase.
    """
    for arm in arms:
        if arm not in ARMS:
            raise ValueError(f"arms must be of {', '.join(ARMS)}; received {arm!r:.60}.")
    for count in num_labels:
        labelled.check(dataset.y_train, dataset.class_names, count, balanced=balanced)
    checked = [check_seed(seed) for seed in seeds]
    if not checked or not len(num_labels):
        raise ValueError("At least one seed and one number of labels are wanted; received none.")
    draws = [(count, seed) for count in num_labels for seed in checked]
    return _rows(dataset, config, arms, draws, balanced)


def _rows(
    dataset: Dataset,
    config: AutoencoderConfig,
    arms: Sequence[str],
    draws: Sequence[tuple[int, int]],
    balanced: bool,
) -> Iterator[Row]:
    """The rows of all arms for each of `draws`: (number of labels, seed)."""
    for state, _ in epochs(config, dataset, NUM_EPOCHS, draws[0][1]):  # noqa: B007
        pass
    model = load_model(config, dataset.input_dim, state)
    material = of_images(dataset, encoders.of(model))
    for count, seed in draws:
        rows = labelled.draw(material.y_train, count, seed, balanced=balanced)
        labelled.check_rows(material.y_train[rows], material.class_names)
        for arm in arms:
            yield Row(arm, count, seed, accuracy(arm, material, rows, seed))


def accuracy(
    arm: str,
    material: Material,
    rows: np.ndarray,
    seed: int,
    learning_rate: float = LabelConfig.learning_rate,
) -> float:
    """The test accuracy of an arm that is trained on the labels of `rows`, from 0 to 1.

    Raises:
        core.engine.state.TrainingDiverged: The loss of a net is no longer a finite number.
    """
    scores = learners.fit(arm, material, rows, seed, learning_rate)
    predicted = scores(material.x_test, material.raw_test).argmax(axis=1)
    return float(np.mean(predicted == material.y_test))
