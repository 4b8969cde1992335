"""Languages: the same keys everywhere, the same placeholders, and every word of the screen."""

import ast
import functools
import re
import string
import tomllib
from pathlib import Path

import pytest

from components import pads
from components.figures import charts
from components.figures.run_figures import CURVES
from components.pages import HOME, ROOMS
from components.parts.board.plots import PLOTS
from components.parts.course.parts import PARTS
from components.parts.course.stops import PLACES
from components.parts.denoising import marks, testing
from components.runs.compare import UNITS
from components.runs.cost import COSTS
from components.runs.run_list import ORDERS
from components.words import language
from components.words.language import ENGLISH, FOLDER, LANGUAGES, table
from components.words.story import sections_in
from core import knobs
from core.results import SCORES
from tests.records import CHAINED, RECORDS, RUN_PAGES

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    ROOT / "app.py",
    *(path for room in ("pages", "components", "core") for path in (ROOT / room).rglob("*.py")),
]
TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
SCRIPTS = re.sub(
    r"/\*.*?\*/",
    "",
    "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("components/pads/*.js")),
    flags=re.DOTALL,
)
HINT, WAY = (re.search(rf"const {name} = '(.*)';", SCRIPTS)[1] for name in ("HINT", "WAY"))
THE_SAME = {"Bottleneck"}
MARKUP = re.compile(r"<[^>]*>|:material/\w+:|\\[A-Za-z]+|\S*base64\S*|\.st-key.*|%\{[^}]*\}*")
WORD = re.compile(r"(?<![\w:.#-])[A-Za-z][a-z]{2,}(?![\w:=(-])")
NEVER_TRANSLATED = {"look", "for", "formula", "softmax", "nats"}
STORIES = sorted(file.stem for file in (FOLDER / ENGLISH).glob("*.md"))
OTHERS = [name for name in LANGUAGES if name != ENGLISH]

each_language = pytest.mark.parametrize("name", OTHERS)


@functools.cache
def literals() -> set[str]:
    """Every text of the code; a composed one with {} for its values."""
    texts = {one.value for tree in TREES for one in ast.walk(tree) if is_text(one)}
    composed = (one for tree in TREES for one in ast.walk(tree) if isinstance(one, ast.JoinedStr))
    return texts | {template(one) for one in composed}


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def template(composed: ast.JoinedStr) -> str:
    return "".join(one.value if isinstance(one, ast.Constant) else "{}" for one in composed.values)


def calls_of_t(tree: ast.AST) -> list[ast.Call]:
    calls = (one for one in ast.walk(tree) if isinstance(one, ast.Call) and one.args)
    return [call for call in calls if getattr(call.func, "id", "") == "t"]


@functools.cache
def asked() -> set[str]:
    """The literals that the code hands to `t`."""
    first = [call.args[0] for tree in TREES for call in calls_of_t(tree)]
    return {
        part.value
        for one in first
        for part in ((one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,))
        if is_text(part)
    }


def asked_by_pads() -> set[str]:
    found = re.findall(r"""\bt\((?:'((?:[^'\\]|\\.)*)'|"([^"]*)")""", SCRIPTS)
    plain = {one.replace("\\'", "'") or other for one, other in found} | {HINT, WAY}
    composed = re.findall(r"\bt`((?:[^`$]|\$\{[^}]*\})*)`", SCRIPTS)
    return plain | {re.sub(r"\$\{[^}]*\}", "{}", one) for one in composed}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@each_language
def test_a_key_stands_in_one_table_and_is_used(name):
    used, seen = literals() | asked_by_pads(), set()
    for file in (FOLDER / name).glob("*.toml"):
        keys = tomllib.loads(file.read_text(encoding="utf-8")).keys()
        assert not keys & seen, f"{file.name} repeats a key of another table"
        assert keys - used == set(), f"{file.name}: nobody says this"
        seen |= keys


@each_language
def test_nothing_that_the_screen_says_is_missing(name):
    assert (asked() | asked_by_pads()) - table(name).keys() - THE_SAME == set()


@each_language
def test_every_word_of_a_pad_is_sent_to_it(name):
    """Those too that stand in the table of another page."""
    assert asked_by_pads() - THE_SAME <= pads.translations(name, SCRIPTS).keys()


@each_language
def test_what_is_filled_in_is_the_same(name):
    for english, text in table(name).items():
        if "{}" in english:
            numbers = {str(number) for number in range(english.count("{}"))}
            assert fields(text) <= numbers, english
        elif english in asked() and "{" in english and "\\" not in english:
            assert fields(text) == fields(english), english


@each_language
@pytest.mark.parametrize("story", STORIES)
def test_stories_have_the_same_headings(name, story):
    english = list(sections_in(ENGLISH, story))
    assert english
    assert list(sections_in(name, story)) == english


@each_language
def test_what_is_declared_is_translated(name):
    missing = {text for text in declared() if text not in table(name)} - THE_SAME
    assert {text for text in missing if any(map(str.isalpha, text))} == set()


def declared() -> set[str]:
    """Titles of pages, presets and parts; labels, helps and words of knobs."""
    titles = {room.title for room in (HOME, *ROOMS)} | set(charts.PART_LABELS.values())
    for presets in (*(place.presets for place in PLACES.values()), *(p.presets for p in RECORDS)):
        experiment = next(iter(presets.values())).experiment
        titles |= {preset.title for preset in presets.values()}
        for owner in (experiment, experiment.config):
            for knob in knobs.params(owner).values():
                titles |= {knob.label, knob.help, *knob.value_names.values()}
    switches = (
        PARTS, PLOTS, *(page.parts for page in CHAINED),
        *(page.stage.parts for page in RUN_PAGES),
    )  # fmt: skip
    titles |= {room.group for room in ROOMS} | {score.label for score in SCORES.values()}
    titles |= {score.short for score in SCORES.values()}
    titles |= {label for label, _ in ORDERS.values()} | {*COSTS.values(), *UNITS.values()}
    titles |= {plot.x_title for plot in PLOTS.values()}
    for axis, title in CURVES.values():
        titles |= {axis.title, title}
    titles |= {testing.SAME, testing.CLEAN, *marks.LABELS.values()}
    return titles | {part.label for parts in switches for part in parts.values()} - {""}


def test_a_text_that_is_composed_is_composed_by_its_translation():
    on_screen = [
        tree for tree, path in zip(TREES, SOURCES, strict=True) if "core" not in path.parts
    ]
    known = set().union(*(table(name).keys() for name in OTHERS))
    for tree in on_screen:
        inside = {id(part) for call in calls_of_t(tree) for part in ast.walk(call)}
        for one in ast.walk(tree):
            if isinstance(one, ast.JoinedStr) and id(one) not in inside:
                words = WORD.findall(MARKUP.sub("", template(one)))
                assert template(one) in known or set(words) <= NEVER_TRANSLATED, template(one)


def test_a_sentence_with_values_is_found_by_its_template(monkeypatch):
    words = {"Bottleneck size": "병목 크기", "{} is {}: at most {}.": "{0}: {1} (최대 {2})"}
    monkeypatch.setattr(language, "current", lambda: "ko")
    monkeypatch.setattr(language, "table", lambda _: words)
    language._templates.cache_clear()
    assert language.sentence("Bottleneck size is 900: at most 784.") == "병목 크기: 900 (최대 784)"
    assert language.sentence("Nobody knows this.") == "Nobody knows this."
    language._templates.cache_clear()


@pytest.mark.parametrize("link", ["xx", "../en", "<b>", ""])
def test_an_unknown_language_is_english(link, monkeypatch):
    monkeypatch.setattr(language.st, "query_params", {"language": link})
    assert language.current() == ENGLISH
