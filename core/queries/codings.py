"""The answers about an encoder whose codes are mapped or learned from: codes, images,
reconstructions, weights; see `core.queries.questions`. Imports no TensorFlow.

N points, D dimensions of the codes, P pixels. Rows are test rows first, then training rows.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.analysis import pca
from core.queries.questions import (
    Codes,
    CodesOf,
    EncoderLayers,
    EncoderWeights,
    MapCodes,
    Pictures,
    PointCopies,
    PointPictures,
    PointsCopied,
)
from core.question import Question

HIGHEST_CONTRAST = 3.0
ROWS_A_BLOCK = 4_096
MAX_VALUES = 1_000_000


def codes(model: Any, data: Any, question: Codes) -> MapCodes:
    """The answer to `Codes` of an autoencoder."""
    x = _rows(data, question.num_points)
    return reduced(x if question.space == "pixels" else _in_blocks(model.encoder, x))


def reduced(codes: np.ndarray) -> MapCodes:
    """Codes for a map."""
    finite = np.isfinite(codes).all()
    basis = pca.reduction(codes) if finite and len(codes) > 1 else None
    latents, numbers = _most_varied(codes)
    projected = basis.project(codes) if basis else np.asarray(codes, np.float32)
    return MapCodes(projected, basis, codes.shape[1], latents, numbers)


def _most_varied(codes: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Codes as float16 [N, at most D] and the numbers of their dimensions, in ascending order: all,
    or of more than a million values the dimensions of largest standard deviation.
    """
    count = MAX_VALUES // max(1, len(codes))
    varied = np.sort(np.argsort(-codes.std(axis=0), kind="stable")[:count])  # [at most D]
    return codes[:, varied].astype(np.float16), varied.tolist()


def pictures(_: Any, data: Any, question: Pictures) -> PointPictures:
    """The answer to `Pictures`."""
    labels = None
    if data.y_test is not None:
        labels = np.concatenate([data.y_test, data.y_train])[: question.num_points]
    x = _rows(data, question.num_points)  # [N, P]
    return PointPictures(_bytes(x), labels, data.class_names, min(len(x), len(data.x_test)))


def copies(model: Any, data: Any, question: PointsCopied) -> PointCopies:
    """The answer to `PointsCopied`."""
    x = _rows(data, question.num_points)  # [N, P]
    x_hat = _in_blocks(model, x)  # [N, P]
    return PointCopies(_bytes(x_hat), np.square(x - x_hat).mean(axis=1))


def codes_of(model: Any, _: Any, question: CodesOf) -> np.ndarray:
    """The answer to `CodesOf` of an autoencoder."""
    x = np.asarray(question.given, np.float32)[None]  # [1, P]
    return x if question.space == "pixels" else np.asarray(model.encoder(x))


def encoder(model: Any, *_: Any) -> EncoderLayers:
    """The answer to `EncoderWeights` of an autoencoder."""
    layers = model.encoder.layers[1:]
    weights = [array for layer in layers for array in layer.get_weights()]
    return EncoderLayers(weights, [layer.activation.__name__ for layer in layers])


def of_words(words: Sequence[str], vectors: np.ndarray, labels: Any, names: Any) -> MapCodes:
    """Word vectors [N, W] for a map, with their words, labels and classes."""
    return reduced(vectors)._replace(words=list(words), labels=labels, class_names=names)


def _rows(data: Any, num_points: int) -> np.ndarray:
    """The first images, float32 [num_points, P]: test images first."""
    x = data.x_test[:num_points]
    return np.concatenate([x, data.x_train[: num_points - len(x)]])


def _in_blocks(function: Any, x: np.ndarray) -> np.ndarray:
    """function(x), computed on blocks of 4,096 rows."""
    starts = range(0, len(x), ROWS_A_BLOCK)
    return np.concatenate([np.asarray(function(x[i : i + ROWS_A_BLOCK])) for i in starts])


def _bytes(x: np.ndarray) -> np.ndarray:
    """Brightness as bytes; where there are negative values, ±3 is mapped to 0 and 255."""
    brightness = 0.5 + x / (2 * HIGHEST_CONTRAST) if x.min() < 0 else x
    return np.rint(255 * np.clip(brightness, 0, 1)).astype(np.uint8)


ANSWERS: dict[type[Question[Any]], Callable[[Any, Any, Any], Any]] = {
    Codes: codes,
    Pictures: pictures,
    PointsCopied: copies,
    CodesOf: codes_of,
    EncoderWeights: encoder,
}
