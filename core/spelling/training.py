"""Training of a speller: 25 updates at once, on words and misspellings drawn for each.

B batch, T characters, F filters, V vocab_size, C char_embedding_dim, W width of a word vector,
U updates at once, N words.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from core.configs import MAX_SEED, SpellerConfig, check_seed
from core.engine.advance import Readings
from core.engine.advance import advance as advance_loop
from core.engine.arrays import ArraysLoop, compile_updates
from core.engine.loop import learning_rate
from core.engine.state import Record, State, TrainingDiverged
from core.message import Message
from core.spelling.experiment import UPDATES_A_RECORD
from core.spelling.network import (
    INVERSE_TEMPERATURE,
    contrastive_loss,
    encode,
    fresh_weights,
)
from core.spelling.word_lists import LONGEST_WORD, WordList

BATCH_SIZE = SpellerConfig.batch_size
WARM_UP = 30
"""Updates over which the learning rate rises."""
BETAS = (0.9, 0.99)
"""Adam's decay rates."""
VALIDATION_ROWS = 2_048


def init_state(words: WordList, *, seed: int = 0) -> State:
    """The state before the first update.

    Its weights are those of `core.spelling.network.weight_shapes`.

    Raises:
        ValueError: A seed that is not from 0 to 2,000,000.
    """
    seed = check_seed(seed)
    weights = fresh_weights(words.alphabet.num_ids, seed)
    return SpellerLoop(words).first_state(weights, seed)


class SpellerLoop(ArraysLoop):
    """The training loop of a speller; an epoch is 25 updates."""

    sums = ("contrastive",)
    told = ("learning_rate",)
    updates_a_record = updates_at_once = UPDATES_A_RECORD

    def __init__(self, words: WordList) -> None:
        super().__init__(UPDATES)
        self.words = words
        self.codes = tf.constant(words.codes[: words.num_trained])  # [N, T]

    def diverged(self, epoch: int, rate: float) -> TrainingDiverged:
        return TrainingDiverged(
            Message(
                "The loss is no longer a number, with a learning rate of {rate:g}. Choose a "
                "smaller one.",
                rate=rate,
            )
        )

    def batches(
        self, seed: int, base: int, updates: range, coefficients: Mapping[str, float]
    ) -> Any:
        """The characters of all words [N, T], the words of some updates [U, B], and a misspelling
        of each [U, B, T].
        """
        rows = np.zeros((UPDATES_A_RECORD, BATCH_SIZE), np.int32)  # [U, B]
        misspelt = np.zeros((*rows.shape, LONGEST_WORD), np.uint8)  # [U, B, T]
        for update in updates:
            rng = np.random.default_rng((seed, update))
            i = update - base
            rows[i] = self.words.draw(BATCH_SIZE, rng)
            misspelt[i] = self.words.misspeller(rows[i], rng)
        return self.codes, tf.constant(rows), tf.constant(misspelt)

    def evaluate(
        self, coefficients: Mapping[str, Any], means: dict[str, float]
    ) -> tuple[dict[str, float], dict[str, float], Readings]:
        """The validation loss, and accuracy: how often the vector of a misspelling is nearest to
        that of its word among 2,048.
        """
        rows, misspelt = validation_batch(self.words, VALIDATION_ROWS)
        weights = tuple(self.carried[0])
        wrong = encode(weights, tf.constant(misspelt))  # [2048, W]
        right = encode(weights, tf.constant(self.words.codes[rows]))  # [2048, W]
        logits = INVERSE_TEMPERATURE * tf.matmul(wrong, right, transpose_b=True)
        labels = tf.range(len(rows))
        entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        accuracy = float(np.mean(np.argmax(logits.numpy(), axis=1) == labels.numpy()))
        losses = {"contrastive": float(tf.reduce_mean(entropy))}
        return means, losses, {"accuracy": accuracy}


def _loss(weights: list[Any], batches: Any, i: Any) -> Any:
    codes, rows, misspelt = batches  # [N, T], [U, B], [U, B, T]
    right = tf.gather(codes, rows[i])  # [B, T]
    return contrastive_loss(tuple(weights), right, misspelt[i], rows[i])


def _rate(_: Any, update: Any, coefficients: Mapping[str, Any]) -> Any:
    warm_up = tf.minimum((update + 1) / WARM_UP, 1.0)
    return warm_up * learning_rate(SpellerConfig, update, coefficients)


UPDATES = compile_updates(_loss, _rate, BETAS)


def advance(
    words: WordList, state: State, coefficients: Mapping[str, float], *, num_updates: int
) -> tuple[State, list[Record]]:
    """Trains for `num_updates` updates; returns the new state and a record every 25 updates.

    The same updates in one call or in many give the same weights, bit for bit.

    Args:
        coefficients: `learning_rate`, which rises for 30 updates and then follows the cosine of
            `core.engine.loop.learning_rate`, and `planned_updates`, at which that has fallen to 0.

    Raises:
        TrainingDiverged: The loss is no longer a finite number.
    """
    return advance_loop(SpellerLoop(words), state, coefficients, num_updates=num_updates)


def validation_batch(words: WordList, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Misspellings that are never trained on, each of another word: rows [count] and codes
    [count, T].
    """
    rng = np.random.default_rng((MAX_SEED + 1, 0))
    rows = rng.choice(words.num_trained, min(count, words.num_trained), replace=False)
    return rows, words.misspeller(rows, rng)
