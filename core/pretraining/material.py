"""What all arms learn from and are tested on: the same images or words, labels, and one encoder.

N rows, D pixels, T letters, G groups of letters, K classes, Z codes, P principal components.
"""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.datasets import Dataset
from core.message import Message
from core.pretraining import nets, words
from core.pretraining.encoders import Encoder
from core.pretraining.spreading import Graph

NUM_COMPONENTS = 50


@dataclass(frozen=True, eq=False)
class Material:
    """The data of all arms.

    Attributes:
        encoder: The pretrained one.
        x_train, x_test: The input of networks: images float32 [N, D], or words as letter ids
            uint8 [N, T].
        raw_train, raw_test: The input of the baselines: the same images, or weighted counts of
            the letter groups of words float32 [N, G].
        y_train, y_test: Classes, int [N]. An arm may read those of its labelled training rows.
        class_names: K names.
    """

    encoder: Encoder
    x_train: np.ndarray
    x_test: np.ndarray
    raw_train: np.ndarray
    raw_test: np.ndarray
    y_train: np.ndarray
    y_test: np.ndarray
    class_names: tuple[str, ...]

    @functools.cached_property
    def scale(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of every code over the training rows, float32 [Z] each."""
        codes = nets.encode(self.encoder, self.x_train)  # [N, Z]
        stddev = codes.std(axis=0)
        return codes.mean(axis=0), np.where(stddev > 1e-6, stddev, 1).astype(np.float32)

    @functools.cached_property
    def codes_test(self) -> np.ndarray:
        """The scaled codes of all test rows, float32 [N, Z]."""
        return self.codes(self.x_test)

    @functools.cached_property
    def codes_train(self) -> np.ndarray:
        """The scaled codes of all training rows, float32 [N, Z]."""
        return self.codes(self.x_train)

    @functools.cached_property
    def components_test(self) -> np.ndarray:
        """All test rows along `components`, [N, P]."""
        return np.asarray(self.components.transform(self.raw_test))

    @functools.cached_property
    def graph_of_codes(self) -> Graph:
        """Neighbours among the codes of all training rows."""
        return Graph(self.codes_train)

    @functools.cached_property
    def graph_of_components(self) -> Graph:
        """Neighbours among all training rows along `components`."""
        return Graph(self.components.transform(self.raw_train))

    def codes(self, x: np.ndarray) -> np.ndarray:
        """The scaled codes of x, float32 [N, Z]."""
        mean, stddev = self.scale
        return (nets.encode(self.encoder, x) - mean) / stddev

    @functools.cached_property
    def components(self) -> Any:
        """scikit-learn's PCA of all training rows, labelled or not."""
        from sklearn.decomposition import PCA

        num_components = min(NUM_COMPONENTS, *self.raw_train.shape)
        return PCA(num_components, random_state=0).fit(self.raw_train)


def of_images(data: Dataset, encoder: Encoder) -> Material:
    """The material of a data set with labels.

    Raises:
        ValueError: The encoder reads images of another size.
    """
    if encoder.sizes[0] != data.input_dim or encoder.activations is None:
        raise ValueError(
            Message(
                "These images have {pixels} pixels; received an encoder that reads "
                "{expected}. Choose the data on which it was trained.",
                pixels=data.input_dim,
                expected=encoder.sizes[0],
            )
        )
    no_labels = np.zeros(0, np.int64)
    return Material(
        encoder,
        x_train=data.x_train,
        x_test=data.x_test,
        raw_train=data.x_train,
        raw_test=data.x_test,
        y_train=no_labels if data.y_train is None else data.y_train,
        y_test=no_labels if data.y_test is None else data.y_test,
        class_names=data.class_names,
    )


def of_words(encoder: Encoder) -> Material:
    """The material of words in twelve languages, see `core.pretraining.words`."""
    task = words.word_task()
    return Material(encoder, *task.codes, *task.letter_groups, *task.labels, task.class_names)
