"""What was read of own data is said beside the uploader, and what was refused."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from components.runs import own_images, own_texts, uploads
from components.runs.uploads import Receipt
from components.streamlit_adapter import session
from components.words import language

WHERE = "sparse_own"
LINES = "talo,Finnish\nkala,Finnish\nmeri,Finnish\nhouse,English\nfish,English\nsea,English\n"


@pytest.fixture
def state(monkeypatch):
    """What the session remembers, without a session."""
    remembered = {}
    monkeypatch.setattr(session.st, "session_state", remembered)
    return remembered


def pictures(*folders, each=12):
    """A zip of grey squares in folders."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for folder in folders:
            for i in range(each):
                picture = io.BytesIO()
                Image.fromarray(np.full((28, 28), 9 * i, np.uint8)).save(picture, "PNG")
                archive.writestr(f"{folder}{i}.png", picture.getvalue())
    file.seek(0)
    file.name = "my_pictures.zip"
    return file


def test_a_zip_of_classes_is_confirmed_with_its_names(state):
    state["sparse_zip"] = pictures("T-shirt/", "<b>/")
    own_images._read("sparse_zip", "sparse")
    name = state["sparse_dataset"]
    assert session.receipt(WHERE) == Receipt("my_pictures.zip", 24, ("<b>", "T-shirt"), True, name)
    said = uploads.in_words(session.receipt(WHERE))
    assert said.startswith(r"Read from my\_pictures.zip: 24 pictures in 2 classes (")
    assert r"\<b\>, T\-shirt" in said


def test_a_zip_without_classes_says_so(state):
    state["sparse_zip"] = pictures("", each=25)
    own_images._read("sparse_zip", "sparse")
    assert uploads.in_words(session.receipt(WHERE)).endswith("25 pictures without classes.")


def test_a_folder_is_called_by_its_name(state):
    archive = zipfile.ZipFile(pictures("", each=21))
    files = []
    for name in archive.namelist():
        file = io.BytesIO(archive.read(name))
        file.name = f"holiday/{name}"
        files.append(file)
    state["sparse_folder"] = files
    own_images._read("sparse_folder", "sparse")
    assert session.receipt(WHERE).source == "holiday"
    assert session.receipt(WHERE).total == 21


@pytest.mark.parametrize("brought", [LINES, None])
def test_texts_are_confirmed_however_they_came(brought, state):
    file = io.BytesIO(LINES.encode())
    file.name = "words.csv"
    state["sparse_csv"] = brought or file
    own_texts._read("sparse_csv", "sparse")
    source = "the pasted lines" if brought else "words.csv"
    assert uploads.in_words(session.receipt(WHERE)) == (
        f"Read from {source}: 6 texts in 2 classes (English, Finnish)."
    )


def test_a_refused_upload_takes_back_what_was_confirmed(state):
    state["sparse_csv"] = LINES
    own_texts._read("sparse_csv", "sparse")
    state["sparse_csv"] = "no comma"
    own_texts._read("sparse_csv", "sparse")
    assert session.receipt(WHERE) is None
    assert "not 2" in session.problem(WHERE)


def test_many_and_long_names_are_cut():
    many = Receipt("x" * 100, 9, tuple("abcdefg"), are_pictures=False, name="")
    said = uploads.in_words(many)
    assert said == f"Read from {'x' * 40}…: 9 texts in 7 classes (a, b, c, d, e, …)."


def test_a_receipt_is_in_the_language_of_the_visitor(monkeypatch):
    monkeypatch.setattr(language, "current", lambda: "ko")
    receipt = Receipt("단어.csv", 1200, ("가", "나"), are_pictures=False, name="")
    assert uploads.in_words(receipt) == "단어.csv에서 글 1,200개, 클래스 2개를 읽었습니다(가, 나)."
