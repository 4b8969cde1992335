"""The reader's own pictures, in a zip, a folder or single files, as grey images.

Nothing is written to disk, and no name from a zip is used as a path. Sizes are checked before files
are decoded; problems are raised as sentences.
"""

import contextlib
import functools
import io
import itertools
import os
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from core.message import Message

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
SIDE = 28
SYSTEM_FILES = ("__macosx", "thumbs.db", "desktop.ini")
MIN_PICTURES = 20
MAX_PICTURES = 5_000
MAX_ENTRIES = 4 * MAX_PICTURES
MAX_PICTURE_BYTES = 20_000_000
MAX_BYTES = 500_000_000
MAX_PIXELS = 50_000_000
MAX_SIDE = 20_000
MIN_CLASSES = 2
MAX_CLASSES = 20
MIN_CLASS_PICTURES = 5
LONGEST_NAME = 60
SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I")
TILE_SIDES = (322, 323)
ENCRYPTED = 0x1
ENTRY_SIGNATURE = b"PK\x01\x02"
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class ImagesRefused(ValueError):
    """The pictures cannot become a data set; the text is a sentence for the reader."""


class Pictures(NamedTuple):
    """Grey images of 28 · 28, sorted by name.

    Attributes:
        x: float32 [N, 784], multiples of 1/255.
        labels: int [N], all 0 without classes.
        class_names: One a label, () without classes.
    """

    x: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]


class _File(NamedTuple):
    """A file that is not opened yet; `size` in bytes, as its folder or zip declares it."""

    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]


def read_images(path: str | Path | BinaryIO) -> Pictures:
    """The pictures of a zip (its path, or the seekable binary file itself) or of a folder.

    Each is rotated as its EXIF says, blended with white, and cropped to the square in its middle.
    The folders that hold the pictures are the classes if there are 2 to 20 of them with at least 5
    pictures each. Hidden files, files of operating systems and symbolic links are ignored.

    Raises:
        ImagesRefused: No such path, a damaged or encrypted zip, fewer than 20 or more than 5,000
            files, more than 20 MB in one or 500 MB in all, more than 50 million pixels or 20,000
            along a side, or a file that is no whole picture.
    """
    if not isinstance(path, str | Path):
        name = getattr(path, "name", None)
        return _load_zip(path, _printable(str(name)) if name else Message("The file"))
    printable = _printable(str(path))
    try:
        if Path(path).is_dir():
            return _pictures(_files_in_folder(Path(path)))
        if Path(path).is_file():
            with Path(path).open("rb") as file:
                return _load_zip(file, printable)
        exists = Path(path).exists()
    except OSError as error:
        raise ImagesRefused(
            Message(
                "{file} cannot be read ({reason}): give the path of a zip or a folder of pictures.",
                file=printable,
                reason=error.strerror,
            )
        ) from error
    if exists:
        raise ImagesRefused(
            Message(
                "{file} is neither a folder nor a zip: give the path of a zip or a folder "
                "of pictures.",
                file=printable,
            )
        )
    raise ImagesRefused(
        Message(
            "{file} does not exist: give the path of a zip or a folder of pictures.", file=printable
        )
    )


def read_picture_files(files: Iterable[tuple[str, BinaryIO]]) -> Pictures:
    """The pictures of single files, each with its name; "cats/1.png" also names a class.

    Raises:
        ImagesRefused: As `read_images`.
    """
    given = list(itertools.islice(files, MAX_ENTRIES + 1))
    _check_entries(len(given))
    return _pictures(
        [
            _File(name, file.seek(0, os.SEEK_END), functools.partial(_rewound, file))
            for name, file in given
        ]
    )


def _rewound(file: BinaryIO) -> AbstractContextManager[BinaryIO]:
    """The file at its start, as a context manager that does not close it."""
    file.seek(0)
    return contextlib.nullcontext(file)


