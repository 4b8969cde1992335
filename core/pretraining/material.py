"""What all arms learn from and are tested on: the same images or words, labels, and one encoder.

N rows, D pixels, K classes, Z codes.
"""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.datasets import Dataset
from core.pretraining import nets, words
from core.pretraining.encoders import Encoder
from core.pretraining.spreading import Graph

NUM_COMPONENTS = 50


@dataclass(frozen=True, eq=False)
class Material:
    """Attributes:
    encoder: The pretrained one.
    x_train, x_test: What networks read: images float32 [N, D], or words as letter ids.
    raw_train, raw_test: What the baselines read: the same images, or counts of the letter groups
        of words.
    y_train, y_test: Classes, int [N]. Labels of the training rows are only for those that have
        been paid for.
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
        codes = nets.encode(self.encoder, self.x_train)
        spread = codes.std(axis=0)
        return codes.mean(axis=0), np.where(spread > 1e-6, spread, 1).astype(np.float32)

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
        """All test rows along `components`."""
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
        """Scaled codes of what networks read, float32 [N, Z]."""
        mean, spread = self.scale
        return (nets.encode(self.encoder, x) - mean) / spread

    @functools.cached_property
    def components(self) -> Any:
        """PCA of everything that is not labelled either, as scikit-learn fits it."""
        from sklearn.decomposition import PCA

        most = min(NUM_COMPONENTS, *self.raw_train.shape)
        return PCA(most, random_state=0).fit(self.raw_train)


def of_images(data: Dataset, encoder: Encoder) -> Material:
    """The material of a data set with labels.

    Raises:
        ValueError: The encoder reads images of another size.
    """
    if encoder.sizes[0] != data.input_dim or encoder.activations is None:
        raise ValueError(
            f"These images have {data.input_dim} pixels; received an encoder that reads "
            f"{encoder.sizes[0]}. Choose the data on which it was trained."
        )
    names, found = data.class_names, (data.x_train, data.x_test, data.x_train, data.x_test)
    none = np.zeros(0, np.int64)
    y_train, y_test = (none if y is None else y for y in (data.y_train, data.y_test))
    return Material(encoder, *found, y_train, y_test, names)


def of_words(encoder: Encoder) -> Material:
    """The material of words in twelve languages, see `core.pretraining.words`."""
    task = words.task()
    found = (*task.codes, *task.letter_groups)
    return Material(encoder, *found, *task.labels, task.class_names)
