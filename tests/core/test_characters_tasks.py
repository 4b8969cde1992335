"""The tasks and their splits, own tables good and bad, and how a vocabulary grows."""

import io
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import tasks, word_tables
from core.text.alphabet import fold
from core.text.encoding import encoded
from core.text.tasks import (
    SPLITS,
    TASKS,
    TextTask,
    load_task,
)

GOOD = "talo,Finnish\nkissa,Finnish\nkoira,Finnish\nev,Turkish\nkedi,Turkish\nköpek,Turkish\n"


def read(content: str | bytes) -> TextTask:
    is_text = isinstance(content, str)
    return TextTask.from_csv(io.StringIO(content) if is_text else io.BytesIO(content))


@pytest.fixture(scope="module", params=TASKS)
def name(request: pytest.FixtureRequest) -> str:
    """One task after the other: only the last few stay in memory."""
    return request.param


def test_a_task_is_what_its_line_says(name: str) -> None:
    task, info = load_task(name), TASKS[name]
    assert load_task(name) is task
    assert (len(task.splits["train"]), task.class_names) == (info.num_train, info.class_names)
    assert task.kind == info.kind
    assert len(task.texts) == len(task.labels)
    assert set(task.labels) == set(range(task.num_classes))
    assert info.epoch_texts == min(info.num_train, info.epoch_texts) <= tasks.EPOCH_TEXTS
    for split in SPLITS:
        texts, labels = task.rows(split)
        assert len(texts) == len(labels) > 0
        assert set(labels) == set(range(task.num_classes))


def test_no_text_is_in_two_splits(name: str) -> None:
    task = load_task(name)
    texts = [set(task.rows(split)[0]) for split in SPLITS]
    everything = set.union(*texts)
    assert all(fold(text) == text for text in everything)
    if name == "toy":
        assert texts == [everything] * 3
    else:
        assert sum(map(len, texts)) == len(everything) == len(task.texts)


def test_no_word_model_knows_a_test_word(name: str) -> None:
    task = load_task(name)
    if task.kind == "word":
        known = set(encoded(task).reader.vocabulary.words)
        assert not known & set(task.rows("test")[0])


def test_shared_words_have_one_language() -> None:
    task = load_task("language")
    label = dict(zip(task.texts, task.labels.tolist(), strict=True))
    of = {name: number for number, name in enumerate(task.class_names)}
    assert label["the"] == of["English"]
    assert label["talossa"] == of["Finnish"]
    assert label["gerçek"] == of["Turkish"]
    assert "japan" not in label
    assert len(label) == len(task.texts)


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(ValueError, match="must be one of language, entity, snippet, toy; received"):
        load_task("nothing")


def test_vocabularies_grow_faster_where_words_have_many_forms() -> None:
    growth = {code: word_tables.vocabulary_growth(code, 100_000) for code in ("fi", "tr", "en")}
    for seen, words, characters in growth.values():
        assert seen[0] == words[0] == 1
        assert seen[-1] == 100_000
        assert (np.diff(words) >= 0).all()
        assert (np.diff(characters) >= 0).all()
        assert characters[-1] < 150 < 5_000 < words[-1]
    assert growth["fi"][1][-1] > 1.5 * growth["en"][1][-1]
    assert growth["tr"][1][-1] > 1.5 * growth["en"][1][-1]
    again = word_tables.vocabulary_growth("fi", 100_000)
    assert all(np.array_equal(a, b) for a, b in zip(growth["fi"], again, strict=True))


# Own tables.


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        "text,label\n" + GOOD,
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t").replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        "\n\n" + GOOD.replace("\n", "\n\n"),
        b"\xef\xbb\xbf" + GOOD.encode(),
        "Label,Text\n" + "".join(",".join(row.split(",")[::-1]) + "\n" for row in GOOD.split()),
        GOOD.replace("talo", '"talo"'),
    ],
)
def test_a_table_is_read_whatever_its_dialect(content: str | bytes) -> None:
    task = read(content)
    assert task.texts == ("talo", "kissa", "koira", "ev", "kedi", "köpek")
    assert task.class_names == ("Finnish", "Turkish")
    assert task.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert {name: len(rows) for name, rows in task.splits.items()} == dict.fromkeys(SPLITS, 2)
    assert task.kind == "word"


