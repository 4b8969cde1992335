"""Tasks by name, `load_task(name)`, and tables of text and label that somebody brought. Imports no
TensorFlow.

N texts, K classes.
"""

import functools
import hashlib
import sys
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import IO

import numpy as np

from core.data.keras_files import UNREADABLE
from core.datasets import cache_folder, save_cache
from core.message import Message
from core.text import alphabet, csv_table, german, word_tables
from core.text.alphabet import fold

SPLITS = ("train", "validation", "test")
OWN_PREFIX = "own-"
EPOCH_TEXTS = 60_000
LECTURE = ("hello world", "machine learning", "deep learning")


@dataclass(frozen=True)
class TaskInfo:
    """What is known of a task before it is loaded.

    Attributes:
        title: For the reader.
        kind: What a text is: "word" (one word) or "text" (several).
        num_train: Texts for training.
        class_names: K names.
        version: Counts up when the texts change, so that no checkpoint is taken for one of other
            texts. Version 1 of a table of words: German ones with ß; of the toy: label 1 is the
            greeting, as in the lecture.
    """

    title: str
    kind: str
    num_train: int
    class_names: tuple[str, ...]
    version: int = 0

    @property
    def epoch_texts(self) -> int:
        """Texts in one epoch: all for training, or an equal share of at most 60,000 of them.

        The shares of a large task follow one another until every text has been seen.
        """
        return epoch_texts(self.num_train)


_NAMES = tuple(word_tables.LANGUAGES.values())
TASKS: dict[str, TaskInfo] = {
    "language": TaskInfo("Which language is this word?", "word", 654_417, _NAMES, 1),
    "entity": TaskInfo("Name, place or ordinary word?", "word", 17_239, word_tables.ENTITIES, 1),
    "snippet": TaskInfo("Which language is this snippet?", "text", 48_000, _NAMES, 1),
    "toy": TaskInfo("The lecture's three sentences", "text", 3, ("learning", "greeting"), 1),
}


@dataclass(frozen=True, eq=False)
class TextTask:
    """Texts with labels, and a fixed split of them.

    Attributes:
        texts: N strings.
        labels: int64 [N], numbers of classes; None where there are none.
        class_names: K names.
        splits: Row numbers by "train", "validation" and "test". No text is in two of them, but in
            the lecture's toy, whose three sentences are all there is.
        kind: "word" or "text".
    """

    texts: Sequence[str]
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    splits: Mapping[str, np.ndarray] = field(default_factory=dict)
    kind: str = "text"

    def __post_init__(self) -> None:
        if self.labels is not None:
            _check_labels(len(self.texts), self.labels, self.num_classes)
        if not self.splits:
            groups = np.zeros(len(self.texts), int) if self.labels is None else self.labels
            folded = [fold(text) for text in self.texts]
            object.__setattr__(self, "splits", split(folded, groups))

    @property
    def num_classes(self) -> int:
        return len(self.class_names)

    @property
    def num_bytes(self) -> int:
        """What its texts take in memory, with their labels."""
        labels = 0 if self.labels is None else self.labels.nbytes
        return labels + sum(map(sys.getsizeof, self.texts))

    def rows(self, name: str) -> tuple[list[str], np.ndarray]:
        """Texts and labels of a split.

        Raises:
            ValueError: The task has no labels.
        """
        if self.labels is None:
            raise ValueError(Message("A classifier needs labels; received a task without any."))
        rows = self.splits[name]
        return [self.texts[row] for row in rows], self.labels[rows]

    @classmethod
    def from_csv(cls, source: str | Path | IO[bytes] | IO[str]) -> "TextTask":
        """An own table of text and label: a path, or an open file (upload, pasted lines).

        Two columns between commas, semicolons or tabs, with or without a heading (text, label);
        UTF-8. One fifth of the texts is held out, half of it for validation.

        Raises:
            ValueError: One sentence with the line, what was received and what is wanted.
        """
        table = csv_table.read_table(source)
        names, labels = np.unique(np.array(table.labels), return_inverse=True)
        kind = "text" if any(len(text.split()) > 1 for text in table.texts) else "word"
        return cls(table.texts, labels.astype(np.int64), tuple(names.tolist()), kind=kind)


