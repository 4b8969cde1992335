"""Training is a pure function of updates: `state = init_state(...)`, `state, records = advance(...,
state, ...)`.
Pause is not calling it, a live knob is the next call's `coefficients`, a fork is calling it from a
kept state.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from core.configs import AutoencoderConfig
from core.datasets import Dataset
from core.engine.state import Record, State
from core.export import keras_archive
from core.models.trainer import advance, epochs, init_state, load_model

__all__ = ["Run", "advance", "fit", "init_state", "load_model", "train"]


def train(
    config: AutoencoderConfig, dataset: Dataset, *, num_epochs: int, seed: int = 0
) -> Iterator[Record]:
    """Trains from scratch and yields a record an epoch."""
    for _, record in epochs(config, dataset, num_epochs, seed):
        yield record


def fit(config: AutoencoderConfig, dataset: Dataset, *, num_epochs: int, seed: int = 0) -> "Run":
    """Trains from scratch for `num_epochs` epochs and returns the finished run."""
    state, history = init_state(config, dataset.input_dim, seed), []
    for state, record in epochs(config, dataset, num_epochs, seed):  # noqa: B007
        history.append(record)
    return Run(config, dataset.input_dim, state, history)


class Run:
    """A trained model: its records and what it does to data. Arrays are float32; x: [N, D], z: [N,
    Z].
    """

    def __init__(
        self, config: AutoencoderConfig, input_dim: int, state: State, history: list[Record]
    ) -> None:
        self.config, self.state, self.history = config, state, history
        self.model = load_model(config, input_dim, state)

    def encode(self, x: np.ndarray) -> np.ndarray:
        """The codings z of x (of a variational autoencoder: their means)."""
        return _in_batches(self.model.encoder, x)

    def decode(self, z: np.ndarray) -> np.ndarray:
        """What the decoder paints for the codings z."""
        return _in_batches(self.model.decoder, z)

    def reconstruct(self, x: np.ndarray) -> np.ndarray:
        """x_hat = decode(encode(x)); nothing is corrupted or sampled."""
        return self.decode(self.encode(x))

    def save(self, path: str | Path) -> None:
        """Writes a `.keras` file of stock layers, encoder and decoder joined, weights untied. Keras
        3.8 and later open it.
        """
        keras_archive.save_autoencoder(self.model, path)


def _in_batches(function: Any, x: np.ndarray, size: int = 4096) -> np.ndarray:
    x = np.asarray(x, dtype=np.float32)
    return np.concatenate(
        [np.asarray(function(x[i : i + size])) for i in range(0, max(len(x), 1), size)]
    )
