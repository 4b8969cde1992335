"""Visitors' own data in files: pictures as arrays, texts as JSON; and the small pictures of kept
runs. Imports no TensorFlow.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from core import datasets
from core.data.keras_files import UNREADABLE
from core.datasets import Dataset
from core.files import replacing
from core.text import tasks
from core.text.tasks import SPLITS, TextTask

ARRAYS = ("x_train", "x_test", "y_train", "y_test")
MOST_IMAGES = 10


class Picture(NamedTuple):
    """What a network made of some images: x and x_hat [N, D], from 0 to 1.

    Attributes:
        image_shape: (H, W).
        kind: As in `core.datasets.DatasetInfo`.
    """

    x: np.ndarray
    x_hat: np.ndarray
    image_shape: tuple[int, int]
    kind: str


def write_picture(path: Path, picture: Picture) -> None:
    """Writes a picture: the first ten images, one byte per number. Raises OSError."""
    x, x_hat = (_to_bytes(each[:MOST_IMAGES]) for each in (picture.x, picture.x_hat))
    with replacing(path) as file:
        shape = np.array(picture.image_shape)
        np.savez_compressed(file, x=x, x_hat=x_hat, image_shape=shape, kind=np.array(picture.kind))


def read_picture(path: Path) -> Picture | None:
    """Inverse of `write_picture`; None where it is gone or damaged."""
    try:
        with np.load(path, allow_pickle=False) as file:
            x, x_hat = (file[name].astype(np.float32) / 255 for name in ("x", "x_hat"))
            height, width = (int(size) for size in file["image_shape"])
            kind = str(file["kind"])
        np.broadcast_shapes(x.shape, x_hat.shape, (len(x), height * width))
    except UNREADABLE:
        return None
    return Picture(x, x_hat, (height, width), kind)


def _to_bytes(x: np.ndarray) -> np.ndarray:
    return np.rint(np.clip(x, 0, 1) * 255).astype(np.uint8)


def find(name: str) -> Dataset | TextTask | None:
    """The own data of that name, if somebody holds them; else None."""
    return datasets.own_data(name) or tasks.own_task(name)


def write(path: Path, data: Dataset | TextTask) -> None:
    """Writes own data. Raises OSError."""
    with replacing(path) as file:
        if isinstance(data, TextTask):
            file.write(json.dumps(_values(data)).encode())
            return
        arrays = {name: getattr(data, name) for name in ARRAYS if getattr(data, name) is not None}
        shape = np.array(data.image_shape or ())
        names = np.array(data.class_names, dtype=str)
        np.savez_compressed(file, **arrays, image_shape=shape, class_names=names)


def read(path: Path, name: str) -> Dataset | TextTask | None:
    """Registers own data from a file under the name that they had, unless somebody holds them, and
    returns them; None where they are gone or damaged.
    """
    held = find(name)
    if held is not None:
        return held
    try:
        data = _pictures(path) if path.suffix == ".npz" else _texts(path)
    except (*UNREADABLE, RecursionError):
        return None
    if isinstance(data, TextTask):
        tasks.adopt(name, data)
    else:
        datasets.adopt(name, data)
    return data


def _pictures(path: Path) -> Dataset:
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in ARRAYS if name in file}
        shape = tuple(int(size) for size in file["image_shape"])
        names = tuple(str(name) for name in file["class_names"])
    return Dataset(**arrays, image_shape=shape or None, class_names=names)  # type: ignore[arg-type]


def _values(task: TextTask) -> dict[str, Any]:
    labels = None if task.labels is None else task.labels.tolist()
    splits = {name: task.splits[name].tolist() for name in SPLITS}
    return {"texts": list(task.texts), "labels": labels, "class_names": list(task.class_names),
            "splits": splits, "kind": task.kind}  # fmt: skip


def _texts(path: Path) -> TextTask:
    values = json.loads(path.read_bytes())
    labels = values["labels"]
    return TextTask(
        tuple(map(str, values["texts"])),
        None if labels is None else np.array(labels, np.int64),
        tuple(map(str, values["class_names"])),
        {name: np.array(values["splits"][name], np.int64) for name in SPLITS},
        str(values["kind"]),
    )
