"""Every tensor between a typed text and its answer.

T characters, C char_embedding_dim, U units, M words, K classes.
"""

from typing import Any

import numpy as np
import tensorflow as tf

from core.characters.classifier import Classifier
from core.configs.characters import is_cnn, reads_characters
from core.text.alphabet import PADDING


def tensors(model: Classifier, text: str) -> list[tuple[str, np.ndarray]]:
    """The tensors of one text by name, in the order of computation.

    Of a model that reads characters: characters int [T], char_embedding [T, C], and the output of
    the reader: maxima [widths, filters] of a CNN after bias and relu; hidden states [T, U] of an
    LSTM or GRU, [T, 2 · U] of two. Of one that reads words: words int [M] and their mean vector
    word_embedding [word_embedding_dim]. Then logit [1] and sigmoid [1] with two classes, logits [K]
    and softmax [K] with more.
    """
    network = model.network
    named = []
    characters, words = (tf.constant(x) for x in model.reader.encode([text], model.config.inputs))
    if reads_characters(model.config):
        named += [("characters", characters[0]), *_of_characters(model, characters)]
    if model.config.inputs != "character":
        named += [("words", words[0]), ("word_embedding", network.read_words(words)[0])]
    logits = network.output(network.features(characters, words))[0]
    if len(logits) == 1:
        named += [("logit", logits), ("sigmoid", tf.sigmoid(logits))]
    else:
        named += [("logits", logits), ("softmax", tf.nn.softmax(logits))]
    return [(name, np.asarray(tensor)) for name, tensor in named]


def _of_characters(model: Classifier, ids: Any) -> list[tuple[str, Any]]:
    """char_embedding, and maxima or hidden states, from ids [1, T]."""
    network = model.network
    x = tf.gather(network.char_embedding.embeddings, ids)  # [1, T, C]
    if is_cnn(model.config):
        maxima = tf.reshape(network.read_characters(ids), (-1, model.config.filters))
        return [("char_embedding", x[0]), ("maxima", maxima)]
    (reader,) = network.readers
    is_read = np.asarray(ids != PADDING)[0] | (not model.config.mask_padding)
    directions = [reader]
    if model.config.architecture == "bidirectional":
        directions = [reader.forward_layer, reader.backward_layer]
    states = np.concatenate([_hidden_states(layer, x, is_read) for layer in directions], axis=1)
    return [("char_embedding", x[0]), ("hidden states", states)]


def _hidden_states(layer: Any, x: Any, is_read: np.ndarray) -> np.ndarray:
    """The hidden state after each character, float [T, U], from x [1, T, C]; a character whose
    `is_read` [T] is False leaves it as it is.
    """
    states = layer.cell.get_initial_state(batch_size=1)
    rows = np.zeros((len(is_read), layer.units), np.float32)
    for position in range(len(is_read))[:: -1 if layer.go_backwards else 1]:
        if is_read[position]:
            _, states = layer.cell(x[:, position], states)
        rows[position] = states[0][0]
    return rows