def _check_labels(num_texts: int, labels: np.ndarray, num_classes: int) -> None:
    if len(labels) != num_texts:
        raise ValueError(f"{num_texts} texts need as many labels; received {len(labels)}.")
    if num_classes < 2 or not 0 <= np.min(labels) <= np.max(labels) < num_classes:
        raise ValueError(
            f"Labels are numbers of two classes or more, from 0; received {np.min(labels)} to "
            f"{np.max(labels)} for {num_classes} class names."
        )


def split(
    texts: Sequence[str], labels: np.ndarray, share: float = 0.1, most: int = 1_000
) -> dict[str, np.ndarray]:
    """Rows for testing and for validation: a share of the different texts of every class each, 1
    at least and `most` at most; the rest is for training. The order is random, by a fixed seed.

    Equal texts stay together, so that no test text has been seen in training.
    """
    first_row = dict(zip(reversed(texts), range(len(texts) - 1, -1, -1), strict=True))
    first_rows = np.sort(list(first_row.values()))
    rng = np.random.default_rng(0)
    split_of = np.zeros(len(texts), np.int8)  # [N], indices of `SPLITS`
    for label in np.unique(labels):
        rows = rng.permutation(first_rows[labels[first_rows] == label])
        count = min(max(1, round(share * len(rows))), most)
        split_of[rows[:count]] = SPLITS.index("test")
        split_of[rows[count : 2 * count]] = SPLITS.index("validation")
    if len(first_rows) < len(texts):
        split_of = split_of[[first_row[text] for text in texts]]
    return {name: rng.permutation(np.flatnonzero(split_of == i)) for i, name in enumerate(SPLITS)}


def load_task(name: str) -> TextTask:
    """The task `name`, one of `TASKS`, or own data known here; the last few stay in memory.

    - language: up to 60,000 words for each of 12 languages; see `word_tables.language_words`.
    - entity: names, places and ordinary words; see `word_tables.entities`.
    - snippet: 5,000 snippets of 3 to 5 words for each of the 12 languages; see
      `word_tables.snippets`.
    - toy: "hello world" (label 1) against the two sentences on learning. All three are in every
      split.

    Raises:
        ValueError: An unknown name.
    """
    if is_own(name):
        return _own[name]
    if name not in TASKS:
        raise ValueError(f"name must be one of {', '.join(TASKS)}; received {name!r}.")
    task = _load(name)
    _loaded[task] = name
    return task


def different_words(split: str, count: int) -> tuple[list[str], np.ndarray]:
    """The first `count` different words of a split of the task *language*, in its order, and their
    labels.
    """
    words, labels = load_task("language").rows(split)
    first_rows = np.unique(np.array(words), return_index=True)[1]
    rows = np.sort(first_rows)[:count]
    return [words[row] for row in rows], labels[rows]


@functools.lru_cache(maxsize=2)
def _load(name: str) -> TextTask:
    info = TASKS[name]
    if name == "toy":
        splits = dict.fromkeys(SPLITS, np.arange(len(LECTURE)))
        return TextTask(LECTURE, np.array([1, 0, 0]), info.class_names, splits, info.kind)
    cached = cache_folder() / f"{name}-{_version()}.npz"
    try:
        return _read(cached, info)
    except UNREADABLE:
        make_table = {
            "language": word_tables.language_words,
            "entity": word_tables.entities,
            "snippet": word_tables.snippets,
        }[name]
        task = _joined(make_table(), info.kind)
        texts = np.frombuffer("\n".join(task.texts).encode(), np.uint8)
        save_cache(cached, texts=texts, labels=task.labels, **task.splits)
        return task


