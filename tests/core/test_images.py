"""The reader's own pictures: what becomes of good ones, and a sentence for every hostile one."""

import io
import os
import random
import struct
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.data import uploads
from core.data.uploads import ImagesRefused
from core.datasets import Dataset, load_images, load_picture_files

SIZE = (28, 28)
RAMP = (np.arange(784) % 256).astype(np.uint8).reshape(SIZE)
ORIENTATION = 0x0112


def picture(content: np.ndarray | Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The bytes of a file with that picture."""
    buffer = io.BytesIO()
    image = content if isinstance(content, Image.Image) else Image.fromarray(content)
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def shade(level: int) -> bytes:
    return picture(np.full(SIZE, level, np.uint8))


def shades(count: int = 20, folder: str = "") -> dict[str, bytes]:
    """Files of one grey level each, which is their number."""
    return {f"{folder}{number:02}.png": shade(number) for number in range(count)}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def written(files: dict[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def load(files: dict[str, bytes]) -> Dataset:
    return load_images(io.BytesIO(zipped(files)))


def seen(content: bytes) -> np.ndarray:
    """What becomes of one picture: its grey levels from 0 to 255, [28, 28]."""
    data = load({f"{number}.png": content for number in range(20)})
    levels = data.x_train[0].astype(np.float64) * 255
    assert np.allclose(levels, np.rint(levels), atol=1e-4)
    return np.rint(levels).astype(int).reshape(SIZE)


def levels(x: np.ndarray) -> list[int]:
    """The one grey level of each row."""
    assert np.all(x == x[:, :1])
    return np.rint(x[:, 0] * 255).astype(int).tolist()


def refusal(source: object) -> str:
    """The sentence with which files in a zip, a zip's bytes or a path are refused."""
    if isinstance(source, dict):
        source = zipped(source)
    if isinstance(source, bytes):
        source = io.BytesIO(source)
    with pytest.raises(ImagesRefused) as refused:
        load_images(source)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert sentence.isprintable()
    return sentence


def refused_picture(content: bytes, name: str = "odd.png") -> str:
    """Why one file, first among good ones, is refused."""
    return refusal({name: content} | shades())


def png(width: int, height: int, pixels: bytes = b"\0" * 20) -> bytes:
    """A grey PNG whose header may promise more than it holds."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def same(a: Dataset, b: Dataset) -> bool:
    pairs = ((a.x_train, b.x_train), (a.x_test, b.x_test), (a.y_train, b.y_train))
    return a.class_names == b.class_names and all(np.array_equal(p, q) for p, q in pairs)


def test_a_zip_becomes_a_data_set(tmp_path: Path) -> None:
    path = tmp_path / "pictures.zip"
    path.write_bytes(zipped(shades(25)))
    data = load_images(path)
    assert data.x_train.shape == (20, 784)
    assert data.x_test.shape == (5, 784)
    assert data.x_train.dtype == data.x_test.dtype == np.float32
    assert data.image_shape == SIZE
    assert (data.y_train, data.y_test, data.class_names) == (None, None, ())
    assert sorted(levels(data.x_train) + levels(data.x_test)) == list(range(25))
    assert same(data, load_images(str(path)))


def test_zip_folder_and_single_files_say_the_same(tmp_path: Path) -> None:
    files = shades(12, "pets/cats/") | shades(11, "pets/dogs/")
    folder = written(files, tmp_path)
    data = load(files)
    singles = load_picture_files((name, io.BytesIO(content)) for name, content in files.items())
    assert data.class_names == ("cats", "dogs")
    assert same(data, load_images(folder))
    assert same(data, load_images(str(folder / "pets")))
    assert same(data, singles)


def test_the_given_file_may_be_read_again_and_from_anywhere() -> None:
    file = io.BytesIO(zipped(shades()))
    file.seek(7)
    assert same(load_images(file), load_images(file))
    file = io.BytesIO(shade(3))
    many = [(f"{number}.png", file) for number in range(20)]
    assert same(load_picture_files(many), load_picture_files(many))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_order_of_the_files_does_not_matter(method: int) -> None:
    names = list(shades(30, "a/") | shades(30, "b/"))
    files = {name: shade(place) for place, name in enumerate(names)}
    mixed = random.Random(0).sample(list(files.items()), len(files))
    a, b = (load_images(io.BytesIO(zipped(dict(f), method))) for f in (files.items(), mixed))
    assert same(a, b)
    assert levels(a.x_train) != sorted(levels(a.x_train))


def test_files_of_the_same_name_have_no_order_either() -> None:
    files = [("scan.png", io.BytesIO(shade(level))) for level in range(20)]
    assert same(load_picture_files(files), load_picture_files(reversed(files)))


def test_a_fifth_of_every_class_is_kept_for_the_test() -> None:
    data = load(shades(50, "many/") | shades(10, "few/") | shades(5, "least/"))
    assert data.class_names == ("few", "least", "many")
    assert np.bincount(data.y_test).tolist() == [2, 1, 10]
    assert np.bincount(data.y_train).tolist() == [8, 4, 40]


def test_labels_stay_with_their_pictures() -> None:
    dark = {f"dark/{number}.png": shade(number) for number in range(20)}
    bright = {f"bright/{number}.png": shade(200 + number) for number in range(20)}
    data = load(dark | bright)
    for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test)):
        assert [data.class_names[label] for label in y] == [
            "bright" if level >= 200 else "dark" for level in levels(x)
        ]


def folders(*names: str, count: int = 10) -> dict[str, bytes]:
    return {name: content for folder in names for name, content in shades(count, folder).items()}


CLASSES = {
    "two": (folders("a/", "b/"), ("a", "b")),
    "twenty": (
        folders(*(f"{n:02}/" for n in range(20)), count=5),
        tuple(f"{n:02}" for n in range(20)),
    ),
    "twenty-one": (folders(*(f"{n}/" for n in range(21)), count=5), ()),
    "a common root": (folders("all/a/", "all/b/"), ("a", "b")),
    "only a root": (folders("all/", count=20), ()),
    "one within the root": (folders("all/a/", count=20), ()),
    "deeper": (folders("train/a/", "train/b/", "test/a/", "test/b/"), ("a", "b")),
    "a root with pictures of its own": (folders("all/", "all/a/", "all/b/"), ()),
    "a small class": (folders("a/", "b/") | folders("c/", count=4), ()),
    "backslashes": (folders("all\\a\\", "all\\b\\"), ("a", "b")),
    "unprintable": (folders("a\x07/", "\u202eb/"), ("a\ufffd", "\ufffdb")),
}


@pytest.mark.parametrize(("files", "names"), CLASSES.values(), ids=CLASSES)
def test_folders_are_classes(files: dict[str, bytes], names: tuple[str, ...]) -> None:
    data = load(files)
    assert data.class_names == names
    assert (data.y_train is None) == (data.y_test is None) == (names == ())


LITTER = (
    ".DS_Store",
    "a/.hidden.png",
    ".git/config.png",
    "__MACOSX/a/._00.png",
    "a/Thumbs.db",
    "Desktop.ini",
    "empty/",
)


def test_litter_is_passed_over(tmp_path: Path) -> None:
    files = shades(20, "a/")
    litter = dict.fromkeys(LITTER, b"no picture")
    assert same(load(files | litter), load(files))
    folder = written(files | {name: b"no" for name in LITTER if name[-1] != "/"}, tmp_path)
    (folder / "empty").mkdir()
    assert same(load_images(folder), load(files))


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder = written(shades(), tmp_path / "inside")
    outside = written(shades(20, "more/"), tmp_path / "outside")
    (folder / "link.png").symlink_to(outside / "more" / "01.png")
    (folder / "link").symlink_to(outside, target_is_directory=True)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "pipe.png")
    assert same(load_images(folder), load(shades()))


@pytest.mark.parametrize("root", ["../../", "/etc/", "C:\\pictures\\", "./a/../", "a//"])
def test_names_of_a_zip_are_no_paths(
    root: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert same(load(shades(20, root)), load(shades()))
    assert list(tmp_path.rglob("*")) == [tmp_path / "here"]


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF", "PPM"])
def test_grey_levels_are_kept(kind: str) -> None:
    assert np.array_equal(seen(picture(RAMP, kind)), RAMP)


def test_formats_with_losses_are_nearly_kept() -> None:
    smooth = np.add.outer(np.arange(28), np.arange(28)).astype(np.uint8)
    for kind in ("JPEG", "WEBP"):
        assert np.abs(seen(picture(smooth, kind, quality=95)) - smooth).max() < 8
    assert np.array_equal(seen(picture(Image.fromarray(RAMP), "WEBP", lossless=True)), RAMP)


def test_rows_are_exact_multiples() -> None:
    data = load(dict.fromkeys(shades(), picture(RAMP)))
    assert np.array_equal(data.x_train[0], RAMP.ravel() / np.float32(255))


def test_equal_pictures_without_any_variance_are_allowed() -> None:
    data = load(dict.fromkeys(shades(), shade(9)))
    assert set(levels(data.x_train)) == {9}


def test_colours_become_grey() -> None:
    assert set(seen(picture(Image.new("RGB", (9, 9), "red"))).ravel()) == {76}
    assert set(seen(picture(Image.new("P", (9, 9), 0))).ravel()) == {0}
    assert set(seen(picture(Image.new("1", (9, 9), 1))).ravel()) == {255}
    assert set(seen(picture(Image.new("CMYK", (9, 9)), "JPEG")).ravel()) == {255}


@pytest.mark.parametrize("shape", [(28, 84), (84, 28)])
def test_the_middle_is_cropped(shape: tuple[int, int]) -> None:
    wide = np.zeros(shape, np.uint8)
    middle = tuple(slice((side - 28) // 2, (side + 28) // 2) for side in shape)
    wide[middle] = RAMP
    assert np.array_equal(seen(picture(wide)), RAMP)


def test_a_large_picture_is_averaged_and_a_single_pixel_grows() -> None:
    halves = np.zeros((560, 560), np.uint8)
    halves[:, 280:] = 200
    small = seen(picture(halves))
    assert set(small[:, :10].ravel()) == {0}
    assert set(small[:, 18:].ravel()) == {200}
    assert set(seen(picture(np.full((1, 1), 77, np.uint8))).ravel()) == {77}
    assert set(seen(picture(np.full((1, 999), 77, np.uint8))).ravel()) == {77}


TURNS: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda a: np.rot90(a, -1),
    7: lambda a: np.rot90(a, 2).T,
    8: np.rot90,
}


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("orientation", TURNS)
def test_pictures_are_turned_as_their_exif_says(orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    assert np.array_equal(seen(picture(RAMP, kind, exif=exif)), TURNS[orientation](RAMP))


def test_an_exif_of_garbage_leaves_the_picture_as_it_lies() -> None:
    levels = seen(picture(np.full(SIZE, 50, np.uint8), "JPEG", exif=b"Exif\0\0garbage, no TIFF"))
    assert set(levels.ravel()) == {50}


def test_transparency_lies_on_white() -> None:
    alpha = np.zeros(SIZE, np.uint8)
    alpha[:, :14] = 255
    expected = np.where(alpha, RAMP, 255)
    rgba = Image.fromarray(np.dstack([RAMP, RAMP, RAMP, alpha]))
    for kind in ("PNG", "TIFF"):
        assert np.array_equal(seen(picture(rgba, kind)), expected)
        assert np.array_equal(seen(picture(rgba.convert("LA"), kind)), expected)
    half = Image.new("RGBA", SIZE, (0, 0, 0, 128))
    assert set(seen(picture(half)).ravel()) == {127}
    for kind in ("PNG", "GIF"):
        key = picture(Image.fromarray(np.where(alpha, 7, 0).astype(np.uint8)), kind, transparency=0)
        assert np.array_equal(seen(key), np.where(alpha, 7, 255))


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("L", SIZE, level) for level in (40, 80)]
    for kind in ("GIF", "PNG", "TIFF"):
        movie = picture(frames[0], kind, save_all=True, append_images=frames[1:])
        assert set(seen(movie).ravel()) == {40}


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_sixteen_bits_become_eight(kind: str) -> None:
    assert np.array_equal(seen(picture(RAMP.astype(np.uint16) * 257, kind)), RAMP)


@pytest.mark.parametrize("kind", ["PNG", "PPM"])
def test_sixteen_bits_do_not_overflow_when_made_smaller(kind: str) -> None:
    halves = np.zeros((560, 560), np.uint16)
    halves[:, 280:] = 65_535
    small = seen(picture(halves, kind))
    assert set(small[:, :13].ravel()) <= set(range(30))
    assert set(small[:, 15:].ravel()) <= set(range(225, 256))


def test_what_is_no_path_is_refused(tmp_path: Path) -> None:
    assert "nowhere.zip does not exist" in refusal(tmp_path / "nowhere.zip")
    assert "does not exist" in refusal("null\0byte")
    assert "cannot be read" in refusal("long" * 2_000)
    os.mkfifo(tmp_path / "pipe")
    assert "pipe is neither a folder nor a zip" in refusal(tmp_path / "pipe")


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    whole = zipped(shades())
    spoilt = whole.replace(uploads.ENTRY_SIGNATURE, b"PK\x01\x03")
    for content in (b"", b"hello", b"PK", shade(3), whole[:-30], whole[: len(whole) // 2], spoilt):
        path = tmp_path / "odd.zip"
        path.write_bytes(content)
        assert "odd.zip is neither a folder nor an undamaged zip" in refusal(path)
        assert "The file is neither" in refusal(content)


def test_too_few_pictures_are_counted(tmp_path: Path) -> None:
    for count in (0, 1, 19):
        files = shades(count) | {".DS_Store": b"", "a/": b""}
        assert refusal(files).startswith(f"{count} pictures were found")
        assert "20 to 5,000" in refusal(files)
    assert refusal(tmp_path).startswith("0 pictures were found")
    with pytest.raises(ImagesRefused, match="^0 pictures were found"):
        load_picture_files([])


def many(count: int) -> dict[str, bytes]:
    return {f"{number}.png": b"" for number in range(count)}


@pytest.mark.parametrize(("count", "told"), [(5_001, "5,001"), (20_001, "20,001")])
def test_too_many_files_are_refused_unread(count: int, told: str, tmp_path: Path) -> None:
    files = many(count)
    start = time.perf_counter()
    assert told in refusal(zipped(files, zipfile.ZIP_STORED))
    assert told in refusal(written(files, tmp_path))
    with pytest.raises(ImagesRefused, match=told):
        load_picture_files((name, io.BytesIO()) for name in files)
    assert time.perf_counter() - start < 20


def test_a_zip_of_endless_entries_is_not_even_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert "20,001" in refusal(uploads.ENTRY_SIGNATURE * 20_001)


def sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    written(shades(), tmp_path)
    sparse(tmp_path / "odd.png", uploads.MAX_PICTURE_BYTES + 1)
    assert "odd.png takes 20,000,001 bytes" in refusal(tmp_path)
    assert "odd.png takes 20,000,001 bytes" in refused_picture(b"\0" * 20_000_001)
    sparse(tmp_path / "odd.png", uploads.MAX_PICTURE_BYTES)
    assert "odd.png is not a picture" in refusal(tmp_path)


def test_too_much_in_all_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(26):
        sparse(tmp_path / f"{number}.png", 19_500_000)
    assert refusal(tmp_path).startswith("The pictures take 507,000,000 bytes")
    sparse(tmp_path / "large.zip", 500_000_001)
    assert refusal(tmp_path / "large.zip").startswith("The pictures take 500,000,001 bytes")
    monkeypatch.setattr(uploads, "MAX_BYTES", 50_000)
    zeros = {f"{number}.png": b"\0" * 2_500 for number in range(21)}
    assert refusal(zeros).startswith("The pictures take 52,500 bytes")


def with_size(archive: bytes, name: str, size: int) -> bytes:
    """The zip whose list declares another unpacked size of that entry."""
    start = archive.rindex(uploads.ENTRY_SIGNATURE, 0, archive.rindex(name.encode()))
    return archive[: start + 24] + struct.pack("<I", size) + archive[start + 28 :]


@pytest.mark.parametrize("size", [0, 1, 100, 20_000_000])
def test_a_zip_that_lies_about_a_size_is_not_unpacked_further(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = []
    unpack = zipfile.ZipExtFile.read

    def read(file: zipfile.ZipExtFile, n: int) -> bytes:
        content = unpack(file, n)
        most.append(len(content))
        return content

    monkeypatch.setattr(zipfile.ZipExtFile, "read", read)
    bomb = zipped(shades() | {"odd.png": b"\0" * 50_000_000})
    assert "odd.png is" in refusal(with_size(bomb, "odd.png", size))
    assert max(most) <= max(size, 1_000)


def test_an_honest_bomb_of_zeros_is_not_unpacked_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped(shades() | {"odd.png": b"\0" * 50_000_000})
    monkeypatch.setattr(uploads, "_grey_levels", None)
    assert "odd.png takes 50,000,000" in refusal(bomb)


@pytest.mark.parametrize(
    ("method", "number"), [(zipfile.ZIP_BZIP2, 12), (zipfile.ZIP_LZMA, 14), (None, 99)]
)
def test_unusual_compression_is_refused(method: int | None, number: int) -> None:
    if method is None:
        archive = zipped(shades())
        start = archive.index(uploads.ENTRY_SIGNATURE)
        archive = archive[: start + 10] + struct.pack("<H", 99) + archive[start + 12 :]
    else:
        archive = zipped(shades(), method)
    assert f"00.png is compressed by the unusual method {number}" in refusal(archive)


def test_an_encrypted_zip_is_refused() -> None:
    archive = zipped(shades())
    start = archive.index(uploads.ENTRY_SIGNATURE)
    locked = archive[: start + 8] + b"\x01" + archive[start + 9 :]
    assert "00.png is encrypted: zip it without a password." in refusal(locked)


BOMBS = {
    "Pillow's error": (30_000, 30_000),
    "Pillow's warning": (10_000, 10_000),
    "neither": (8_000, 6_251),
    "a long side": (20_001, 1),
    "a high side": (1, 20_001),
    "beyond all": (2**31 - 1, 2**31 - 1),
}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("size", BOMBS.values(), ids=BOMBS)
def test_pictures_of_too_many_pixels_are_not_decoded(
    size: tuple[int, int], strict: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_thumbnail", None)
    with warnings.catch_warnings():
        warnings.simplefilter("error" if strict else "ignore")
        sentence = refused_picture(png(*size))
    assert "50,000,000" in sentence
    if 0 < size[0] * size[1] < Image.MAX_IMAGE_PIXELS:
        assert f"odd.png has {size[0]:,} × {size[1]:,} pixels" in sentence


def tiff(tags: dict[int, int], content: bytes) -> bytes:
    """A little-endian TIFF; the last two tags say where the content is, and how much of it."""
    start = 8 + 2 + 12 * (len(tags) + 2) + 4
    tags = tags | {324: start, 325: len(content)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + b"\0" * 4 + content


def test_a_tiff_of_huge_tiles_is_not_decoded() -> None:
    tags = {256: 28, 257: 28, 258: 8, 259: 8, 262: 1, 277: 1}
    small = tiff(tags | {322: 32, 323: 32}, zlib.compress(b"\x05" * 1_024))
    assert set(seen(small).ravel()) == {5}
    huge = tiff(tags | {322: 30_000, 323: 30_000}, zlib.compress(b"\x05" * 1_024))
    assert "30,000 × 30,000" in refused_picture(huge, "odd.tif")


JPEG = picture(np.random.default_rng(0).integers(0, 256, (99, 99), np.uint8), "JPEG")
NO_PICTURES = {
    "empty": b"",
    "text": b"hello, I am a text",
    "a zip within the zip": zipped(shades()),
    "a page": b"<html><svg xmlns='http://www.w3.org/2000/svg'/></html>",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "a format that is not asked for": picture(RAMP, "ICO"),
    "no width": png(0, 28),
    "no height": png(28, 0),
    "GIF without a side": picture(RAMP, "GIF").replace(b"\x1c\0\x1c\0", bytes(4)),
    "BMP without a side": picture(RAMP, "BMP")[:18] + b"\0" * 8 + picture(RAMP, "BMP")[26:],
}
DAMAGED = {
    "truncated JPEG": JPEG[: len(JPEG) // 2],
    "truncated PNG": picture(RAMP)[:-80],
    "truncated GIF": picture(RAMP, "GIF")[:-80],
    "truncated TIFF": picture(RAMP, "TIFF", compression="tiff_lzw")[:-300],
    "truncated BMP": picture(RAMP, "BMP")[:-80],
    "truncated PPM": picture(RAMP, "PPM")[:-80],
    "PPM of nonsense": b"P5 x y 255 ",
    "PPM without a side": b"P5 0 28 255 ",
    "PNG of wrong bytes": picture(RAMP).replace(b"IDAT", b"IDAT\xff"),
}


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_picture_is_named(content: bytes) -> None:
    assert "odd.png is not a picture (PNG, JPEG" in refused_picture(content)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_whole_picture_is_named(content: bytes) -> None:
    assert "odd.png is" in refused_picture(content)


def test_fractions_name_no_white() -> None:
    assert "odd.tif has fractions" in refused_picture(
        picture(np.zeros(SIZE, np.float32), "TIFF"), "odd.tif"
    )


def test_names_in_sentences_are_short_and_printable(tmp_path: Path) -> None:
    sentence = refused_picture(b"no", "a" * 300 + "\x1b[31m\u202e\n.png")
    name = sentence.partition(" is not")[0]
    assert len(name) == 60
    assert name.startswith("…aaa")
    assert name.endswith("a\ufffd[31m\ufffd\ufffd.png")
    written(shades(), tmp_path)
    (tmp_path / os.fsdecode(b"\xff.png")).write_bytes(b"no")
    assert refusal(tmp_path).startswith("\ufffd.png is not a picture")


def test_a_file_that_cannot_be_opened_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    written(shades(), tmp_path)
    monkeypatch.setattr(uploads.io, "FileIO", refuse)
    assert ".png is damaged" in refusal(tmp_path)
    monkeypatch.setattr(uploads.os, "scandir", refuse)
    assert "cannot be read (Permission denied)" in refusal(tmp_path)


WHOLE = zipped(shades(folder="a/") | {"a/turned.jpg": JPEG}, zipfile.ZIP_DEFLATED)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6))
def test_no_spoilt_byte_of_a_zip_is_more_than_a_sentence(spoilt: list[tuple[int, int]]) -> None:
    content = bytearray(WHOLE)
    for place, value in spoilt:
        content[place] = value
    check_spoilt(bytes(content))


@pytest.mark.parametrize("kind", uploads.FORMATS)
def test_no_spoilt_byte_of_a_picture_is_more_than_a_sentence(kind: str) -> None:
    rng, whole = random.Random(0), picture(RAMP[:9, :9], kind)
    files = shades()
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        check_spoilt(zipped(files | {"odd": bytes(content)}, zipfile.ZIP_STORED))


def check_spoilt(content: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            data = load_images(io.BytesIO(content))
        except ImagesRefused as refused:
            assert str(refused).endswith(".")
        else:
            assert data.input_dim == 784
