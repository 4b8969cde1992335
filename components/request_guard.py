"""Refuses requests from other sites before Streamlit reads them, and adds security headers.

A web page of another site can send requests to this server through a visitor's browser, also to a
server that only this computer reaches. The browser then names that page in the Origin header; after
DNS rebinding (a name of the attacker that resolves to this server) it names it in the Host header.
"""

import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from components.language import LANGUAGES, table
from core import hosts

HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
STARTS = ("http.response.start", "websocket.http.response.start")
MAX_LOGGED, MAX_SHOWN = 100, 100
UNKNOWN_HOST = (
    "This server does not answer to the host {host}. Open the address that the server printed when "
    "it started. To allow this host, start the server with {variable}={name}"
)
UNREADABLE_HOST = "The Host header of this request is missing or malformed. Received: {host}."
FOREIGN_ORIGIN = (
    "This request comes from {origin}, but it was sent to {host}: requests from other sites are "
    "refused. A proxy in front of this server must pass on the Host header with its port."
)


class RequestGuard:
    """ASGI middleware that answers requests with a foreign Host or Origin with 403 and a sentence.

    Allowed hosts are the names of the loopback interface, the address to which the request was
    sent (an address, unlike a name, cannot be rebound), `server.address`, `browser.serverAddress`
    and $BOTTLENECK_HOSTS. An Origin must be that of the allowed host itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._allowed = hosts.LOOPBACK | _configured_hosts() | set(hosts.extra_hosts())
        self._logged: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses the request or passes it on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] in STARTS:
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        app = self._app if refusal is None else PlainTextResponse(refusal, 403)
        await app(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> str | None:
        """Why the request is refused: a sentence; None if it is allowed."""
        headers = Headers(scope=scope)
        received = headers.getlist("host")
        host = hosts.read_host(received[0]) if len(received) == 1 else None
        if host is None:
            return self._say(headers, UNREADABLE_HOST, host=_shown(received))
        if host.name not in self._allowed and host.name != _local_address(scope):
            return self._say(
                headers,
                UNKNOWN_HOST,
                host=_shown(received),
                variable=hosts.VARIABLE,
                name=host.name[:MAX_SHOWN],
            )
        origins = headers.getlist("origin")
        if all(hosts.is_same_origin(origin, host) for origin in origins):
            return None
        return self._say(headers, FOREIGN_ORIGIN, origin=_shown(origins), host=_shown(received))

    def _say(self, headers: Headers, text: str, **values: str) -> str:
        """The sentence in the language of the browser; logged in English, each sentence once."""
        sentence = text.format(**values)
        if sentence not in self._logged and len(self._logged) < MAX_LOGGED:
            self._logged.add(sentence)
            logging.getLogger(__name__).warning("A request was refused. %s", sentence)
        language = headers.get("accept-language", "")[:2].lower()
        known = table(language) if language in LANGUAGES else {}
        return known.get(text, text).format(**values)


def _configured_hosts() -> set[str]:
    """The addresses in Streamlit's settings at which visitors may open the server."""
    settings = (config.get_option("server.address"), config.get_option("browser.serverAddress"))
    return {hosts.normalize(address) for address in settings if address} - hosts.WILDCARDS


def _local_address(scope: Scope) -> str | None:
    """The IP address of this server to which the visitor, or the proxy, is connected."""
    server = scope.get("server")
    return hosts.normalize(server[0]) if server else None


def _shown(received: list[str]) -> str:
    return ascii(", ".join(received)[:MAX_SHOWN])


MIDDLEWARE = [Middleware(RequestGuard)]
