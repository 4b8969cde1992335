"""A visit ends with its tab, and only with that."""

import asyncio
import time
import urllib.request
from types import SimpleNamespace
from urllib.error import URLError

import pytest

from components.streamlit_adapter import session_end
from components.streamlit_adapter.session_end import CONNECTION, Farewell

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
HELD = """
import weakref

ALL = weakref.WeakSet()


class Held:
    pass
"""
SCRIPT = """
import gc

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import held
from components.streamlit_adapter import session_end


def count(_):
    gc.collect()
    return PlainTextResponse(str(len(held.ALL)))


if __name__ == "__main__":
    session_end.note_visit()
    held.ALL.add(st.session_state.setdefault("held", held.Held()))
else:
    app = st.App(__file__, middleware=session_end.MIDDLEWARE, routes=[Route("/held", count)])
"""


@pytest.fixture
def ended(monkeypatch):
    """The visits that the server was told to end."""
    visits = []
    server = SimpleNamespace(close_session=visits.append)
    monkeypatch.setattr(session_end.runtime, "get_instance", lambda: server)
    return visits


def visit_by(monkeypatch, connection):
    """Lets pages run for the browser with this connection."""
    context = SimpleNamespace(session_id="a visit")
    monkeypatch.setattr(session_end, "get_script_run_ctx", lambda: context)
    headers = {CONNECTION: connection} if connection else {}
    monkeypatch.setattr(session_end.st, "context", SimpleNamespace(headers=headers))


def serve(*messages, kind="websocket", connection=KEY, fails=False):
    """What the app inside, which runs a page first, has heard of a connection."""
    heard, coming = [], iter(messages)

    async def app(_, receive, __):
        if kind == "websocket":
            session_end.note_visit()
        for _ in messages:
            heard.append(await receive())
        if fails:
            raise ConnectionError

    async def receive():
        return next(coming)

    scope = {"type": kind, "headers": [(CONNECTION.encode(), connection.encode())]}
    asyncio.run(Farewell(app)(scope, receive, None))
    return heard


def bye(code):
    return {"type": "websocket.disconnect", "code": code}


def test_a_browser_that_goes_away_takes_its_visit_along(monkeypatch, ended):
    visit_by(monkeypatch, KEY)
    word = {"type": "websocket.receive", "bytes": b"knob"}
    assert serve(word, bye(1001)) == [word, bye(1001)]
    assert ended == ["a visit"]


def test_a_page_that_runs_after_its_connection_leaves_nothing_behind(monkeypatch):
    visit_by(monkeypatch, KEY)
    serve(bye(1006))
    session_end.note_visit()
    assert session_end._visits == {}


@pytest.mark.parametrize("code", [1000, 1005, 1006, 1011, 1012])
def test_a_broken_connection_may_come_back(monkeypatch, ended, code):
    visit_by(monkeypatch, KEY)
    serve(bye(code))
    assert ended == []


def test_the_visit_of_another_connection_stays(monkeypatch, ended):
    visit_by(monkeypatch, KEY)
    serve(bye(1001), connection="c29tZWJvZHkgZWxzZQ==")
    visit_by(monkeypatch, "")
    serve(bye(1001), connection="")
    assert ended == []
    visit_by(monkeypatch, KEY)
    serve(bye(1001))
    assert ended == ["a visit"]


def test_a_visit_ends_also_when_the_connection_fails_on_the_way_out(monkeypatch, ended):
    visit_by(monkeypatch, KEY)
    with pytest.raises(ConnectionError):
        serve(bye(1001), fails=True)
    assert ended == ["a visit"]


@pytest.mark.usefixtures("ended")
def test_what_is_no_visit_passes():
    request = {"type": "http.request", "body": b""}
    assert serve(request, kind="http") == [request]


@pytest.fixture
def server(start_server):
    """The address of a page that holds something for every visit, and counts what is held."""
    return start_server(page=SCRIPT, held=HELD)


def wait_for_held(server, count):
    """Until the server holds the things of so many visits."""
    held, deadline = "", time.monotonic() + 60
    while held != str(count) and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{server}/held", timeout=5) as answer:
                held = answer.read().decode()
        except (URLError, OSError):
            pass
        time.sleep(0.2)
    assert held == str(count)


def test_the_server_lets_go_of_what_a_closed_tab_held_and_of_nothing_else(server, open_page):
    wait_for_held(server, 0)
    broken = open_page(server)
    wait_for_held(server, 1)
    closed = open_page(server)
    wait_for_held(server, 2)
    with open_page(server):
        wait_for_held(server, 3)
        closed.close(1001)
        wait_for_held(server, 2)
        broken.close(1000)
        with open_page(server):
            wait_for_held(server, 3)
