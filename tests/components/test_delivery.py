"""What a run has drawn arrives, also when the next request comes in while it ends."""

import asyncio
import threading
import time

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from components.streamlit_adapter import flush

SHARED = """
import threading

RUNS, COMES_IN = [], threading.Event()
"""
SCRIPT = """
import contextlib
import time

import streamlit as st
from starlette.middleware import Middleware
from streamlit.proto.BackMsg_pb2 import BackMsg

import shared
from components.streamlit_adapter import flush


class Slow:
    '''Holds the server's loop while a request comes in: a run can end meanwhile.'''

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def late():
            message = await receive()
            request = BackMsg.FromString(message.get("bytes") or b"")
            if request.rerun_script.is_auto_rerun:
                shared.COMES_IN.set()
                time.sleep(0.5)
            return message

        await self.app(scope, late, send)


@contextlib.asynccontextmanager
async def lifespan(_):
    flush.begin()
    yield


def first():
    shared.RUNS.append("first")
    if len(shared.RUNS) > 1:
        shared.COMES_IN.wait(20)
    st.text(f"first {len(shared.RUNS)}")


def second():
    st.text(f"second {len(shared.RUNS)}")


if __name__ == "__main__":
    with flush.whole():
        flush.fragment(second)()
        flush.fragment(first)()
else:
    app = st.App(__file__, lifespan=lifespan, middleware=[Middleware(Slow)])
"""


@pytest.fixture
def loop(monkeypatch):
    """The running event loop of a server, of which the pages know."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    monkeypatch.setattr(flush, "_loop", None)

    async def begin():
        flush.begin()

    asyncio.run_coroutine_threadsafe(begin(), loop).result()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_run_ends_when_the_server_has_taken_what_it_has_drawn(loop):
    taken = []
    with flush.whole():
        loop.call_soon_threadsafe(time.sleep, 0.1)
        loop.call_soon_threadsafe(taken.append, "drawn")
    assert taken == ["drawn"]


def test_what_was_drawn_before_an_error_is_delivered_too(loop):
    taken = []
    with pytest.raises(ZeroDivisionError), flush.whole():
        loop.call_soon_threadsafe(taken.append, "drawn")
        raise ZeroDivisionError
    assert taken == ["drawn"]


def test_nobody_waits_for_ever_for_a_server_that_hangs(loop, monkeypatch):
    monkeypatch.setattr(flush, "PATIENT_SECONDS", 0.05)
    released = threading.Event()
    loop.call_soon_threadsafe(released.wait)
    with flush.whole():
        pass
    assert not released.is_set()
    released.set()


def test_pages_run_without_a_server_and_after_its_end(monkeypatch):
    closed = asyncio.new_event_loop()
    closed.close()
    for loop in (None, closed):
        monkeypatch.setattr(flush, "_loop", loop)
        with flush.whole():
            pass


def ask(connection, fragment="", *, by_itself=False):
    """Asks for a run of a fragment, or of the page."""
    message = BackMsg()
    message.rerun_script.fragment_id = fragment
    message.rerun_script.is_auto_rerun = by_itself
    connection.send(message.SerializeToString())


def read_until(connection, last):
    """The texts that arrive, and who drew them, until one begins so."""
    texts = {}
    while not any(text.startswith(last) for text in texts):
        message = ForwardMsg.FromString(connection.recv(timeout=60))
        if message.delta.new_element.WhichOneof("type") == "text":
            texts[message.delta.new_element.text.body] = message.delta.fragment_id
    return texts


def wait_for_run(connection):
    """Until the next run has begun."""
    while ForwardMsg.FromString(connection.recv(timeout=60)).WhichOneof("type") != "new_session":
        pass


@pytest.mark.parametrize("whole_page", [False, True])
def test_a_request_that_comes_in_while_a_run_ends_takes_nothing_from_it(
    start_server, open_page, whole_page
):
    with open_page(start_server(page=SCRIPT, shared=SHARED)) as connection:
        opened = read_until(connection, "first 1")
        ask(connection, "" if whole_page else opened["first 1"])
        wait_for_run(connection)
        ask(connection, opened["second 0"], by_itself=True)
        assert "first 2" in read_until(connection, "second 2")
