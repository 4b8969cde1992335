"""MNIST and Fashion-MNIST: from a local file, else Keras' cache, else its downloader."""

import os
import tokenize
import zipfile
import zlib
from pathlib import Path

import numpy as np

from core.message import Message

KERAS_ARRAYS = ("x_train", "y_train", "x_test", "y_test")
UNREADABLE = (
    OSError,
    KeyError,
    ValueError,
    TypeError,
    EOFError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
    tokenize.TokenError,
)


class DatasetUnavailable(Exception):
    """A data set cannot be loaded; the text is a sentence for the reader."""


def local_file(name: str) -> Path | None:
    """The file $BOTTLENECK_DATA/<name>/<name>.npz, or None. (Keras looks after its own cache.)"""
    folder = os.environ.get("BOTTLENECK_DATA")
    path = Path(folder) / name / f"{name}.npz" if folder else None
    return path if path and path.is_file() else None


def read(path: Path) -> dict[str, np.ndarray]:
    """The arrays `KERAS_ARRAYS` of a file by name, read without unpickling.

    Raises:
        DatasetUnavailable: A sentence that names the file and what is wrong with it.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: file[key] for key in KERAS_ARRAYS}
    except UNREADABLE as error:
        raise DatasetUnavailable(
            Message(
                "{path} is not a data file with the arrays {names} ({reason}). Replace or "
                "remove it.",
                path=path,
                names=", ".join(KERAS_ARRAYS),
                reason=error,
            )
        ) from error
    for part in ("train", "test"):
        _check_images(path, part, arrays[f"x_{part}"], arrays[f"y_{part}"])
    return arrays


def _check_images(path: Path, part: str, x: np.ndarray, y: np.ndarray) -> None:
    if x.shape[1:] != (28, 28) or len(x) == 0 or y.shape != (len(x),):
        raise DatasetUnavailable(
            Message(
                "{path}: x_{part} must have the shape (N, 28, 28) and y_{part} (N,); "
                "received {shape} and {label_shape}. Replace or remove the file.",
                path=path,
                part=part,
                shape=x.shape,
                label_shape=y.shape,
            )
        )
    numbers = x.dtype.kind in "uif" and y.dtype.kind in "uif"
    if not numbers or not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise DatasetUnavailable(
            Message(
                "{path}: x_{part} or y_{part} holds NaN or no numbers. Replace or remove the file.",
                path=path,
                part=part,
            )
        )
    if x.min() < 0 or x.max() > 255 or y.min() < 0 or y.max() > 9:
        raise DatasetUnavailable(
            Message(
                "{path}: pixels must lie from 0 to 255 and labels from 0 to 9; received "
                "pixels from {least:g} to {most:g} and labels from {least_label:g} to "
                "{most_label:g}. Replace or remove the file.",
                path=path,
                least=x.min(),
                most=x.max(),
                least_label=y.min(),
                most_label=y.max(),
            )
        )


def download(name: str, title: str, others: str) -> dict[str, np.ndarray]:
    """The arrays `KERAS_ARRAYS` by name, from Keras' cache, else through its downloader.

    Args:
        others: Names of data sets that need no download, for the sentence.

    Raises:
        DatasetUnavailable: A sentence with the reason and the way out.
    """
    import keras

    module = {"mnist": keras.datasets.mnist, "fashion_mnist": keras.datasets.fashion_mnist}[name]
    try:
        (x_train, y_train), (x_test, y_test) = module.load_data()
    except Exception as error:
        raise DatasetUnavailable(
            Message(
                "{title} is not on this computer and could not be downloaded ({reason}). "
                "Put {name}.npz into $BOTTLENECK_DATA/{name}/, go online, or use one of: "
                "{others}.",
                title=Message(title),
                reason=_first_line(error),
                name=name,
                others=others,
            )
        ) from error
    return dict(zip(KERAS_ARRAYS, (x_train, y_train, x_test, y_test), strict=True))


def share_downloaded(name: str, total: int) -> float:
    """Share of `total` bytes that Keras' downloader has written for `name`, from 0 to 1."""
    folder = keras_cache()
    files = [*folder.glob(f"{name}.npz*"), *folder.glob(f"{name.replace('_', '-')}/*")]
    return min(1.0, sum(file.stat().st_size for file in files if file.is_file()) / total)


def keras_cache() -> Path:
    """Where Keras keeps downloaded data sets."""
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "datasets"


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
