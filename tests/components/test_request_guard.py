"""Requests of foreign hosts and origins are refused, at once, and nothing is looked up outside."""

import asyncio
import contextlib
import http.client
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from streamlit import net_util
from streamlit.web.server import server_util
from streamlit.web.server.starlette import starlette_websocket

from components.server import request_guard
from components.server.request_guard import RequestGuard
from components.streamlit_adapter import outside_address

HOST, NAMED = "localhost:8501", "lab.example.org"
SLOWEST_SECONDS = 0.3
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
SCRIPT = """
import streamlit as st

from components.server import request_guard

if __name__ == "__main__":
    st.write("a page")
else:
    app = st.App(__file__, middleware=request_guard.MIDDLEWARE)
"""


async def app(scope, _, send):
    """What stands behind the guard: answers everything."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await PlainTextResponse("ok")(scope, None, send)


@pytest.fixture
def guard(monkeypatch):
    monkeypatch.setenv("BOTTLENECK_HOSTS", NAMED)
    return RequestGuard(app)


def ask_guard(guard, *headers, kind="http"):
    """The first message that comes back for a request with these headers, and the text after it."""
    messages = []

    async def send(message):
        messages.append(message)

    pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    asyncio.run(guard({"type": kind, "headers": pairs}, None, send))
    return messages[0], b"".join(message.get("body", b"") for message in messages).decode()


def is_served(guard, *headers):
    """Whether a request and a handshake with these headers are served, which is always the same."""
    served = ask_guard(guard, *headers)[0]["status"] == 200
    answer = ask_guard(guard, *headers, kind="websocket")[0]["type"]
    assert answer == ("websocket.accept" if served else "websocket.close")
    return served


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:9",
        "LocalHost.",
        "127.0.0.1:8501",
        "[::1]:8501",
        NAMED,
        f"{NAMED}:80",
    ],
)
def test_a_host_that_the_server_was_told_is_served(guard, host):
    assert is_served(guard, ("host", host))
    assert is_served(guard, ("host", host), ("origin", f"http://{host}"))
    assert is_served(guard, ("host", host), ("origin", f"https://{host.upper()}"))


@pytest.mark.parametrize(
    "host",
    [
        "rebind.example:8501", "localhost.rebind.example", "192.0.2.7", f"x.{NAMED}", "::1", "",
        "a b", "127.0.0.1:99999", "evil@localhost", "localhost:8501, rebind.example", "\xe9\xff",
    ],
)  # fmt: skip
def test_another_host_is_refused(guard, host):
    assert not is_served(guard, ("host", host))
    assert not is_served(guard, ("host", host), ("origin", f"http://{host}"))


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example", "http://localhost", "http://localhost:8502", "http://127.0.0.1:8501",
        "http://evil@localhost:8501", "null", "", "localhost:8501", "http://localhost:8501/",
        "\xe9\xff", "chrome-extension://abc", "http://localhost:8501 http://evil.example",
    ],
)  # fmt: skip
def test_another_origin_is_refused(guard, origin):
    assert is_served(guard, ("host", HOST), ("origin", f"http://{HOST}"))
    assert not is_served(guard, ("host", HOST), ("origin", origin))


def test_the_headers_of_a_proxy_and_second_ones_do_not_help(guard):
    foreign = ("host", "rebind.example")
    assert not is_served(guard)
    assert not is_served(guard, ("host", HOST), foreign)
    assert not is_served(guard, foreign, ("x-forwarded-host", HOST), ("forwarded", f"host={HOST}"))
    both = [("origin", f"http://{HOST}"), ("origin", "http://evil.example")]
    assert not is_served(guard, ("host", HOST), *both)


def test_the_address_that_the_server_listens_at_is_served(monkeypatch):
    options = {"server.address": "10.0.0.7", "browser.serverAddress": "bottleneck.example"}
    monkeypatch.setattr(request_guard.st, "get_option", options.get)
    for host in ("10.0.0.7:8501", "bottleneck.example", HOST):
        assert is_served(RequestGuard(app), ("host", host))


def test_a_refusal_is_a_sentence_with_the_way_out_in_every_language(guard):
    _, text = ask_guard(guard, ("host", "192.168.0.5:8501"))
    assert "BOTTLENECK_HOSTS=192.168.0.5, or, for a class, by make serve." in text
    assert "호스트 192.168.0.5에 응답하지 않습니다" in text
    _, text = ask_guard(guard, ("host", HOST), ("origin", "http://evil.example"))
    assert "came from 'http://evil.example'" in text
    assert "'http://evil.example'에서 왔습니다" in text
    answer, text = ask_guard(guard, ("host", "<b>x</b>" * 1000))
    assert len(text) < 1000
    assert (b"content-type", b"text/plain; charset=utf-8") in answer["headers"]
    assert (b"x-content-type-options", b"nosniff") in answer["headers"]


def test_refusals_cannot_fill_the_log(guard, caplog):
    for number in range(20):
        ask_guard(guard, ("host", f"rebind{number}.example"))
    assert len(caplog.records) == 1


@pytest.fixture(scope="module")
def blackhole():
    """The port of a proxy that takes connections and never answers, and what it has taken."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = []

        def take():
            with contextlib.suppress(OSError):
                while True:
                    taken.append(listener.accept())

        threading.Thread(target=take, daemon=True).start()
        yield listener.getsockname()[1], taken
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def server(start_server, open_page, blackhole):
    """A server whose outgoing traffic is dropped, once a page was opened."""
    proxy = f"http://127.0.0.1:{blackhole[0]}"
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
    server = start_server(dict.fromkeys(names, proxy), page=SCRIPT)
    open_page(server).close()
    return server


