"""Queries of a map to the model whose codes it shows: codes, images, reconstructions, the encoder;
`ANSWERS` for the job layer. Imports no TensorFlow.

N points, D dimensions of the codes, P pixels. Rows are test rows first, then training rows.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.analysis import pca

HIGHEST_CONTRAST = 3.0
ROWS_A_BLOCK = 4_096
MAX_VALUES = 1_000_000


def codes(model: Any, data: Any, num_points: int, space: str) -> dict[str, Any]:
    """The codes of images, or their pixels: see `reduced`."""
    x = _rows(data, num_points)
    return reduced(x if space == "pixels" else _in_blocks(model.encoder, x))


def reduced(codes: np.ndarray) -> dict[str, Any]:
    """Codes for a map.

    Returns:
        codes: float32 [N, D]; of more than 100 dimensions, the first 50 principal components.
        basis: The `core.analysis.pca.Basis` that projected them, or None.
        dimensions: How many dimensions there were.
        latents, numbers: See `_most_varied`.
    """
    finite = np.isfinite(codes).all()
    basis = pca.reduction(codes) if finite and len(codes) > 1 else None
    latents, numbers = _most_varied(codes)
    return {
        "codes": basis.project(codes) if basis else np.asarray(codes, np.float32),
        "basis": basis,
        "dimensions": codes.shape[1],
        "latents": latents,
        "numbers": numbers,
    }


def _most_varied(codes: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Codes as float16 [N, at most D] and the numbers of their dimensions, in ascending order: all,
    or of more than a million values the dimensions of largest standard deviation.
    """
    count = MAX_VALUES // max(1, len(codes))
    varied = np.sort(np.argsort(-codes.std(axis=0), kind="stable")[:count])  # [at most D]
    return codes[:, varied].astype(np.float16), varied.tolist()


def pictures(_: Any, data: Any, num_points: int) -> dict[str, Any]:
    """x: the images as bytes, uint8 [N, P]; labels: int [N] or None; class_names; num_test: how
    many of the rows are test images.
    """
    labels = None
    if data.y_test is not None:
        labels = np.concatenate([data.y_test, data.y_train])[:num_points]
    x = _rows(data, num_points)  # [N, P]
    return {
        "x": _bytes(x),
        "labels": labels,
        "class_names": data.class_names,
        "num_test": min(len(x), len(data.x_test)),
    }


def copies(model: Any, data: Any, num_points: int) -> dict[str, Any]:
    """x_hat: reconstructions of the images, uint8 [N, P]; errors: mean squared error of each,
    float32 [N].
    """
    x = _rows(data, num_points)  # [N, P]
    x_hat = _in_blocks(model, x)  # [N, P]
    return {"x_hat": _bytes(x_hat), "errors": np.square(x - x_hat).mean(axis=1)}


def encoded(model: Any, _: Any, x: np.ndarray, space: str) -> dict[str, Any]:
    """codes [1, D]: those of one image x [P], or its pixels."""
    x = np.asarray(x, np.float32)[None]  # [1, P]
    return {"codes": x if space == "pixels" else np.asarray(model.encoder(x))}


def encoder(model: Any, _: Any) -> dict[str, Any]:
    """weights: kernel and bias of every dense layer of the encoder, from the input to the codes (of
    a variational encoder: to their means); activations: the name of the activation of each layer.
    """
    layers = model.encoder.layers[1:]
    weights = [array for layer in layers for array in layer.get_weights()]
    return {"weights": weights, "activations": [layer.activation.__name__ for layer in layers]}


def of_words(words: Sequence[str], vectors: np.ndarray, labels: Any, names: Any) -> dict[str, Any]:
    """The answer of `reduced` for word vectors [N, W], with their words, labels, class_names."""
    return reduced(vectors) | {"words": list(words), "labels": labels, "class_names": names}


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


ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    answer.__name__: answer for answer in (codes, pictures, copies, encoded, encoder)
}
