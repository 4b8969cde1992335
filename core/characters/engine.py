"""The engine of the character models: one architecture, compiled once, that runs whole stretches of
training as one loop over updates.
"""

import functools
from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from core.characters.models import Network
from core.characters.sizes import Sizes
from core.configs.characters import CharacterConfig, is_cnn, reads_characters
from core.engine.loop import OPTIMIZERS, Holder, learning_rate

SUMS = ("cross_entropy", "accuracy")
ROWS_AT_ONCE = 512


class Engine(Holder):
    """A network and its optimizer, compiled once.

    Stretches of convolutions are compiled by XLA; a recurrent layer gains nothing from it, and
    starts seconds sooner without.
    """

    def __init__(self, config: CharacterConfig, sizes: Sizes, batch_size: int) -> None:
        self.config, self.sizes, self.batch_size = config, sizes, batch_size
        self.network = Network(config, sizes, 0)
        super().__init__(self.network.variables, build_optimizer(config, self.network.variables))
        fast = is_cnn(config) or not reads_characters(config)
        self.run = tf.function(self._run, jit_compile=fast, autograph=False)
        self.evaluate = tf.function(self._evaluate, jit_compile=fast, autograph=False)

    def _run(
        self, data: Any, bounds: Mapping[str, Any], coefficients: Mapping[str, Any], sums: list[Any]
    ) -> list[Any]:
        """Updates `first` to `last` of an epoch whose rows lie in `data` in their order.

        The loop counts from a tensor: an argument that feeds `tf.slice` by itself would be
        compiled in.
        """

        def body(index: Any, sums: list[Any]) -> tuple[Any, list[Any]]:
            values = self._update(
                _rows(data, index, self.batch_size), bounds["epoch_start"] + index, coefficients
            )
            return index + 1, [total + value for total, value in zip(sums, values, strict=True)]

        return tf.while_loop(
            lambda index, _: index < bounds["last"], body, (bounds["first"], sums)
        )[1]

    def _update(self, batch: Any, update: Any, coefficients: Mapping[str, Any]) -> list[Any]:
        characters, words, labels = batch
        with tf.GradientTape() as tape:
            logits = self.network.logits(characters, words)
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
            )
        gradients = tape.gradient(loss, self.network.variables)
        self.optimizer.learning_rate.assign(learning_rate(self.config, update, coefficients))
        self.optimizer.apply(
            [tf.convert_to_tensor(gradient) for gradient in gradients], self.variables
        )
        return [loss, tf.reduce_mean(_hits(logits, labels))]

    def _evaluate(self, data: Any) -> tuple[Any, Any]:
        """The cross-entropy summed over the rows of `data`, and the hits in each class [K].

        Rows with the label -1 only fill up the last batch.
        """
        size, classes = min(ROWS_AT_ONCE, data[2].shape[0]), self.sizes.num_classes

        def body(index: Any, total: Any, hits: Any) -> tuple[Any, Any, Any]:
            characters, words, labels = _rows(data, index, size)
            logits, known = self.network.logits(characters, words), labels >= 0
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=tf.maximum(labels, 0), logits=logits
            )
            right = _hits(logits, labels)[:, None] * tf.one_hot(labels, classes)
            total += tf.reduce_sum(tf.where(known, loss, 0.0))
            return index + 1, total, hits + tf.reduce_sum(right, axis=0)

        last = data[2].shape[0] // size
        start = (tf.constant(0), tf.constant(0.0), tf.zeros(classes))
        return tf.while_loop(lambda index, *_: index < last, body, start)[1:]


@functools.lru_cache(maxsize=8)
def engine_for(compiled: CharacterConfig, sizes: Sizes, batch_size: int) -> Engine:
    """The engine of an architecture (see `CharacterConfig.compiled`); the last few are kept."""
    return Engine(compiled, sizes, batch_size)


def build_optimizer(config: CharacterConfig, variables: list[Any]) -> Any:
    """The optimizer of a config with fresh moments for `variables`."""
    optimizer = OPTIMIZERS[config.optimizer](learning_rate=config.learning_rate)
    optimizer.build(variables)
    return optimizer


def _rows(data: Any, index: Any, size: int) -> list[Any]:
    """Batch number `index` of every array in `data`."""
    return [
        tf.slice(x, [index * size] + [0] * (len(x.shape) - 1), [size, *x.shape[1:]]) for x in data
    ]


def _hits(logits: Any, labels: Any) -> Any:
    """1 where the largest logit is that of the label, float [B]."""
    return tf.cast(tf.equal(tf.argmax(logits, 1, tf.int32), labels), tf.float32)
