"""The same networks as a plain Keras model, as a textbook writes it, to compare with.

B batch, T characters, M words, K classes.
"""

from typing import Any

import keras

from core.characters.models import MASKED_RESPONSE, Network
from core.characters.sizes import Sizes
from core.configs.characters import CharacterConfig, is_cnn, reads_characters


def to_keras(network: Network) -> keras.Model:
    """A functional model of stock layers with the weights of `network`.

    Its inputs are ids, int [B, T] of characters, int [B, M] of words, or both in this order. Its
    output is a softmax over the classes [B, K], with two classes the sigmoid of the second [B, 1].
    """
    model = build(network.config, network.sizes)
    for layer in network.layers:
        model.get_layer(layer.name).set_weights(layer.get_weights())
    return model


def build(config: CharacterConfig, sizes: Sizes) -> keras.Model:
    """The model with fresh weights; its layers have the names of those of a `Network`."""
    inputs = []
    vectors = []
    if reads_characters(config):
        inputs.append(keras.Input((sizes.length,), dtype="int32", name="characters"))
        vectors.append(_characters(config, sizes, inputs[-1]))
    if config.inputs != "character":
        inputs.append(keras.Input((sizes.num_slots,), dtype="int32", name="words"))
        vectors.append(_words(config, sizes, inputs[-1]))
    joined = vectors[0] if len(vectors) == 1 else keras.layers.Concatenate()(vectors)
    last = "sigmoid" if sizes.num_outputs == 1 else "softmax"
    return keras.Model(inputs, keras.layers.Dense(sizes.num_outputs, last, name="output")(joined))


def _characters(config: CharacterConfig, sizes: Sizes, ids: Any) -> Any:
    layers = keras.layers
    mask_zero = config.mask_padding and not is_cnn(config)
    x = layers.Embedding(
        sizes.num_characters, config.char_embedding_dim, mask_zero=mask_zero, name="char_embedding"
    )(ids)
    if config.architecture == "bidirectional":
        return layers.Bidirectional(layers.LSTM(config.units), name="bidirectional")(x)
    if not is_cnn(config):
        layer = {"lstm": layers.LSTM, "gru": layers.GRU}[config.architecture]
        return layer(config.units, name=config.architecture)(x)
    maxima = []
    for size in config.kernel_sizes:
        convolution = layers.Conv1D(
            config.filters, size, padding="same", activation="relu", name=f"width_{size}"
        )
        response = convolution(x)
        if config.mask_padding:
            padding = keras.ops.cast(keras.ops.equal(ids, 0), "float32")[:, :, None]
            response = keras.ops.relu(response + MASKED_RESPONSE * padding)
        maxima.append(layers.GlobalMaxPooling1D()(response))
    return layers.Concatenate()(maxima) if len(maxima) > 1 else maxima[0]


def _words(config: CharacterConfig, sizes: Sizes, ids: Any) -> Any:
    layers = keras.layers
    dim = config.word_embedding_dim
    x = layers.Embedding(sizes.num_words, dim, mask_zero=True, name="word_embedding")(ids)
    return layers.GlobalAveragePooling1D()(x)