def _files_in_folder(folder: Path) -> list[_File]:
    files = []
    folders = [folder]
    num_entries = 0
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                num_entries += 1
                _check_entries(num_entries)
                if entry.is_dir(follow_symlinks=False) and not _is_ignored(entry.name):
                    folders.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    name = Path(entry.path).relative_to(folder).as_posix()
                    opener = functools.partial(io.FileIO, entry.path)
                    files.append(_File(name, entry.stat().st_size, opener))
    return files


def _load_zip(file: BinaryIO, printable: str) -> Pictures:
    """The pictures of a zip. Entries are counted before zipfile makes a list of them in memory."""
    try:
        _check_bytes(file.seek(0, os.SEEK_END))
        file.seek(0)
        blocks = iter(functools.partial(file.read, 1 << 20), b"")
        _check_entries(sum(block.count(ENTRY_SIGNATURE) for block in blocks))
        archive = zipfile.ZipFile(file)
    except ImagesRefused:
        raise
    except Exception as error:
        raise ImagesRefused(
            Message(
                "{file} is neither a folder nor an undamaged zip: zip the folder of "
                "pictures again.",
                file=printable,
            )
        ) from error
    with archive:
        return _pictures([_file_in_zip(archive, entry) for entry in archive.infolist()])


def _file_in_zip(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> _File:
    """An entry, if it is stored or deflated: zipfile decompresses others without a size limit."""
    if entry.flag_bits & ENCRYPTED:
        raise ImagesRefused(
            Message(
                "{file} is encrypted: zip it without a password.", file=_printable(entry.filename)
            )
        )
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ImagesRefused(
            Message(
                "{file} is compressed by the unusual method {method}: zip it with method "
                "{wanted} (deflate).",
                file=_printable(entry.filename),
                method=entry.compress_type,
                wanted=zipfile.ZIP_DEFLATED,
            )
        )
    return _File(entry.filename, entry.file_size, functools.partial(archive.open, entry))


def _pictures(files: list[_File]) -> Pictures:
    """Reads the pictures, sorted by name and then by pixels."""
    wanted = [file._replace(name=_plain(file.name)) for file in files if file.name[-1:] != "/"]
    wanted = [file for file in wanted if not any(map(_is_ignored, file.name.split("/")))]
    _check_files(wanted)
    pictures = sorted((file.name, _grey_levels(file)) for file in wanted)
    levels = np.frombuffer(b"".join(levels for _, levels in pictures), np.uint8)
    x = levels.reshape(len(pictures), SIDE * SIDE) / np.float32(255)
    labels, class_names = _classes([name for name, _ in pictures])
    return Pictures(x, labels, class_names)


def _plain(name: str) -> str:
    """The name with forward slashes and without parts such as "." and ".."."""
    return "/".join(part for part in name.replace("\\", "/").split("/") if part.strip("."))


def _is_ignored(part: str) -> bool:
    return not part or part.startswith(".") or part.casefold() in SYSTEM_FILES


def _printable(name: str) -> str:
    """The printable name, or its last 60 characters, for a sentence."""
    printable = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name
    )
    return printable if len(printable) <= LONGEST_NAME else "…" + printable[1 - LONGEST_NAME :]