def test_a_table_is_read_from_a_path_and_keeps_quoted_text(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('"one, ""two""\nthree",a\n' + GOOD, encoding="utf-8")
    with pytest.raises(ValueError, match=r"'a' .*first in line 1.* has 1 different text"):
        TextTask.from_csv(path)
    path.write_text('"one, ""two""\nthree",Finnish\n' + GOOD, encoding="utf-8")
    assert TextTask.from_csv(path).texts[0] == 'one, "two"\nthree'
    assert TextTask.from_csv(str(path)).kind == "text"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The table is empty"),
        (" \n\n", "The table is empty"),
        ("text,label\n", "heading and no rows"),
        (GOOD + "a,b,c\n", r"Line 7 has 3 columns, not 2: 'a | b | c'"),
        (GOOD + "alone\n", "Line 7 has 1 column, not 2: 'alone'"),
        (GOOD + ",Finnish\n", "Line 7 has no text, only 'Finnish'"),
        (GOOD + "kala,\n", "Line 7 has no label, only 'kala'"),
        ("a,x\nb,x\nc,x\n", "line 1 on has the label 'x'; at least two"),
        (GOOD + "a,x\nb,x\n", r"'x' \(first in line 7\) has 2 different texts; 3 at least"),
        (GOOD + "a,x\nA,x\na,x\n", r"'x' \(first in line 7\) has 1 different text"),
        (GOOD + '"a,x\nb,x\n', "Line 7 has unbalanced quotes: it begins '\"a,x'"),
        (GOOD + '"a"b,x\n', "Line 7 has unbalanced quotes"),
        (GOOD + "a\0b,x\n", r"Line 7 holds the control character U\+0000"),
        (GOOD + "a\x1b[31mb,x\n", r"Line 7 holds the control character U\+001B"),
        (GOOD.encode("latin-1"), "Line 6 is not UTF-8: it holds the byte 0xf6"),
        (GOOD.encode("utf-16"), "Line 1 begins like UTF-16"),
        ("a," + "x" * 61, "that of line 1 has 61: 'xxx"),
        ("".join(f"a{i},c{i}\n" for i in range(51)), "may have 50 labels; 'c50' in line 51 is"),
        ("".join(f"a{i},c{i % 2}\n" for i in range(100_001)), "100,000 rows; line 100001 is one"),
        ("a,b\n" * 5_000_001, "may be 20 MB long"),
        ("a" * 1_500_000 + ",x\n" + GOOD, "Line 1 has a text of more than 1,000,000 characters"),
    ],
    ids=range(21),
)
def test_a_bad_table_is_refused_by_one_sentence(content: str | bytes, sentence: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ValueError, match=sentence) as refusal:
        read(content)
    assert len(str(refusal.value)) < 300
    assert "\n" not in str(refusal.value)
    assert time.perf_counter() - started < 5


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_table_is_read_or_refused(content: str | bytes) -> None:
    try:
        task = read(content)
    except ValueError as refusal:
        assert len(str(refusal)) < 300
    else:
        assert len(task.texts) == len(task.labels)


def test_equal_texts_stay_together() -> None:
    rows = "".join(f"Word{i % 20},{'ab'[i % 2]}\nword{i % 20},{'ab'[i % 2]}\n" for i in range(60))
    task = read(rows)
    texts = [{fold(text) for text in task.rows(split)[0]} for split in SPLITS]
    assert sum(map(len, texts)) == 20
    assert sum(len(rows) for rows in task.splits.values()) == len(task.texts) == 120


def test_own_tasks_go_by_a_name_while_somebody_holds_them() -> None:
    task = read(GOOD)
    name = tasks.name_own(task)
    assert tasks.name_own(read(GOOD)) == name
    tasks.adopt(name, task)
    assert load_task(name) is task is tasks.own_task(name)
    assert tasks.info_of(name).num_train == 2
    del task
    assert not tasks.is_own(name)


def test_a_task_without_labels_has_no_rows_to_learn() -> None:
    task = TextTask(("a", "b", "c", "d"), None, ())
    assert sum(len(rows) for rows in task.splits.values()) == 4
    with pytest.raises(ValueError, match="needs labels"):
        task.rows("train")


@pytest.mark.parametrize("labels", [[0, 1], [0, 1, 2], [0, -1, 1], [0, 0, 0]])
def test_labels_must_fit_texts_and_names(labels: list[int]) -> None:
    names = ("a", "b") if max(labels) else ("a",)
    with pytest.raises(ValueError, match="received"):
        TextTask(("a", "b", "c"), np.array(labels), names)


def test_tables_are_made_once_and_a_broken_file_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    tasks._load.cache_clear()
    made = load_task("entity")
    (kept,) = (tmp_path / "bottleneck").iterdir()
    for broken in (False, True):
        if broken:
            kept.write_bytes(b"PK nothing")
        tasks._load.cache_clear()
        again = load_task("entity")
        assert again is not made
        assert again.texts == made.texts
        assert again.class_names == made.class_names
        assert np.array_equal(again.labels, made.labels)
        assert all(np.array_equal(again.splits[name], made.splits[name]) for name in SPLITS)
    tasks._load.cache_clear()