def ask(server, path="/_stcore/health", **headers):
    """An answer of the server, and how many seconds it took."""
    connection = http.client.HTTPConnection(server, timeout=30)
    started = time.monotonic()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer, time.monotonic() - started


def shake_hands(server, **headers):
    """The answer to a handshake, and how many seconds it took."""
    return ask(server, "/_stcore/stream", **HANDSHAKE, **headers)


def slowest_answer(server):
    """The longest that anybody waits while ten handshakes of a foreign origin come in, in seconds;
    the handshakes are refused, and everything else is served.
    """
    foreign = {"Origin": "http://evil.example"}
    with ThreadPoolExecutor(10) as threads:
        attack = [threads.submit(shake_hands, server, **foreign) for _ in range(10)]
        answers = [ask(server)]
        while not all(handshake.done() for handshake in attack):
            answers.append(ask(server))
    refused = [handshake.result() for handshake in attack]
    assert {answer.status for answer, _ in answers} == {200}
    assert {answer.status for answer, _ in refused} == {403}
    return max(seconds for _, seconds in answers + refused)


def test_foreign_handshakes_hold_nobody_up_and_nothing_is_looked_up_outside(server, blackhole):
    """Of three attacks the one that this computer was least busy with: a look-up delays each."""
    slowest = [slowest_answer(server) for _ in range(3)]
    assert min(slowest) <= SLOWEST_SECONDS, slowest
    assert shake_hands(server, Host="rebind.example")[0].status == 403
    assert shake_hands(server, Origin=f"http://{server}")[0].status == 101
    assert blackhole[1] == [], "something was asked outside, now or at the start"


def test_every_response_has_the_headers(server):
    script = next((Path(net_util.__file__).parent / "static" / "static" / "js").glob("*.js"))
    paths = ["/", "/_stcore/health", "/_stcore/host-config", "/_stcore/nothing", "/a/deep/link"]
    answers = [ask(server, path)[0] for path in [*paths, f"/static/js/{script.name}"]]
    answers.append(ask(server, "/", Origin="http://evil.example")[0])
    assert {answer.status for answer in answers} >= {200, 403}
    for answer in answers:
        assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
        assert answer.headers.get_all("Referrer-Policy") == ["same-origin"]


def test_streamlit_looks_its_address_up_as_the_fence_assumes(monkeypatch):
    """The private names of Streamlit that are relied on: a new version may have others."""
    asked = []
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda url, **_: asked.append(url))
    monkeypatch.setattr(net_util, "_external_ip", None)
    assert not server_util.is_url_from_allowed_origins("http://evil.example")
    assert len(asked) == 2, "Streamlit asks outside when it is not told"
    outside_address.never_look_up()
    assert not server_util.is_url_from_allowed_origins("http://evil.example")
    assert not starlette_websocket._is_origin_allowed("http://", "localhost")
    assert not net_util.get_external_ip()
    assert len(asked) == 2
