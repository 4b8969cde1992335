"""Languages: the same keys everywhere, the same placeholders, and every word of the screen."""

import ast
import re
import shutil

import pytest

from components import pads
from components.words import catalogues, language
from components.words.catalogues import ENGLISH, FOLDER, LANGUAGES, PADS, WORDS, read
from components.words.josa import PAIRS, starts
from components.words.language import table
from components.words.story import sections_in
from core.message import Message
from tests import words

TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in words.SOURCES]
MARKUP = re.compile(r"<[^>]*>|:material/\w+:|\\[A-Za-z]+|\S*base64\S*|\.st-key.*|%\{[^}]*\}*")
WORD = re.compile(r"(?<![\w:.#-])[A-Za-z][a-z]{2,}(?![\w:=(-])")
NEVER_TRANSLATED = {"look", "for", "formula", "softmax", "nats"}
STORIES = sorted(file.stem for file in (FOLDER / ENGLISH).glob("*.md"))
OTHERS = [name for name in LANGUAGES if name != ENGLISH]

each_language = pytest.mark.parametrize("name", OTHERS)
each_catalogue = pytest.mark.parametrize("domain", [WORDS, PADS])


def template(composed: ast.JoinedStr) -> str:
    return "".join(one.value if isinstance(one, ast.Constant) else "{}" for one in composed.values)


def calls_of_t(tree: ast.AST) -> list[ast.Call]:
    calls = (one for one in ast.walk(tree) if isinstance(one, ast.Call) and one.args)
    return [call for call in calls if getattr(call.func, "id", "") in words.SAYS]


def keys(name: str, domain: str) -> set[str]:
    found = read(name, domain)
    return {*found.texts, *found.plurals}


@each_language
@each_catalogue
def test_what_is_said_is_translated_and_what_is_translated_is_said(name, domain):
    """`make words` brings the catalogues up to date."""
    said = {key if isinstance(key, str) else key[0] for key in words.wanted(domain)}
    assert said - keys(name, domain) == set(), "not translated"
    assert keys(name, domain) - said == set(), "nobody says this"
    assert len(said) > 100


@each_language
def test_every_word_of_a_pad_is_sent_to_it(name):
    """Those too that stand in the other catalogue."""
    assert words.said_by_pads().keys() <= pads.translations(name, words.scripts()).keys()


@each_language
@each_catalogue
def test_a_particle_in_two_forms_stands_behind_a_value_alone(name, domain):
    """Anywhere else its form is known; and a pad fills in values by itself."""
    for text in read(name, domain).texts.values():
        values = re.split(r"\{[^}]*\}", text)
        chosen = sum(bool(starts(literal)) for literal in values[1:])
        assert sum(text.count(pair) for pair in PAIRS) == chosen * (domain == WORDS), text


@each_language
@pytest.mark.parametrize("story", STORIES)
def test_stories_have_the_same_headings(name, story):
    english = list(sections_in(ENGLISH, story))
    assert english
    assert list(sections_in(name, story)) == english


def test_a_text_that_is_composed_is_composed_by_its_translation():
    on_screen = [
        tree
        for tree, path in zip(TREES, words.SOURCES, strict=True)
        if "core" not in path.parts and path.name != "catalogues.py"
    ]
    known = set().union(*(table(name).keys() for name in OTHERS))
    for tree in on_screen:
        inside = {id(part) for call in calls_of_t(tree) for part in ast.walk(call)}
        for one in ast.walk(tree):
            if isinstance(one, ast.JoinedStr) and id(one) not in inside:
                said = WORD.findall(MARKUP.sub("", template(one)))
                assert template(one) in known or set(said) <= NEVER_TRANSLATED, template(one)


def speak(monkeypatch, texts, plurals=None):
    """Makes Korean of a few texts the language of the page."""
    catalogue = catalogues.Catalogue(texts, plurals or {}, lambda _: 0)
    monkeypatch.setattr(language, "current", lambda: "ko")
    monkeypatch.setattr(catalogues, "read", lambda *_: catalogue)


def test_a_sentence_of_core_is_said_by_its_template(monkeypatch):
    speak(monkeypatch, {
        "{name} is {value!r}: at most {most:,}.": "{name}은(는) {value!r}입니다. 최대 {most:,}.",
        "Bottleneck size": "병목 크기", "1": "하나",
    })  # fmt: skip
    size = Message("Bottleneck size")
    said = Message("{name} is {value!r}: at most {most:,}.", name=size, value="1", most=1784)
    assert said == "Bottleneck size is '1': at most 1,784."
    assert language.sentence(said) == "병목 크기는 '1'입니다. 최대 1,784.", "'1' is a visitor's"
    assert language.sentence("Nobody knows this.") == "Nobody knows this."


