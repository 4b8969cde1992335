"""The pretrained encoders of phase 1, registered by a name made of their content. Imports no
TensorFlow.

D input features, U units, Z codes.
"""

import hashlib
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.queries import codings

PREFIX = "encoder-"


@dataclass(frozen=True, eq=False)
class Encoder:
    """The layers of a trained encoder; equal to any other with the same name, which is made of the
    content.

    Attributes:
        name: A hash of weights and activations.
        weights: Kernel [D, U] and bias [U] of every dense layer, from the input to the code; of a
            reader of words those of `core.spelling.network.weight_shapes`.
        activations: One a dense layer; None for a reader of words.
    """

    name: str
    weights: tuple[np.ndarray, ...]
    activations: tuple[str, ...] | None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Encoder) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def width(self) -> int:
        """Z, the length of a code."""
        return int(self.weights[-1].shape[-1])

    @property
    def sizes(self) -> tuple[int, ...]:
        """Widths from the input to the code; of a reader of words only the code's."""
        if self.activations is None:
            return (self.width,)
        return tuple(kernel.shape[0] for kernel in self.weights[::2]) + (self.width,)


_known: "weakref.WeakValueDictionary[str, Encoder]" = weakref.WeakValueDictionary()


def make(weights: Sequence[np.ndarray], activations: Sequence[str] | None) -> Encoder:
    """Registers an encoder under its name; the registry holds it weakly."""
    names = None if activations is None else tuple(activations)
    digest = hashlib.sha256(repr(names).encode())
    arrays = tuple(np.asarray(array, np.float32) for array in weights)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return adopt(Encoder(f"{PREFIX}{digest.hexdigest()[:20]}", arrays, names))


def adopt(encoder: Encoder) -> Encoder:
    """Registers an encoder made in another process; returns the one registered by that name."""
    return _known.setdefault(encoder.name, encoder)


def find(name: str) -> Encoder | None:
    """The registered encoder of that name, or None."""
    return _known.get(name)


def of(model: Any) -> Encoder:
    """The encoder of an autoencoder, see `core.queries.codings`."""
    return make(*codings.encoder(model))
