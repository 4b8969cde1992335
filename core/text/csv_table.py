"""Reads and checks a table of text and label that somebody brought. Imports no TensorFlow.

Whatever is wrong is a ValueError of one sentence: the line, what was received, what is wanted.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from core.message import Message
from core.text.alphabet import fold

MAX_BYTES = 20_000_000
MAX_ROWS = 100_000
MAX_CLASSES = 50
MAX_CLASS_NAME = 60
MIN_TEXTS = 3
MAX_CELL = 1_000_000
DELIMITERS = ("\t", ";", ",")
TEXT_HEADINGS = {"text", "texts", "word", "name", "sentence", "snippet", "input"}
LABEL_HEADINGS = {"label", "labels", "class", "category", "target", "language"}
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
WANTED = Message("A row is a text and its label, such as: talo,Finnish.")


class Table(NamedTuple):
    """N texts and as many labels, as they were written."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]


def read_table(source: str | Path | IO[bytes] | IO[str]) -> Table:
    """Reads and checks a table; see `TextTask.from_csv`.

    Raises:
        ValueError: One sentence with the line, what was received and what is wanted.
    """
    text = _decode(_read(source))
    if not text.strip():
        raise ValueError(Message("The table is empty. {wanted}", wanted=WANTED))
    _check_controls(text)
    rows = list(_rows(text))
    lines = [line for line, _ in rows]
    texts, labels = zip(*(cells for _, cells in rows), strict=True) if rows else ((), ())
    if not rows:
        raise ValueError(Message("The table has a heading and no rows. {wanted}", wanted=WANTED))
    _check_classes(texts, labels, lines)
    return Table(texts, labels)


def _read(source: str | Path | IO[bytes] | IO[str]) -> bytes:
    if isinstance(source, str | Path):
        with Path(source).open("rb") as file:
            content: bytes | str = file.read(MAX_BYTES + 1)
    else:
        content = source.read(MAX_BYTES + 1)
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    if len(content) > MAX_BYTES:
        raise ValueError(
            Message(
                "A table may be {most} MB long; received a longer one.", most=MAX_BYTES // 10**6
            )
        )
    return content


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError(Message("Line 1 begins like UTF-16; save the table as UTF-8."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line_at(content[: error.start].decode("latin-1"))
        byte = content[error.start]
        raise ValueError(
            Message(
                "Line {line} is not UTF-8: it holds the byte 0x{byte:02x}. Save the table "
                "as UTF-8.",
                line=line,
                byte=byte,
            )
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_controls(text: str) -> None:
    match = CONTROL.search(text)
    if match:
        line = _line_at(text[: match.start()])
        code = ord(match.group())
        raise ValueError(
            Message(
                "Line {line} holds the control character U+{code:04X}; remove it.",
                line=line,
                code=code,
            )
        )


def _line_at(before: str) -> int:
    """The number of the line, from 1, in which the text `before` ends."""
    return len(before.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _rows(text: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Line number, text and label of every row; the heading and blank lines are left out."""
    swapped = False
    num_rows = 0
    is_first = True
    for line, cells in _records(text, _delimiter(text)):
        if is_first and _is_heading(cells):
            swapped = cells[0].casefold() in LABEL_HEADINGS
        else:
            _check_cells(line, cells, swapped)
            num_rows += 1
            if num_rows > MAX_ROWS:
                raise ValueError(
                    Message(
                        "A table may have {most:,} rows; line {line} is one more. Shorten it.",
                        most=MAX_ROWS,
                        line=line,
                    )
                )
            yield line, (cells[1], cells[0]) if swapped else (cells[0], cells[1])
        is_first = False


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows as `csv` reads them, with the line each begins on."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ValueError(_unreadable(error, line, text)) from None
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]


def _unreadable(error: csv.Error, line: int, text: str) -> str:
    """The sentence for an error of `csv` in the row that begins on `line`."""
    if "field larger" in str(error):
        return Message(
            "Line {line} has a text of more than {most:,} characters; shorten it.",
            line=line,
            most=MAX_CELL,
        )
    start = text.split("\n", line)[line - 1]
    return Message(
        'Line {line} has unbalanced quotes: it begins {start}. Write " as "" '
        "between quotes, or leave quotes out.",
        line=line,
        start=_short(start),
    )


def _delimiter(text: str) -> str:
    """What splits the first line into two: tab, semicolon or comma; else the comma."""
    first = text.lstrip("\n").split("\n", 1)[0]
    for delimiter in DELIMITERS:
        try:
            if len(next(csv.reader([first], delimiter=delimiter))) == 2:
                return delimiter
        except csv.Error:
            break
    return ","


def _is_heading(cells: list[str]) -> bool:
    if len(cells) != 2:
        return False
    first, second = (cell.casefold() for cell in cells)
    return (first in TEXT_HEADINGS and second in LABEL_HEADINGS) or (
        first in LABEL_HEADINGS and second in TEXT_HEADINGS
    )


def _check_cells(line: int, cells: list[str], swapped: bool) -> None:
    if len(cells) != 2:
        received = " | ".join(cells)
        count = Message("1 column")
        if len(cells) != 1:
            count = Message("{count} columns", count=len(cells))
        raise ValueError(
            Message(
                "Line {line} has {count}, not 2: {received}. {wanted}",
                line=line,
                count=count,
                received=_short(received),
                wanted=WANTED,
            )
        )
    text, label = cells[::-1] if swapped else cells
    if not text or not label:
        if text:
            raise ValueError(
                Message(
                    "Line {line} has no label, only {text}. {wanted}",
                    line=line,
                    text=_short(text),
                    wanted=WANTED,
                )
            )
        raise ValueError(
            Message(
                "Line {line} has no text, only {label}. {wanted}",
                line=line,
                label=_short(label),
                wanted=WANTED,
            )
        )
    if len(label) > MAX_CLASS_NAME:
        raise ValueError(
            Message(
                "A label may have {most} characters; that of line {line} has {length}: {label}.",
                most=MAX_CLASS_NAME,
                line=line,
                length=len(label),
                label=_short(label),
            )
        )


def _check_classes(texts: tuple[str, ...], labels: tuple[str, ...], lines: list[int]) -> None:
    """Refuses more than 50 labels, only one, or one with fewer than 3 different texts."""
    first_line: dict[str, int] = {}
    for label, line in zip(labels, lines, strict=True):
        first_line.setdefault(label, line)
        if len(first_line) > MAX_CLASSES:
            raise ValueError(
                Message(
                    "A table may have {most} labels; {label} in line {line} is one more. Is the "
                    "second column the label?",
                    most=MAX_CLASSES,
                    label=_short(label),
                    line=line,
                )
            )
    if len(first_line) == 1:
        raise ValueError(
            Message(
                "Every row from line {line} on has the label {label}; at least two "
                "different ones are needed.",
                line=lines[0],
                label=_short(labels[0]),
            )
        )
    label_of: dict[str, str] = {}
    for text, label in zip(texts, labels, strict=True):
        label_of.setdefault(fold(text), label)
    counts = Counter(label_of.values())
    for label, line in first_line.items():
        if counts[label] < MIN_TEXTS:
            raise ValueError(
                Message(
                    "The label {label} (first in line {line}) has {texts}; {least} at least "
                    "are needed: for training, validation and test.",
                    label=_short(label),
                    line=line,
                    texts=_different_texts(counts[label]),
                    least=MIN_TEXTS,
                )
            )


def _different_texts(count: int) -> Message:
    if count == 1:
        return Message("1 different text")
    return Message("{count} different texts", count=count)


def _short(text: str) -> str:
    """The text in quotes, cut to 40 characters."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")
