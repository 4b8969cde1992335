"""The networks: stock Keras layers, joined so that they train fast.

B batch, T characters, M words, C char_embedding_dim, W width of a text's vector, K classes.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from core.characters.sizes import Sizes, text_width
from core.configs.characters import CharacterConfig, is_cnn, reads_characters
from core.text.alphabet import PADDING

MASKED_RESPONSE = -1e9
SEEDS_A_NETWORK = 1_000


class Network:
    """A classifier of texts: layers with weights, and what they make of ids.

    Two classes share one output, the log-odds of the second: a sigmoid, as in the lecture.
    """

    def __init__(self, config: CharacterConfig, sizes: Sizes, seed: int) -> None:
        self.config = config
        self.sizes = sizes
        seeds = itertools.count(SEEDS_A_NETWORK * seed)
        self.char_embedding: Any = None
        self.word_embedding: Any = None
        self.readers: list[Any] = []
        if reads_characters(config):
            self.char_embedding = _embedding(
                "char_embedding", sizes.num_characters, config.char_embedding_dim, seeds
            )
            self.readers = _readers(config, seeds)
        if config.inputs != "character":
            self.word_embedding = _embedding(
                "word_embedding", sizes.num_words, config.word_embedding_dim, seeds
            )
        self.output = keras.layers.Dense(
            sizes.num_outputs, kernel_initializer=_glorot(seeds), name="output"
        )
        self.output.build((None, text_width(config)))

    @property
    def layers(self) -> list[Any]:
        """The Keras layers, in the order of their weights in a `State`."""
        layers = (self.char_embedding, *self.readers, self.word_embedding, self.output)
        return [layer for layer in layers if layer]

    @property
    def variables(self) -> list[Any]:
        """Everything that training adjusts, layer by layer."""
        return [variable for layer in self.layers for variable in layer.trainable_weights]

    def logits(self, characters: Any, words: Any) -> Any:
        """float [B, K] from ids int [B, T] and [B, M]."""
        return self.as_logits(self.output(self.features(characters, words)))

    def as_logits(self, outputs: Any) -> Any:
        """float [B, K]: with two classes the first has the logit 0."""
        if self.sizes.num_classes == 2:
            return tf.concat([tf.zeros_like(outputs), outputs], axis=1)
        return outputs

    def features(self, characters: Any, words: Any) -> Any:
        """The vector of each text, float [B, W]."""
        parts = []
        if self.char_embedding:
            parts.append(self.read_characters(characters))
        if self.word_embedding:
            parts.append(self.read_words(words))
        return tf.concat(parts, axis=1) if len(parts) > 1 else parts[0]

    def read_words(self, words: Any) -> Any:
        """The mean of the vectors of a text's words, float [B, word_embedding_dim]; 0 for none."""
        is_word = tf.cast(words != PADDING, tf.float32)[:, :, None]  # [B, M, 1]
        vectors = tf.gather(self.word_embedding.embeddings, words)  # [B, M, word_embedding_dim]
        count = tf.maximum(tf.reduce_sum(is_word, axis=1), 1)  # [B, 1]
        return tf.reduce_sum(vectors * is_word, axis=1) / count

    def read_characters(self, characters: Any) -> Any:
        """The output of the CNN or the recurrent layer, float [B, width], from ids [B, T]."""
        x = tf.gather(self.char_embedding.embeddings, characters)  # [B, T, C]
        mask = characters != PADDING if self.config.mask_padding else None
        if not is_cnn(self.config):
            return self.readers[0](x, mask=mask)
        maxima = [tf.reduce_max(response, axis=1) for response in self.responses(x, mask)]
        return tf.nn.relu(tf.concat(maxima, axis=1) + self.biases)  # [B, widths · filters]

    @property
    def biases(self) -> Any:
        """The biases of all filters, float [widths · filters]."""
        return tf.concat([layer.bias for layer in self.readers], axis=0)

    def responses(self, x: Any, mask: Any) -> list[Any]:
        """The responses of the filters of each width to the window round each position, before bias
        and relu: float [B, T, filters] each; -1e9 at masked padding. x: [B, T, C], mask: [B, T].

        It is Conv1D (padding "same") as unfolded windows times a matrix: XLA's own convolution is
        several times slower on a processor. Bias and relu come after the maximum, which is the
        same, on fewer numbers.
        """
        penalty = 0.0 if mask is None else tf.where(mask, 0.0, MASKED_RESPONSE)[:, :, None]
        responses = []
        for layer, size in zip(self.readers, self.config.kernel_sizes, strict=True):
            windows = tf.reshape(unfolded(x, size), (-1, size * x.shape[2]))  # [B · T, size · C]
            kernel = tf.reshape(layer.kernel, (-1, self.config.filters))  # [size · C, filters]
            response = tf.reshape(windows @ kernel, (-1, x.shape[1], self.config.filters))
            responses.append(response + penalty)  # [B, T, filters]
        return responses


def unfolded(x: Any, size: int) -> Any:
    """The window of `size` positions round each position of x [B, T, C], float [B, T, size · C];
    zeros beyond the ends.
    """
    before = (size - 1) // 2
    padded = tf.pad(x, [[0, 0], [before, size - 1 - before], [0, 0]])
    length = x.shape[1]
    return tf.concat([padded[:, shift : shift + length] for shift in range(size)], axis=2)


def _readers(config: CharacterConfig, seeds: Iterator[int]) -> list[Any]:
    """One convolution for each width, or one recurrent layer."""
    layers = keras.layers
    if config.architecture == "cnn":
        readers = [
            layers.Conv1D(
                config.filters,
                size,
                padding="same",
                activation="relu",
                kernel_initializer=_glorot(seeds),
                name=f"width_{size}",
            )
            for size in config.kernel_sizes
        ]
    elif config.architecture == "bidirectional":
        forward = _recurrent("lstm", config, seeds)
        backward = _recurrent("lstm", config, seeds, True)
        readers = [layers.Bidirectional(forward, backward_layer=backward, name="bidirectional")]
    else:
        readers = [_recurrent(config.architecture, config, seeds)]
    for reader in readers:
        reader.build((None, None, config.char_embedding_dim))
    return readers


def _recurrent(
    kind: str, config: CharacterConfig, seeds: Iterator[int], backward: bool = False
) -> Any:
    layer = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[kind]
    return layer(
        config.units,
        kernel_initializer=_glorot(seeds),
        recurrent_initializer=keras.initializers.Orthogonal(seed=next(seeds)),
        go_backwards=backward,
        name=f"{kind}_backward" if backward else kind,
    )


def _embedding(name: str, num_ids: int, dim: int, seeds: Iterator[int]) -> Any:
    uniform = keras.initializers.RandomUniform(seed=next(seeds))
    layer = keras.layers.Embedding(num_ids, dim, embeddings_initializer=uniform, name=name)
    layer.build()
    return layer


def _glorot(seeds: Iterator[int]) -> Any:
    return keras.initializers.GlorotUniform(seed=next(seeds))
