"""A visit ends with its tab.

Streamlit keeps a visit for two minutes after its connection: that may only be broken. But a browser
that closes, leaves or reloads a page says that it is going away, and never asks for that visit
again (RFC 6455, section 7.4.1).
"""

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

GOING_AWAY = 1001
CONNECTION = "sec-websocket-key"
_visits: dict[str, str] = {}
"""By open connection; "" until its page has run."""


def note_visit() -> None:
    """Remembers which visit the browser's connection belongs to."""
    context = get_script_run_ctx()
    connection = st.context.headers.get(CONNECTION)
    if context and connection in _visits:
        _visits[connection] = context.session_id


class Farewell:
    """ASGI middleware that ends a visit whose browser goes away; others are kept as ever."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on, and listens for the last message of a connection."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        connection = dict(scope["headers"]).get(CONNECTION.encode(), b"").decode("latin-1")
        _visits[connection] = ""
        code = 0

        async def listen() -> Message:
            nonlocal code
            message = await receive()
            if message["type"] == "websocket.disconnect":
                code = message.get("code", 0)
            return message

        try:
            await self._app(scope, listen, send)
        finally:
            visit = _visits.pop(connection, "")
            if visit and code == GOING_AWAY:
                runtime.get_instance().close_session(visit)


MIDDLEWARE = [Middleware(Farewell)]
