"""Sentences of core on the screen: in every language, whole, with the values that they hold."""

import ast
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.words import language
from components.words.catalogues import ENGLISH, LANGUAGES
from components.words.language import table
from core import knobs, links
from core.analysis.denoisers import fit_denoisers
from core.configs import CharacterConfig, StackedConfig
from core.datasets import load_images
from core.message import message_of
from core.pretraining import labelled
from core.text import csv_table
from core.text.tasks import TextTask
from tests.words import declared

ROOT = Path(__file__).resolve().parents[2]
OTHERS = [name for name in LANGUAGES if name != ENGLISH]
SENTENCE = re.compile(r"(?:[A-Z]|\{\}|[a-z]+ ).*[a-z]{2}.*\.", re.DOTALL)
# The check before the start, the code that is exported, and what is joined when it is said.
NOT_FOR_PAGES = {"preflight.py", "script.py"}
# Said only to those who call core from Python: no page can pass such an argument.
FOR_CALLERS = {
    "A list of texts is wanted; received one text: {}.",
    "A typo is one of {}, or none; received {}.",
    "A word must be a text; received {}.",
    "At least one seed and one number of labels are wanted; received none.",
    "Labels are numbers of two classes or more, from 0; received {} to {} for {} class names.",
    "New points must be finite numbers of the shape [M, {}]; received the shape {}.",
    "The seed must be a whole number from 0; received {}.",
    "The typo rate must be from 0 to 1; received {}.",
    "arms must be of {}; received {}.",
    "embed takes a list of words; received {}.",
    "family must be one of {}; received {}.",
    "k must be a whole number from 1; received {}.",
    "name must be one of {}; received {}.",
    "start must be one of {}; received {}.",
    "{} must be a whole number from 1 to {}; received {}.",
    "{} texts need as many labels; received {}.",
}
# Said in the terminal of the server, when it starts or in its log.
FOR_THE_TERMINAL = {
    "A checkpoint does not fit and is forgotten.",
    "A wrong secret of the teacher was tried.",
    "Nobody else can open it yet: it answers only to hosts that it was told. Start it by make "
    "serve, or set {} to the host that others type.",
    "{} has {} characters; a secret has at least {}. Choose a longer one, or unset the variable.",
    "{} received {}, which is no host. List host names or IP addresses with commas between them, "
    "such as lab.example.org,192.168.0.5; a name in another script in its xn-- form.",
}
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|talo,Finnish|500:learning_rate:0\.01")
# Names that stay as they are: knobs as links call them, formats, files, units.
KNOBS = {name for config in (StackedConfig, CharacterConfig) for name in knobs.params(config)}
NAMES = re.compile(r"\b(?:UTF|U|0x[0-9a-f]+|MB|zip|[A-Z]{3,4}|my cat \d+\.png)\b", re.ASCII)
ENGLISH_WORD = re.compile(r"[A-Za-z_]{2,}")


def sentences_of_core() -> set[str]:
    """What reads like a sentence in the code of core and is no message, with {} for values; no
    docstrings, nor what is declared of knobs.
    """
    found: set[str] = set()
    for path in (ROOT / "core").rglob("*.py"):
        if path.name not in NOT_FOR_PAGES:
            found |= set(_texts(ast.parse(path.read_text(encoding="utf-8"))))
    return {text for text in found if SENTENCE.fullmatch(text)} - declared()


def _texts(tree: ast.Module) -> Iterator[str]:
    nodes = list(ast.walk(tree))
    inside = {id(one.value) for one in nodes if isinstance(one, ast.Expr)}
    composed = [one for one in nodes if isinstance(one, ast.JoinedStr)]
    inside |= {id(part) for one in composed for part in ast.walk(one) if part is not one}
    calls = [one for one in nodes if isinstance(one, ast.Call)]
    messages = [one for one in calls if getattr(one.func, "id", "") == "Message"]
    inside |= {id(part) for one in messages for part in one.args}
    for one in nodes:
        if id(one) in inside:
            continue
        if isinstance(one, ast.JoinedStr):
            pieces = (part.value if isinstance(part, ast.Constant) else "{}" for part in one.values)
            yield "".join(map(str, pieces))
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def test_every_sentence_that_core_says_is_a_message() -> None:
    """Which the catalogues are extracted from."""
    assert sentences_of_core() == FOR_CALLERS | FOR_THE_TERMINAL


def table_says(text: str | bytes) -> str:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ValueError) as found:
        TextTask.from_csv(io.BytesIO(content))
    return message_of(found.value)