def _classes(names: list[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Labels, int [N], and class names by the folders of names; all 0 and () without classes."""
    folders = [name.split("/")[:-1] for name in names]
    if len({tuple(path[:1]) for path in folders}) == 1:
        folders = [path[1:] for path in folders]
    innermost = ["".join(path[-1:]) for path in folders]
    counts = Counter(innermost)
    are_large = min(counts.values()) >= MIN_CLASS_PICTURES
    if "" in counts or not are_large or not MIN_CLASSES <= len(counts) <= MAX_CLASSES:
        return np.zeros(len(names), np.int64), ()
    classes = sorted(counts)
    labels = np.array([classes.index(name) for name in innermost])
    return labels, tuple(map(_printable, classes))


def _check_entries(count: int) -> None:
    if count > MAX_ENTRIES:
        raise ImagesRefused(
            Message(
                "There are {count:,} or more files and folders: leave at most {most:,} pictures.",
                count=count,
                most=MAX_PICTURES,
            )
        )


def _check_bytes(size: int) -> None:
    if size > MAX_BYTES:
        raise ImagesRefused(
            Message(
                "The pictures take {size:,} bytes: leave out so many that at most {most:,} remain.",
                size=size,
                most=MAX_BYTES,
            )
        )


def _check_files(files: list[_File]) -> None:
    """Checks number and declared sizes, before any file is read."""
    if not MIN_PICTURES <= len(files) <= MAX_PICTURES:
        raise ImagesRefused(
            Message(
                "{count:,} pictures were found: choose from {least} to {most:,}.",
                count=len(files),
                least=MIN_PICTURES,
                most=MAX_PICTURES,
            )
        )
    for file in files:
        if file.size > MAX_PICTURE_BYTES:
            raise ImagesRefused(
                Message(
                    "{file} takes {size:,} bytes: make it smaller than {most:,} or leave it out.",
                    file=_printable(file.name),
                    size=file.size,
                    most=MAX_PICTURE_BYTES,
                )
            )
    _check_bytes(sum(file.size for file in files))


def _grey_levels(file: _File) -> bytes:
    """The 28 · 28 grey levels of a picture; reads no more bytes than its declared size."""
    printable = _printable(file.name)
    try:
        with file.open() as opened:
            content = io.BytesIO(opened.read(file.size))
        with Image.open(content, formats=FORMATS) as image:
            _check_header(image, printable)
            return _thumbnail(image).tobytes()
    except ImagesRefused:
        raise
    except Exception as error:
        raise ImagesRefused(_problem(printable, error)) from error


def _problem(printable: str, error: Exception) -> str:
    """The sentence for any error that Pillow or zipfile raised on a file."""
    if isinstance(error, UnidentifiedImageError):
        return Message(
            "{file} is not a picture ({formats}): replace it or leave it out.",
            file=printable,
            formats=", ".join(FORMATS),
        )
    if isinstance(error, BOMBS):
        return Message(
            "{file} has far more than {most:,} pixels: replace it or leave it out.",
            file=printable,
            most=MAX_PIXELS,
        )
    return Message("{file} is damaged: replace it or leave it out.", file=printable)


def _check_header(image: Image.Image, printable: str) -> None:
    """Checks the sizes of a picture, and of the tiles of a TIFF, before pixels are decoded."""
    tags = getattr(image, "tag_v2", {})
    for width, height in (image.size, tuple(tags.get(side, 1) for side in TILE_SIDES)):
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
            raise ImagesRefused(
                Message(
                    "{file} has {width:,} × {height:,} pixels: make it smaller than {most:,} in "
                    "all and {most_side:,} along a side, or leave it out.",
                    file=printable,
                    width=width,
                    height=height,
                    most=MAX_PIXELS,
                    most_side=MAX_SIDE,
                )
            )
    if image.mode == "F":
        raise ImagesRefused(
            Message(
                "{file} has fractions for pixels: save it as PNG or leave it out.", file=printable
            )
        )


def _thumbnail(image: Image.Image) -> np.ndarray:
    """Grey levels, uint8 [28, 28]; 16 bits are rounded to 8 after resizing.

    A picture whose EXIF cannot be read is not rotated.
    """
    image.load()
    with contextlib.suppress(Exception):
        ImageOps.exif_transpose(image, in_place=True)
    grey = image if image.mode in SIXTEEN_BITS else _on_white(image)
    small = np.asarray(ImageOps.fit(grey, (SIDE, SIDE), Image.Resampling.LANCZOS))
    if grey is image:
        small = np.rint(np.clip(small, 0, 65_535) / 257)
    return small.astype(np.uint8)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("L")
    with_alpha = image.convert("RGBA")
    white = Image.new("L", image.size, 255)
    white.paste(with_alpha.convert("L"), mask=with_alpha.getchannel("A"))
    return white
