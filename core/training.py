"""Training of autoencoders: `train`, `fit`, and the functions beneath, `init_state` and `advance`.

Training is a pure function of states: `state, records = advance(config, data, state, coefficients,
num_updates=...)`. A run pauses when `advance` is not called; live knobs are the `coefficients` of
the next call; a fork calls it again with an earlier state.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from core.configs import AutoencoderConfig
from core.datasets import Dataset
from core.engine.state import Record, State
from core.export import keras_archive
from core.message import Message
from core.models.trainer import advance, epochs, init_state, load_model
from core.moments import state_at

__all__ = ["Run", "advance", "fit", "init_state", "load_model", "state_at", "train"]


def train(
    config: AutoencoderConfig, dataset: Dataset, *, num_epochs: int, seed: int = 0
) -> Iterator[Record]:
    """Trains from scratch and yields a record per epoch."""
    for _, record in epochs(config, dataset, num_epochs, seed):
        yield record


def fit(config: AutoencoderConfig, dataset: Dataset, *, num_epochs: int, seed: int = 0) -> "Run":
    """Trains from scratch for `num_epochs` epochs and returns the finished run."""
    state = init_state(config, dataset.input_dim, seed)
    history = []
    for state, record in epochs(config, dataset, num_epochs, seed):  # noqa: B007
        history.append(record)
    return Run(config, dataset.input_dim, state, history, dataset)


class Run:
    """A trained model and its records. Arrays are float32; x: [N, D], z: [N, Z].

    Args:
        dataset: What it was trained on, if it shall go back to other moments.
    """

    def __init__(
        self,
        config: AutoencoderConfig,
        input_dim: int,
        state: State,
        history: list[Record],
        dataset: Dataset | None = None,
    ) -> None:
        self.config = config
        self.state = state
        self.history = history
        self.dataset = dataset
        self.model = load_model(config, input_dim, state)

    def at(self, epoch: int) -> State:
        """The state after `epoch` epochs of this run; see `state_at`.

        Raises:
            ValueError: An epoch that the run does not have, or a run without its data.
        """
        if self.dataset is None:
            raise ValueError(Message("This run was made without its data; make it by `fit`."))
        num_epochs = len(self.history)
        return state_at(
            self.config, self.dataset, epoch=epoch, num_epochs=num_epochs, seed=self.state.seed
        )

    def encode(self, x: np.ndarray) -> np.ndarray:
        """The codes z of x (of a variational autoencoder: their means)."""
        return _in_batches(self.model.encoder, x)

    def decode(self, z: np.ndarray) -> np.ndarray:
        """The output x_hat of the decoder for the codes z."""
        return _in_batches(self.model.decoder, z)

    def reconstruct(self, x: np.ndarray) -> np.ndarray:
        """x_hat = decode(encode(x)); nothing is corrupted or sampled."""
        return self.decode(self.encode(x))

    def save(self, path: str | Path) -> None:
        """Writes a `.keras` file of Keras' own layers, for Keras 3.8 and later: encoder and decoder
        joined, weights untied.
        """
        keras_archive.save_autoencoder(self.model, path)


def _in_batches(function: Any, x: np.ndarray, size: int = 4096) -> np.ndarray:
    """function(x), computed on blocks of `size` rows."""
    x = np.asarray(x, dtype=np.float32)
    starts = range(0, max(len(x), 1), size)
    return np.concatenate([np.asarray(function(x[i : i + size])) for i in starts])
