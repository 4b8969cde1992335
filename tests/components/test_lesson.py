"""A lesson link: hidden and locked controls, plain texts, and nothing else that a link could do."""

import unicodedata
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.knobs import lesson
from components.knobs.lesson import HIDE, LOCK, MOST_NOTE, MOST_QUESTION, NOTE, QUESTION, parse

pytestmark = pytest.mark.usefixtures("no_workers")
ROOT = Path(__file__).resolve().parents[2]
KNOBS = ("l1", "latent_dim", "seed")
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "$$\\frac{1}{0}$$",
    ":material/delete: :red[stop] :smile:",
    "\u202egnp.exe\u202c\u2066\u200f",
    "\x00\x07\x1b[31m",
    "a\n\n\n# b\r\n- c\u2028d",
    "x" * 10**6,
    "\u0301" * 10**5,
    "🙂" * 10**5,
    "\ud800",
    "1e999",
    ",".join(f"knob{i}" for i in range(10**5)),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_a_hostile_text_becomes_plain_and_short(text):
    found, notices = parse(dict.fromkeys((HIDE, LOCK, QUESTION, NOTE), text), KNOBS)
    assert (found.hidden, found.locked) == ((), ())
    assert len(found.question) <= MOST_QUESTION
    assert len(found.note) <= MOST_NOTE
    assert not any(unicodedata.category(sign)[0] == "C" for sign in found.question)
    assert len(notices) <= 4
    assert all(len(notice) < 300 for notice in notices)


def test_a_lesson_is_read_as_it_was_written():
    asked = lesson.Lesson(("l1", "presets"), ("seed", "more_knobs"), "왜 <b>?", "See\nthis.")
    found, notices = parse(asked.to_params(), KNOBS)
    assert found == asked
    assert notices == []


def test_unknown_names_are_ignored_and_told_and_doubles_count_once():
    found, notices = parse({HIDE: "l1,l1,<b>,__class__", LOCK: "moves"}, KNOBS)
    assert found.hidden == ("l1",)
    assert found.locked == ()
    assert ["<b>" in notices[0], "moves" in notices[1], len(notices)] == [True, True, 2]


def test_more_knobs_stands_for_all_that_wait_behind_it():
    found = lesson.Lesson(hidden=("l1",), locked=("more_knobs",), more=("seed",))
    assert [found.holds(name) for name in KNOBS] == [True, False, True]
    assert [found.hides(name) for name in KNOBS] == [True, False, False]


@pytest.fixture
def app():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


def opened(app, **values):
    for name, value in values.items():
        app.query_params[name] = value
    app.switch_page("pages/sparsity.py").run()
    assert not app.exception
    return app


LESSON = {
    "sparse_l1": "0.001", "sparse_latent_dim": "100", "lesson_hide": "l1,parts",
    "sparse_lens": "penalty", "lesson_lock": "latent_dim", "lesson_question": "What? <b>$x$</b>",
    "lesson_note": "[a](b)",
}  # fmt: skip


def test_a_lesson_hides_locks_and_asks_until_it_is_left(app):
    opened(app, **LESSON)
    names = [slider.key for slider in app.select_slider]
    assert "sparse_l1" not in names
    assert app.select_slider(key="sparse_latent_dim").disabled
    assert app.select_slider(key="sparse_learning_rate").disabled is False
    assert app.session_state["page:sparse"].wanted.config.l1 == 1e-3
    assert app.query_params["lesson_question"] == "What? <b>$x$</b>"
    app.session_state["sparse_latent_dim"] = "30"
    app.run()
    assert app.session_state["page:sparse"].wanted.config.latent_dim == 100
    app.text_area(key="sparse_lesson_answer").set_value("Because.").run()

    app.switch_page("pages/home.py").run()
    app.query_params.clear()
    app.switch_page("pages/sparsity.py").run()
    assert "sparse_l1" not in [slider.key for slider in app.select_slider]
    assert app.query_params["sparse_lens"] == "penalty"
    assert app.query_params["lesson_hide"] == "l1,parts"
    assert app.text_area(key="sparse_lesson_answer").value == "Because."

    app.button(key="sparse_lesson_leave").click().run()
    assert app.select_slider(key="sparse_l1").value == "0.001"
    assert not app.select_slider(key="sparse_latent_dim").disabled
    assert not any(name.startswith("lesson_") for name in app.query_params)


def test_presets_that_would_turn_a_locked_knob_wait(app):
    from core.presets import SPARSITY

    opened(app, **LESSON)
    waiting = {name for name in SPARSITY if app.button(key=f"sparse_preset_{name}").disabled}
    assert waiting == {
        name
        for name, preset in SPARSITY.items()
        if (preset.experiment.config.l1, preset.experiment.config.latent_dim) != (1e-3, 100)
        or preset.lens != "penalty"
    }


BESIDE = {
    "character_text_language": "talo <b>", "character_typos": "3", "speller_text_en": "teh",
    "denoising_test_kind": "masking", "denoising_test_level_masking": "0.25",
    "variational_lens": "generate", "variational_prior_sigma": "2.0",
}  # fmt: skip
HOSTILE_BESIDE = {
    "character_text_language": "x" * 10**5, "character_typos": "99", "speller_text_en": "x" * 10**5,
    "denoising_test_kind": "<b>", "denoising_test_level_masking": "nan",
    "variational_prior_sigma": "1e999",
}  # fmt: skip


def with_link(app, page, values):
    for name, value in values.items():
        app.query_params[name] = value
    app.switch_page(f"pages/{page}.py").run().run()
    assert not app.exception
    assert not app.warning
    params = app.query_params
    return {name for name, text in values.items() if params.get(name) in (text, [text])}


@pytest.mark.parametrize("page", ["characters", "spelling", "denoising"])
def test_what_is_typed_and_chosen_beside_the_knobs_travels_too(app, page):
    prefix = {"characters": "character", "spelling": "speller"}.get(page, page)
    assert with_link(app, page, BESIDE) >= {name for name in BESIDE if name.startswith(prefix)}


@pytest.mark.parametrize("page", ["characters", "spelling", "denoising", "variational"])
def test_what_is_impossible_beside_the_knobs_is_ignored(app, page):
    prefix = {"characters": "character", "spelling": "speller"}.get(page, page)
    own = {name: text for name, text in HOSTILE_BESIDE.items() if name.startswith(prefix)}
    kept = with_link(app, page, own)
    assert kept <= {"denoising_test_level_masking", "variational_prior_sigma"}
