"""Pads are joined from several files of JavaScript: two of one name in them would be no pad."""

import re
from collections import Counter
from pathlib import Path

import pytest

from components import pads
from components.words import catalogues, language

REGISTERED = re.findall(
    r"pads\.register\((.+?)\)",
    "".join(path.read_text() for path in pads.FOLDER.parent.rglob("*.py")),
)


@pytest.mark.parametrize("arguments", REGISTERED)
def test_no_name_is_declared_twice_in_a_pad(arguments):
    parts = ("dense", "keys", *re.findall(r'"(\w+)"', arguments))
    text = "\n".join((pads.FOLDER / f"{part}.js").read_text() for part in parts)
    names = []
    for keyword, rest in re.findall(r"^(?:async )?(function\*?|const|let|class) (.+)", text, re.M):
        pattern = r"(\w+) =" if keyword in ("const", "let") else r"^(\w+)"
        names += re.findall(pattern, rest.split("=>")[0])
    assert len(names) > 5
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_every_pad_is_registered_here():
    registered = {re.findall(r'"(\w+)"', arguments)[0] for arguments in REGISTERED}
    assert {path.stem for path in Path(pads.FOLDER).glob("*.css")} == registered | {"pad"}


@pytest.mark.parametrize("name", set(catalogues.LANGUAGES) - {catalogues.ENGLISH})
def test_a_pad_gets_the_words_of_the_visitors_language(name, monkeypatch):
    mounted = {}
    monkeypatch.setattr(language, "current", lambda: name)
    monkeypatch.setattr(pads.st.components.v2, "component", lambda *_, **__: mounted.update)
    pads.register("scatter")(key="map", data={"points": 3})
    assert mounted["key"] == f"map_{name}"
    assert mounted["data"]["points"] == 3
    words = mounted["data"]["translations"]
    assert words["Lasso"] == catalogues.read(name, catalogues.PADS).texts["Lasso"] != "Lasso"
