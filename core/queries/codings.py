"""What a map asks the models whose codes it shows: their `ANSWERS` for the job layer. Imports no
TensorFlow.

N points, D dimensions of the codes, P pixels. Rows are test rows first, then training rows.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.analysis import pca

HIGHEST_CONTRAST = 3.0
AT_ONCE = 4_096
MOST_VALUES = 1_000_000


def codes(model: Any, data: Any, num_points: int, space: str) -> dict[str, Any]:
    """The codes of images, or their pixels: see `reduced`."""
    x = _rows(data, num_points)
    return reduced(x if space == "pixels" else _through(model.encoder, x))


def reduced(codes: np.ndarray) -> dict[str, Any]:
    """codes: float32 [N, D], of more than 100 dimensions the first 50 principal components; basis:
    what made them, a `core.pca.Basis`, or None; dimensions: how many there were; latents
    and numbers: see `_most_varied`.
    """
    finite = np.isfinite(codes).all()
    basis = pca.reduction(codes) if finite and len(codes) > 1 else None
    shown = basis.project(codes) if basis else np.asarray(codes, np.float32)
    latents, numbers = _most_varied(codes)
    return {"codes": shown, "basis": basis, "dimensions": codes.shape[1],
            "latents": latents, "numbers": numbers}  # fmt: skip


def _most_varied(codes: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """All dimensions as float16, where there are more than a million values those that vary most,
    in their order; and which they are.
    """
    count = MOST_VALUES // max(1, len(codes))
    varied = np.sort(np.argsort(-codes.std(axis=0), kind="stable")[:count])
    return codes[:, varied].astype(np.float16), varied.tolist()


def pictures(_: Any, data: Any, num_points: int) -> dict[str, Any]:
    """x: the images as bytes, uint8 [N, P]; labels: int [N] or None; class_names; num_test: how
    many of the rows are test images.
    """
    labels = None
    if data.y_test is not None:
        labels = np.concatenate([data.y_test, data.y_train])[:num_points]
    x = _rows(data, num_points)
    return {"x": _bytes(x), "labels": labels, "class_names": data.class_names,
            "num_test": min(len(x), len(data.x_test))}  # fmt: skip


def copies(model: Any, data: Any, num_points: int) -> dict[str, Any]:
    """x_hat: what the model makes of the images, uint8 [N, P]; errors: mean squared error of each
    copy, float32 [N].
    """
    x = _rows(data, num_points)
    x_hat = _through(model, x)
    return {"x_hat": _bytes(x_hat), "errors": np.square(x - x_hat).mean(axis=1)}


def encoded(model: Any, _: Any, x: np.ndarray, space: str) -> dict[str, Any]:
    """codes: those of one image x [P], [1, D]."""
    x = np.asarray(x, np.float32)[None]
    return {"codes": x if space == "pixels" else np.asarray(model.encoder(x))}


def encoder(model: Any, _: Any) -> dict[str, Any]:
    """weights: kernel and bias of every dense layer of the encoder, from the input to the codes, of
    a variational one to their means; activations: one a layer.
    """
    layers = model.encoder.layers[1:]
    weights = [array for layer in layers for array in layer.get_weights()]
    return {"weights": weights, "activations": [layer.activation.__name__ for layer in layers]}


def of_words(words: Sequence[str], vectors: np.ndarray, labels: Any, names: Any) -> dict[str, Any]:
    """The same for words: codes and basis, words, labels, class_names."""
    return reduced(vectors) | {"words": list(words), "labels": labels, "class_names": names}


def _rows(data: Any, num_points: int) -> np.ndarray:
    x = data.x_test[:num_points]
    return np.concatenate([x, data.x_train[: num_points - len(x)]])


def _through(function: Any, x: np.ndarray) -> np.ndarray:
    parts = [np.asarray(function(x[i : i + AT_ONCE])) for i in range(0, len(x), AT_ONCE)]
    return np.concatenate(parts)


def _bytes(x: np.ndarray) -> np.ndarray:
    """Brightness as bytes; contrasts of any sign round the middle."""
    shown = 0.5 + x / (2 * HIGHEST_CONTRAST) if x.min() < 0 else x
    return np.rint(255 * np.clip(shown, 0, 1)).astype(np.uint8)


ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    answer.__name__: answer for answer in (codes, pictures, copies, encoded, encoder)
}