@functools.cache
def _packages() -> tuple[str, ...]:
    """The packages whose words the tables hold, with their versions."""
    return tuple(f"{name} {metadata.version(name)}" for name in ("wordfreq", "Faker"))


def _version() -> str:
    """Part of the name of a cached table: a hash of the packages and the source from which it is
    made.
    """
    packages = list(_packages())
    sources = [
        Path(module).read_text("utf-8")
        for module in (alphabet.__file__, german.__file__, word_tables.__file__, __file__)
    ]
    return hashlib.sha256("\n".join(packages + sources).encode()).hexdigest()[:12]


def _read(path: Path, info: TaskInfo) -> TextTask:
    with np.load(path) as arrays:
        texts = tuple(arrays["texts"].tobytes().decode().split("\n"))
        splits = {name: arrays[name] for name in SPLITS}
        return TextTask(texts, arrays["labels"], info.class_names, splits, info.kind)


def _joined(table: Mapping[str, list[str]], kind: str) -> TextTask:
    """One task of the texts of each class, ordered by their rank in their class."""
    sizes = [len(texts) for texts in table.values()]
    ranks = np.concatenate(list(map(range, sizes)))  # [N]
    order = np.argsort(ranks, kind="stable")
    labels = np.repeat(np.arange(len(sizes)), sizes)[order]  # [N]
    unordered = [text for column in table.values() for text in column]
    texts = tuple(unordered[row] for row in order)
    # Case folding makes ss of ß: no test word has its Swiss spelling among the training words.
    folded = [text.casefold() for text in texts]
    return TextTask(texts, labels, tuple(table), split(folded, labels), kind)


_loaded: "weakref.WeakKeyDictionary[TextTask, str]" = weakref.WeakKeyDictionary()
_own: "weakref.WeakValueDictionary[str, TextTask]" = weakref.WeakValueDictionary()


def name_of(task: TextTask) -> str:
    """The name of a task that was loaded here, or the one under which an own one is registered."""
    return _loaded.get(task) or name_own(task)


def name_own(task: TextTask) -> str:
    """Registers an own task under a name made of its content, and returns that; the registry holds
    it weakly.
    """
    digest = hashlib.sha256(repr((task.class_names, task.kind)).encode("utf-8", "surrogatepass"))
    digest.update("\0".join(task.texts).encode("utf-8", "surrogatepass"))
    digest.update(b"" if task.labels is None else task.labels.tobytes())
    for name in SPLITS:
        digest.update(task.splits[name].tobytes())
    name = f"{OWN_PREFIX}{digest.hexdigest()[:20]}"
    return adopt(name, task)


def adopt(name: str, task: TextTask | None) -> str:
    """Registers an own task under the name that `name_own` gave it in another process."""
    if task is not None:
        _own[name] = task
    return name


def own_task(name: str) -> TextTask | None:
    """The own task of that name, or None."""
    return _own.get(name)


def is_own(name: object) -> bool:
    """Whether an own task is registered under that name in this process."""
    return isinstance(name, str) and name in _own


def info_of(name: str) -> TaskInfo:
    """What is known of a task of `TASKS`, or of an own one. Raises KeyError."""
    task = _own.get(name)
    if task is None:
        return TASKS[name]
    title = Message("Your {count:,} texts", count=len(task.texts))
    return TaskInfo(title, task.kind, len(task.splits["train"]), task.class_names)


def version_of(name: str) -> str:
    """The version of a task's texts, and of the packages from which they come; own texts have their
    content in their name.
    """
    if is_own(name) or name == "toy":
        return str(info_of(name).version)
    return " of ".join([str(info_of(name).version), *_packages()])


def epoch_texts(num_train: int) -> int:
    """Texts in one epoch of a task with so many texts for training; see `TaskInfo.epoch_texts`."""
    return -(-num_train // epochs_a_pass(num_train))


def epochs_a_pass(num_train: int) -> int:
    """Epochs until each of `num_train` texts has been seen once."""
    return -(-num_train // EPOCH_TEXTS)
