"""A trained character model, and what it shows of a typed text.

N texts, K classes, W width of a text's vector, E char_embedding_dim.
"""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from core.characters.training import epochs, init_state, load_network
from core.configs.characters import CharacterConfig, is_cnn, reads_characters
from core.engine.state import Record, State
from core.text.alphabet import RAW_CHARACTERS_AN_ID, fold
from core.text.encoding import Reader, encoded
from core.text.tasks import TextTask

ROWS_AT_ONCE = 1_024


class Windows(NamedTuple):
    """Where in a text each filter of a CNN found its maximum; F filters of all widths.

    Attributes:
        widths: Letters that the filter sees, int [F].
        starts: First position of its window, int [F]; below 0 where it hangs over the beginning.
        activations: What it answered there, float [F], 0 or more.
        evidence: Its share of the log-odds of the predicted class against the mean of the classes,
            float [F].
    """

    widths: np.ndarray
    starts: np.ndarray
    activations: np.ndarray
    evidence: np.ndarray


class Classifier:
    """A trained model: its records, and what it says of any texts."""

    def __init__(
        self, config: CharacterConfig, task: TextTask, state: State, history: list[Record]
    ) -> None:
        self.config, self.state, self.history = config, state, history
        self.class_names: tuple[str, ...] = task.class_names
        self.reader: Reader = encoded(task).reader
        self.network = load_network(config, task, state)
        ids = tf.TensorSpec((None, self.network.sizes.length), tf.int32)
        words = tf.TensorSpec((None, self.network.sizes.num_slots), tf.int32)
        self._call = tf.function(self._look, autograph=False).get_concrete_function(ids, words)

    def predict(self, texts: Sequence[str]) -> np.ndarray:
        """Class probabilities, float32 [N, K]; every row sums to 1."""
        return self._run(texts)[0]

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """The vector of each text before the last layer, float32 [N, W]."""
        return self._run(texts)[1]

    def char_vectors(self) -> tuple[tuple[str, ...], np.ndarray]:
        """The known characters and their vectors, float32 [V, E], in the order of their ids.

        Raises:
            ValueError: The model reads words only.
        """
        if not reads_characters(self.config):
            raise ValueError("A word model has no vectors of characters; choose other inputs.")
        vectors = self.network.char_embedding.embeddings.numpy()
        alphabet = self.reader.alphabet
        return alphabet.characters, vectors[alphabet.first_id :]

    def characters(self, text: str) -> list[tuple[str, int | None]]:
        """The characters of the folded text with their ids, up to the last one that it reads; None
        for one that is left out.
        """
        length = self.reader.length
        characters = self.reader.alphabet.read(text)[: RAW_CHARACTERS_AN_ID * length]
        known = itertools.accumulate((i is not None for _, i in characters), initial=0)
        return [each for each, before in zip(characters, known, strict=False) if before < length]

    def occlusion(self, text: str) -> np.ndarray:
        """How much the probability of the predicted class falls when one character is removed,
        float32, one number for each character of `fold(text)`; 0 beyond those that it reads.
        """
        folded, count = fold(text), len(self.characters(text))
        without = [folded[:at] + folded[at + 1 :] for at in range(count)]
        probabilities = self.predict([folded, *without])
        drops = probabilities[0] - probabilities[1:]
        found = np.zeros(len(folded), np.float32)
        found[:count] = drops[:, probabilities[0].argmax()]
        return found

    def windows(self, text: str) -> Windows:
        """The window that each filter's maximum picked, over the characters the model reads.

        Raises:
            ValueError: The model is no character CNN.
        """
        if not is_cnn(self.config):
            raise ValueError("Only a character CNN has windows; choose that architecture.")
        ids = self.reader.alphabet.encode([text], self.network.sizes.length)
        mask = ids != 0 if self.config.mask_padding else None
        x = tf.gather(self.network.char_embedding.embeddings, ids)
        responses = np.stack([r[0] for r in self.network.responses(x, mask)])
        widths = np.repeat(self.config.kernel_sizes, self.config.filters)
        tops = responses.max(axis=1).ravel() + self.network.biases.numpy()
        activations = np.maximum(tops, 0)
        starts = responses.argmax(axis=1).ravel() - (widths - 1) // 2
        return Windows(widths, starts, activations, activations * self._pull(text)[: len(widths)])

    def _pull(self, text: str) -> np.ndarray:
        """The last layer's weights towards the predicted class, less their mean over the classes,
        float32 [W].
        """
        kernel = self.network.as_logits(self.network.output.kernel).numpy()
        return kernel[:, self.predict([text])[0].argmax()] - kernel.mean(axis=1)

    def _run(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        if isinstance(texts, str):
            raise ValueError(f"A list of texts is wanted; received one text: {texts[:40]!r}.")
        found = []
        for start in range(0, max(len(texts), 1), ROWS_AT_ONCE):
            ids = self.reader.encode(texts[start : start + ROWS_AT_ONCE], self.config.inputs)
            found.append([part.numpy() for part in self._call(*ids)])
        probabilities, vectors = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return probabilities, vectors

    def _look(self, characters: tf.Tensor, words: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        vectors = self.network.features(characters, words)
        return tf.nn.softmax(self.network.as_logits(self.network.output(vectors))), vectors


def train_classifier(
    config: CharacterConfig, task: TextTask, *, seed: int = 0, num_epochs: int | None = None
) -> Classifier:
    """Trains from scratch, as `training.train` does, and returns the finished classifier."""
    state, history = init_state(config, task, seed), []
    for state, record in epochs(config, task, seed=seed, num_epochs=num_epochs):  # noqa: B007
        history.append(record)
    return Classifier(config, task, state, history)
