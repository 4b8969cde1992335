"""A text longer than its box is cut, and a sentence says what is read of it."""

import pytest
from streamlit.testing.v1 import AppTest

from components.parts.spelling import forms

MOST = 300


def page():
    import streamlit as st

    from components.knobs import boxes

    st.session_state["read"] = boxes.line("One line", "", most=300, key="a", bind="query-params")
    st.session_state["read_area"] = boxes.area("Lines", "", most=300, key="b")
    with st.form("f"):
        st.session_state["read_form"] = boxes.line("Name", "start", most=300, key="c")
        st.form_submit_button("Send")


@pytest.fixture
def app():
    return AppTest.from_function(page).run()


def captions(app):
    return [each.value for each in app.caption]


@pytest.mark.parametrize(
    ("kind", "key", "read"), [("text_input", "a", "read"), ("text_area", "b", "read_area")]
)
def test_a_longer_paste_is_cut_and_said(app, kind, key, read):
    def paste(text):
        getattr(app, kind)(key=key).set_value(text).run()
        assert not app.exception
        return getattr(app, kind)(key=key).value

    assert captions(app) == []
    assert paste("x" * 600) == "x" * MOST, "no more of it stays in the session"
    assert app.session_state[read] == "x" * MOST
    assert captions(app) == ["The first 300 of 600 characters are read."]
    app.run()
    assert captions(app) == ["The first 300 of 600 characters are read."]
    assert paste("y" * MOST) == "y" * MOST
    assert captions(app) == []
    assert paste("가" * 1_000_000) == "가" * MOST
    assert captions(app) == ["The first 300 of 1,000,000 characters are read."]
    assert paste("") == ""
    assert captions(app) == []


def test_a_form_reads_the_first_part_when_it_is_sent(app):
    app.text_input(key="c").set_value("z" * 400)
    app.button[0].click().run()
    assert not app.exception
    assert app.session_state["read_form"] == "z" * MOST
    assert captions(app) == ["The first 300 of 400 characters are read."]


def test_a_longer_text_of_a_link_is_cut_in_the_address_too():
    app = AppTest.from_function(page)
    app.query_params["a"] = "x" * 600
    app.run()
    assert app.session_state["read"] == "x" * MOST
    assert captions(app) == ["The first 300 of 600 characters are read."]
    app.run()
    assert app.query_params["a"] in ("x" * MOST, ["x" * MOST])
    assert captions(app) == ["The first 300 of 600 characters are read."]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([["a"] * 8] * 5, []),
        ([["a"] * 9], ["8 of 9 words are on the map: at most 8 of a line, and 5 lines."]),
        ([["a"]] * 7, ["5 of 7 words are on the map: at most 8 of a line, and 5 lines."]),
    ],
)
def test_words_that_are_not_on_the_map_of_forms_are_counted(lines, said, monkeypatch):
    found = []
    monkeypatch.setattr(forms.st, "caption", found.append)
    forms._say_how_many(lines)
    assert found == said
