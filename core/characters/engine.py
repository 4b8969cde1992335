"""The engine of the character models: one architecture, compiled once.

B batch, T characters, M words, K classes, N rows of data.
"""

import functools
from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from core.characters.models import Network
from core.characters.sizes import Sizes
from core.configs.characters import CharacterConfig, is_cnn, reads_characters
from core.engine.compiled import Engine
from core.engine.loop import repeat

SUMS = ("cross_entropy", "accuracy")
ROWS_AT_ONCE = 512


class CharacterEngine(Engine):
    """The compiled network of an architecture. Convolutions are compiled by XLA."""

    def __init__(self, config: CharacterConfig, sizes: Sizes, batch_size: int) -> None:
        self.sizes = sizes
        self.batch_size = batch_size
        self.network = Network(config, sizes, 0)
        by_xla = is_cnn(config) or not reads_characters(config)
        super().__init__(config, self.network.variables, self.network.variables, xla=by_xla)
        self.evaluate = tf.function(self._evaluate, jit_compile=by_xla, autograph=False)

    def batch(self, data: Any, index: Any) -> list[Any]:
        """Batch number `index`: the rows of `data` are in the order of the epoch already."""
        return [_rows(data, index, self.batch_size)]

    def loss(self, part: Any, key: Any, coefficients: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        characters, words, labels = part  # [B, T], [B, M], [B]
        logits = self.network.logits(characters, words)  # [B, K]
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        )
        return loss, [loss, tf.reduce_mean(_hits(logits, labels))]

    def _evaluate(self, data: Any) -> tuple[Any, Any]:
        """The cross-entropy summed over the rows of `data`, and the hits in each class [K].

        Rows with the label -1 only fill up the last batch.
        """
        size = min(ROWS_AT_ONCE, data[2].shape[0])
        num_classes = self.sizes.num_classes

        def step(index: Any, carried: Any) -> Any:
            total, hits = carried
            characters, words, labels = _rows(data, index, size)
            logits = self.network.logits(characters, words)  # [size, K]
            is_labelled = labels >= 0
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=tf.maximum(labels, 0), logits=logits
            )
            class_hits = _hits(logits, labels)[:, None] * tf.one_hot(labels, num_classes)
            total += tf.reduce_sum(tf.where(is_labelled, loss, 0.0))
            return total, hits + tf.reduce_sum(class_hits, axis=0)

        zeros = (tf.constant(0.0), tf.zeros(num_classes))
        return repeat(step, tf.constant(0), data[2].shape[0] // size, zeros)


@functools.lru_cache(maxsize=8)
def engine_for(architecture: CharacterConfig, sizes: Sizes, batch_size: int) -> CharacterEngine:
    """The engine of an architecture (see `CharacterConfig.compiled`); the last few are kept."""
    return CharacterEngine(architecture, sizes, batch_size)


def _rows(data: Any, index: Any, size: int) -> list[Any]:
    """Batch number `index` of every array in `data`."""
    return [
        tf.slice(x, [index * size] + [0] * (len(x.shape) - 1), [size, *x.shape[1:]]) for x in data
    ]


def _hits(logits: Any, labels: Any) -> Any:
    """1 where the largest logit is that of the label, float [B]."""
    return tf.cast(tf.equal(tf.argmax(logits, 1, tf.int32), labels), tf.float32)