def link_says(**values: str) -> str:
    first, *_ = links.from_params(StackedConfig, values, {})[1]
    return first


def pictures_say(*files: tuple[str, bytes]) -> str:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    with pytest.raises(ValueError) as found:
        load_images(content)
    return message_of(found.value)


def labels_say(*labels: int) -> str:
    with pytest.raises(ValueError) as found:
        labelled.check_rows(np.array(labels, int), ("a", "b"))
    return message_of(found.value)


def denoisers() -> list[str]:
    x = np.random.default_rng(0).random((40, 16))
    return [each.description for each in fit_denoisers(x, x, (4, 4)).values()]


SAID: dict[str, Callable[[], str]] = {
    "one column": lambda: table_says("1\ta\n2\tb\n"[::2]),
    "three columns": lambda: table_says("id,text,label\n1,talo,Finnish\n"),
    "an id column between tabs": lambda: table_says("id\tdocument\tlabel\n1\tgood one\tpos\n"),
    "no text": lambda: table_says("a,b\n,Finnish\n"),
    "no label": lambda: table_says("talo,\n"),
    "empty": lambda: table_says(""),
    "a heading alone": lambda: table_says("text,label\n"),
    "quotes": lambda: table_says('a,b\n"talo,Finnish\n'),
    "a text that is too long": lambda: table_says(f'"{"x" * (csv_table.MAX_CELL + 1)}",Finnish\n'),
    "no UTF-8": lambda: table_says(b"caf\xe9,French\n"),
    "a control character": lambda: table_says("a\x07,b\n"),
    "a long label": lambda: table_says(f"a,{'b' * 61}\n"),
    "one label": lambda: table_says("a,b\nc,b\n"),
    "few texts of a label": lambda: table_says("a,b\nc,d\n"),
    "a number": lambda: link_says(learning_rate="-1"),
    "a whole number": lambda: link_says(latent_dim="99999"),
    "a width": lambda: link_says(hidden_units="0-5"),
    "one of": lambda: link_says(optimizer="best"),
    "no knob": lambda: link_says(nonsense="1"),
    "moves": lambda: link_says(moves="<b>"),
    "a move": lambda: link_says(moves="5:learning_rate:-1"),
    "no picture": lambda: pictures_say(*((f"my cat {i}.png", b"x") for i in range(30))),
    "few pictures": lambda: pictures_say(("my cat.png", b"x")),
    "one class": lambda: labels_say(0, 0),
    "no labels": lambda: labels_say(),
    **{f"denoiser {i}": lambda i=i: denoisers()[i] for i in range(4)},
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("case", SAID)
def test_no_word_of_english_is_left_in_a_sentence_of_core(
    case: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "current", lambda: name)
    said = language.sentence(SAID[case]())
    rest = set(ENGLISH_WORD.findall(NAMES.sub("", QUOTED.sub("", said)))) - KNOBS
    assert rest == set(), said


@pytest.mark.parametrize("name", OTHERS)
def test_a_text_of_the_visitor_stays_as_it_was_typed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "current", lambda: name)
    said = language.sentence(table_says("a number,of 2 columns,all of none\n"))
    assert "'a number | of 2 columns | all of none'" in said


def widths_menu() -> None:
    import streamlit as st

    from components.knobs import controls
    from core import knobs
    from core.configs import StackedConfig

    declared = knobs.params(StackedConfig)["decoder_hidden_units"]
    st.text(controls._show_widths(declared, "mirror", {"key": "widths", "label": "Widths"}))


@pytest.mark.parametrize("name", OTHERS)
def test_a_menu_of_layer_widths_has_words_of_the_language_and_keeps_its_values(name: str) -> None:
    app = AppTest.from_function(widths_menu, default_timeout=30)
    app.query_params["language"] = name
    app.run()
    menu = app.selectbox(key="widths")
    assert {table(name)["mirror"], table(name)["none"], "64-256"} <= set(menu.options)
    assert not {"mirror", "none"} & set(menu.options)
    assert app.text[0].value == "mirror"
    menu.set_value("none").run()
    assert app.text[0].value == "none"
    assert not app.exception


@pytest.mark.parametrize("name", OTHERS)
def test_a_menu_of_layer_widths_understands_the_words_of_the_language_before(name: str) -> None:
    """The browser sends the word that it shows, and the language may have changed since."""
    app = AppTest.from_function(widths_menu, default_timeout=30)
    app.query_params["language"] = ENGLISH
    app.session_state["widths"] = table(name)["mirror"]
    app.run()
    assert not app.exception
    assert app.text[0].value == "mirror"
    assert app.selectbox(key="widths").value == "mirror"
