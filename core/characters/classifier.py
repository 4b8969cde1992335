"""A trained character model, its answers to any text, and what explains them.

N texts, T characters, M words, K classes, W width of a text's vector, C char_embedding_dim,
V known characters, F filters of all widths.
"""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from core.characters.training import epochs, init_state, load_network
from core.configs.characters import CharacterConfig, is_cnn, reads_characters
from core.engine.state import Record, State
from core.message import Message
from core.text.alphabet import RAW_CHARACTERS_AN_ID, fold
from core.text.encoding import Reader, encoded
from core.text.tasks import TextTask

ROWS_AT_ONCE = 1_024


class Windows(NamedTuple):
    """Where in a text each filter of a CNN has its maximum.

    Attributes:
        widths: Characters in the filter's window, int [F].
        starts: Position of the window's first character, int [F]; below 0 where the window begins
            in the padding before the text.
        activations: The filter's output there, after bias and relu, float [F].
        evidence: Its summand of the log-odds of the predicted class against the mean of the
            classes, float [F].
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
        self.config = config
        self.state = state
        self.history = history
        self.class_names: tuple[str, ...] = task.class_names
        self.reader: Reader = encoded(task).reader
        self.network = load_network(config, task, state)
        ids = tf.TensorSpec((None, self.network.sizes.length), tf.int32)
        words = tf.TensorSpec((None, self.network.sizes.num_slots), tf.int32)
        self._call = tf.function(self._outputs, autograph=False).get_concrete_function(ids, words)

    def predict(self, texts: Sequence[str]) -> np.ndarray:
        """Class probabilities, float32 [N, K]; every row sums to 1."""
        return self._run(texts)[0]

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """The vector of each text before the last layer, float32 [N, W]."""
        return self._run(texts)[1]

    def char_vectors(self) -> tuple[tuple[str, ...], np.ndarray]:
        """The known characters and their vectors, float32 [V, C], in the order of their ids.

        Raises:
            ValueError: The model reads words only.
        """
        if not reads_characters(self.config):
            raise ValueError(
                Message("A word model has no vectors of characters; choose other inputs.")
            )
        vectors = self.network.char_embedding.embeddings.numpy()
        alphabet = self.reader.alphabet
        return alphabet.characters, vectors[alphabet.first_id :]

    def characters(self, text: str) -> list[tuple[str, int | None]]:
        """The characters of the folded text with their ids, up to the last one that the model
        reads; the id is None for one that is left out.
        """
        length = self.reader.length
        characters = self.reader.alphabet.read(text)[: RAW_CHARACTERS_AN_ID * length]
        num_before = itertools.accumulate((i is not None for _, i in characters), initial=0)
        pairs = zip(characters, num_before, strict=False)
        return [character for character, before in pairs if before < length]

    def occlusion(self, text: str) -> np.ndarray:
        """How much the probability of the predicted class falls when one character is removed,
        float32, one number for each character of `fold(text)`; 0 beyond those that the model reads.
        """
        folded = fold(text)
        num_read = len(self.characters(text))
        without = [folded[:i] + folded[i + 1 :] for i in range(num_read)]
        probabilities = self.predict([folded, *without])  # [1 + num_read, K]
        drops = probabilities[0] - probabilities[1:]  # [num_read, K]
        effects = np.zeros(len(folded), np.float32)
        effects[:num_read] = drops[:, probabilities[0].argmax()]
        return effects

    def windows(self, text: str) -> Windows:
        """The window at which each filter has its maximum, over the characters the model reads.

        Raises:
            ValueError: The model is no character CNN.
        """
        if not is_cnn(self.config):
            raise ValueError(Message("Only a character CNN has windows; choose that architecture."))
        ids = self.reader.alphabet.encode([text], self.network.sizes.length)  # [1, T]
        mask = ids != 0 if self.config.mask_padding else None
        x = tf.gather(self.network.char_embedding.embeddings, ids)  # [1, T, C]
        responses = np.stack(
            [r[0] for r in self.network.responses(x, mask)]
        )  # [widths, T, filters]
        widths = np.repeat(self.config.kernel_sizes, self.config.filters)  # [F]
        maxima = responses.max(axis=1).ravel() + self.network.biases.numpy()  # [F]
        activations = np.maximum(maxima, 0)
        starts = responses.argmax(axis=1).ravel() - (widths - 1) // 2
        evidence = activations * self._output_weights(text)[: len(widths)]
        return Windows(widths, starts, activations, evidence)

    def _output_weights(self, text: str) -> np.ndarray:
        """The last layer's weights towards the predicted class, less their mean over the classes,
        float32 [W].
        """
        kernel = self.network.as_logits(self.network.output.kernel).numpy()  # [W, K]
        return kernel[:, self.predict([text])[0].argmax()] - kernel.mean(axis=1)

    def _run(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities [N, K] and vectors [N, W] of any number of texts."""
        if isinstance(texts, str):
            raise ValueError(f"A list of texts is wanted; received one text: {texts[:40]!r}.")
        blocks = []
        for start in range(0, max(len(texts), 1), ROWS_AT_ONCE):
            ids = self.reader.encode(texts[start : start + ROWS_AT_ONCE], self.config.inputs)
            blocks.append([output.numpy() for output in self._call(*ids)])
        probabilities, vectors = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
        return probabilities, vectors

    def _outputs(self, characters: tf.Tensor, words: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Probabilities [N, K] and vectors [N, W] from ids [N, T] and [N, M]."""
        vectors = self.network.features(characters, words)  # [N, W]
        return tf.nn.softmax(self.network.as_logits(self.network.output(vectors))), vectors


def train_classifier(
    config: CharacterConfig, task: TextTask, *, seed: int = 0, num_epochs: int | None = None
) -> Classifier:
    """Trains from scratch, as `training.train` does, and returns the finished classifier."""
    state = init_state(config, task, seed)
    history = []
    for state, record in epochs(config, task, seed=seed, num_epochs=num_epochs):  # noqa: B007
        history.append(record)
    return Classifier(config, task, state, history)
