"""Refuses requests for foreign hosts and from foreign origins, before Streamlit sees them.

Every response, Streamlit's own files included, carries headers that keep a browser from guessing
content types, and from telling other sites the address of a page: a lesson link holds text.
"""

import logging
import sys
import time

import streamlit as st
from starlette import types
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from components.streamlit_adapter import outside_address
from components.words import language
from core.message import Message
from core.server.hosts import allowed_hosts, announcement, host_of

POLICY_VIOLATION = 1008
LONGEST_SHOWN = 100
SECONDS_BETWEEN_WARNINGS = 5.0
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


class RequestGuard:
    """ASGI middleware: answers 403 and a sentence, or refuses the handshake of a WebSocket."""

    def __init__(self, app: ASGIApp) -> None:
        outside_address.never_look_up()
        self._app = app
        self._hosts = allowed_hosts([listening_address(), st.get_option("browser.serverAddress")])
        self._next_warning = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what comes from a page of this server."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: types.Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", [])
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        problem = refusal(Headers(scope=scope), self._hosts)
        if not problem:
            await self._app(scope, receive, send_with_headers)
            return
        self._warn(problem)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            response = PlainTextResponse(_said_in_all_languages(problem), status_code=403)
            await response(scope, receive, send_with_headers)

    def _warn(self, problem: str) -> None:
        """Logs a refusal, but not each: anybody can be refused often."""
        if time.monotonic() >= self._next_warning:
            self._next_warning = time.monotonic() + SECONDS_BETWEEN_WARNINGS
            logging.getLogger(__name__).warning("Refused: %s", problem)


def refusal(headers: Headers, hosts: frozenset[str]) -> str:
    """Returns why a request is refused, or "".

    A request must name one of `hosts` in its one Host header. A browser writes the host of the page
    into Host and Origin alike: where there is an Origin, both must be the same, with the port.
    X-Forwarded-Host is not read, since any visitor can send it.
    """
    named = headers.getlist("host")
    origins = headers.getlist("origin")
    host = host_of(named[0]) if len(named) == 1 else None
    if host is None:
        return Message(
            "This server received {named} as Host header, which is no host name. Open "
            "the address that you were given.",
            named=_shown(named),
        )
    if host not in hosts:
        return Message(
            "This server does not answer to the host {host}. Open the address that you "
            "were given. If you run the server: start it with the setting "
            "BOTTLENECK_HOSTS={host}, or, for a class, by make serve.",
            host=host[:LONGEST_SHOWN],
        )
    if any(origin.partition("://")[2].lower() != named[0].lower() for origin in origins):
        return Message(
            "This server answers only to its own pages, at {named}; this request came "
            "from {origin}. If you run a proxy in front of it: the proxy must pass on "
            "the Host header as the browser sent it.",
            named=_shown(named),
            origin=_shown(origins),
        )
    return ""


def listening_address() -> str:
    """Where the server was told to listen; "" for all interfaces."""
    return st.get_option("server.address") or ""


def say_where_it_runs() -> None:
    """Writes to the terminal where the server can be opened."""
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    path = "/".join(["", *filter(None, [st.get_option("server.baseUrlPath").strip("/")])])
    url = f"{scheme}://{{}}:{st.get_option('server.port')}{path}"
    sys.stdout.write(f"\n{announcement(listening_address(), url)}\n\n")
    sys.stdout.flush()


def _shown(values: list[str]) -> str:
    """What was received, short and in ASCII."""
    return ascii(", ".join(values))[: LONGEST_SHOWN + 2]


def _said_in_all_languages(problem: str) -> str:
    return "\n\n".join(language.sentence(problem, name) for name in language.LANGUAGES)


MIDDLEWARE = [Middleware(RequestGuard)]