def test_a_number_of_things_has_the_plural_form_of_the_language(monkeypatch):
    monkeypatch.setattr(language, "current", lambda: ENGLISH)
    counted = [language.tn("one filter", "{count} filters", count) for count in (0, 1, 2)]
    assert counted == ["0 filters", "one filter", "2 filters"]
    speak(monkeypatch, {}, {"one filter": ("필터 {count}개",)})
    assert language.tn("one filter", "{count} filters", 1) == "필터 1개"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A place for catalogues of a third language, `fi`."""
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    read.cache_clear()
    (tmp_path / "fi").mkdir()
    yield tmp_path / "fi"
    read.cache_clear()


def test_a_half_done_language_says_the_rest_in_english(folder, monkeypatch):
    shutil.copy(FOLDER / ENGLISH / "map.md", folder)
    monkeypatch.setattr(language, "current", lambda: "fi")
    words.update("fi", WORDS)
    assert read("fi", WORDS).texts == {}, "a new catalogue waits for its translations"
    assert language.t("Pause") == "Pause"
    file = folder / "words.po"
    text = file.read_text().replace('msgid "Pause"\nmsgstr ""', 'msgid "Pause"\nmsgstr "Tauko"')
    text = text.replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "yksi"\nmsgstr[1] "{count} kpl"')
    file.write_text(text)
    words.update("fi", WORDS)
    read.cache_clear()
    assert language.t("Pause") == "Tauko", "it stays when the catalogue is brought up to date"
    assert language.t("Reset") == "Reset"
    assert language.sentence(Message("{count} columns", count=3)) == "3 columns"
    counted = [language.tn("one filter", "{count} filters", count) for count in (1, 5)]
    assert counted == ["yksi", "5 kpl"]
    file.write_text(file.read_text().replace('msgstr[1] "{count} kpl"', 'msgstr[1] ""'))
    read.cache_clear()
    counted = [language.tn("one filter", "{count} filters", count) for count in (1, 5)]
    assert counted == ["one filter", "5 filters"], "a half-translated plural is in English"


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('msgid "{a} of {b}"\nmsgstr "{a} / {c}"', "words.po:9: '{a} / {c}' must hold {a}, {b};"),
        ('msgid "{a} of {b}"\nmsgstr "{a}"', "received {a}."),
        ('msgid "{a} of"\nmsgstr "{a"', "words.po:9: the braces of '{a' do not match"),
        ('msgid "Pause"\nmsgstr "{Pause}"', "must hold no value; received {Pause}."),
        ('msgid "Pause"\nmsgtsr "Tauko"', "words.po:10: this is no .po file"),
        ("msgid Pause", "this is no .po file"),
    ],
)
def test_a_broken_catalogue_ends_the_start_with_its_file_and_line(folder, entry, problem):
    head = words.HEAD.format(language="fi", plural_forms="nplurals=2; plural=(n != 1);")
    (folder / "words.po").write_text(f"{head}{entry}\n")
    with pytest.raises(catalogues.CatalogueBroken) as found:
        read("fi", WORDS)
    assert problem in str(found.value)


def test_a_plural_rule_that_cannot_be_read_is_a_sentence(folder):
    head = words.HEAD.format(language="fi", plural_forms="nplurals=2; plural=n ! 1;")
    (folder / "words.po").write_text(f'{head}msgid "Pause"\nmsgstr "Tauko"\n')
    with pytest.raises(catalogues.CatalogueBroken, match="this is no .po file"):
        read("fi", WORDS)


def test_a_fuzzy_translation_is_not_shown(folder):
    head = words.HEAD.format(language="fi", plural_forms="nplurals=2; plural=(n != 1);")
    (folder / "words.po").write_text(f'{head}#, fuzzy\nmsgid "Pause"\nmsgstr "Tauko"\n')
    assert read("fi", WORDS).texts == {}


@pytest.mark.parametrize("link", ["xx", "../en", "<b>", ""])
def test_an_unknown_language_is_english(link, monkeypatch):
    monkeypatch.setattr(language.st, "query_params", {"language": link})
    assert language.current() == ENGLISH
