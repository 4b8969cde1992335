"""The guided path: each chapter is opened, predicted and revealed; a browser is not trusted."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.pages import ROOMS
from components.parts.course import memory
from components.parts.course.glossary import TERMS
from components.parts.course.stops import LINK, PLACES, STOPS
from components.streamlit_adapter.session import VisitorState
from components.words import story
from components.words.language import LANGUAGES

pytestmark = pytest.mark.usefixtures("no_workers")
ROOT = Path(__file__).resolve().parents[2]
HEADINGS = ("title", "about", "look", "question", "answers", "reveal")
LECTURE = {
    "character_embedding", "autoencoder", "encoder", "decoder", "reconstruction_loss", "tsne",
    "sparse_autoencoder", "kl_divergence", "vae",
}  # fmt: skip


@pytest.fixture
def app():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STOPS)
def test_a_chapter_has_words_and_three_answers_one_of_them_right(name, language):
    sections = story.sections_in(language, "course")
    assert all(sections[f"{name}: {heading}"] for heading in HEADINGS)
    answers = sections[f"{name}: answers"].splitlines()
    assert len(set(answers)) == memory.MOST_ANSWERS
    assert all(line.startswith("- ") for line in answers)
    assert 0 <= STOPS[name].right < len(answers)


def test_the_path_goes_through_every_page_of_experiments():
    visited = [stop.place.room.story for stop in STOPS.values()]
    assert set(visited) == {room.story for room in ROOMS if room.story in PLACES}
    again = {"moment": "autoencoder", "fork": "sparsity"}
    assert len(visited) == len(set(visited)) + len(again)
    assert all(STOPS[name].place.room.story == story for name, story in again.items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_of_the_lecture_has_a_sentence_and_a_formula_and_a_place(language):
    sections = story.sections_in(language, "glossary")
    assert TERMS.keys() >= LECTURE
    assert sections.keys() == TERMS.keys()
    assert all(text.startswith("**") and "$$" in text for text in sections.values())
    assert all(preset in PLACES[place].presets for place, preset in TERMS.values())


@pytest.mark.parametrize("name", STOPS)
def test_a_chapter_is_begun_predicted_and_revealed(app, name):
    stop = STOPS[name]
    app.run()
    app.switch_page("pages/course.py").run()
    app.button(key=f"begin_{name}").click().run()
    assert not app.exception
    assert app.session_state["visitor"].stop == name
    key = stop.place.room.key
    assert app.session_state[f"page:{key}"].preset == stop.preset
    app.query_params[LINK] = name
    app.switch_page(stop.place.room.path).run()
    assert app.button(key=f"{key}_reveal").disabled
    wrong = (stop.right + 1) % memory.MOST_ANSWERS
    app.radio(key=f"{key}_prediction_{name}").set_value(wrong).run()
    app.button(key=f"{key}_reveal").click().run()
    assert not app.exception
    words = " ".join(each.value for each in app.markdown)
    assert story.sections_in("en", "course")[f"{name}: reveal"] in words
    assert "You predicted" in words
    assert app.session_state["visitor"].progress == {name: wrong}
    assert app.session_state[f"page:{key}"].preset == (stop.then or stop.preset)
    for widget, value in stop.turns.items():
        assert app.session_state[f"{key}_{widget}"] == value
    assert not [each for each in app.button if each.key == f"{key}_show"]


def test_the_chapter_of_few_labels_frames_the_curves_of_which_it_speaks(app):
    stop = STOPS["labels"]
    app.run()
    app.switch_page("pages/course.py").run()
    app.button(key="begin_labels").click().run()
    app.switch_page(stop.place.room.path).run()
    assert any(stop.points_at in each.value for each in app.get("html"))
    key = stop.points_at.removeprefix(".st-key-")
    named = {getattr(each.proto, "id", "").split("-")[-1]: each for each in blocks(app.main)}
    assert "three networks will learn" in named[key].info[0].value, "until there are curves"


def blocks(block):
    """A block of a page and all that are in it."""
    yield block
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from blocks(child)


def test_a_chapter_that_is_opened_again_shows_anew_what_happens(app):
    stop = STOPS["sparse"]
    app.run()
    app.session_state["visitor"] = VisitorState(progress={"sparse": 0})
    app.switch_page("pages/course.py").run()
    app.button(key="begin_sparse").click().run()
    app.query_params[LINK] = "sparse"
    app.switch_page(stop.place.room.path).run()
    app.button(key="sparse_show").click().run()
    assert not app.exception
    assert app.session_state["page:sparse"].preset == stop.then
    assert app.session_state["visitor"].progress == {"sparse": 0}
    assert not [each for each in app.button if each.key == "sparse_show"]


@pytest.mark.parametrize(
    "told", [None, "x", [1], {"letters": 9}, {"letters": True}, {"<b>": 1}, {"letters": "1"}]
)
def test_what_a_browser_tells_is_not_trusted(told):
    assert memory.parse(told) == {}


def test_what_a_browser_remembers_is_known_again():
    assert memory.parse({"letters": 1, "map": 0, "gone": 2}) == {"letters": 1, "map": 0}


def test_an_unknown_chapter_in_a_link_is_no_chapter(app):
    app.query_params[LINK] = "<b>nonsense</b>"
    app.switch_page("pages/sparsity.py").run()
    assert not app.exception
    assert not [each for each in app.button if each.key == "sparse_off"]


@pytest.mark.parametrize(("page", "part"), [("course", "glossary"), ("board", "rate")])
def test_the_part_of_a_page_without_knobs_is_in_its_address(app, page, part):
    app.query_params[f"{page}_lens"] = "<b>"
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    app.button_group(key=f"{page}_lens").set_value(part).run()
    assert app.query_params[f"{page}_lens"] in (part, [part])
