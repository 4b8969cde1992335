"""A visit ends with its tab.

Streamlit keeps a visit for two minutes after its connection: that may only be broken. But a browser
that closes, leaves or reloads a page says that it is going away, and never asks for that visit
again (RFC 6455, section 7.4.1).
"""

from collections.abc import Callable

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

GOING_AWAY = 1001
CONNECTION = "sec-websocket-key"
_visits: dict[str, str] = {}
"""By open connection; "" until its page has run."""
_addresses: dict[str, str] = {}
"""By open connection: where it comes from; "" for unknown."""


def address_of(scope: Scope) -> str:
    """Where a request comes from: the socket's address, or what a trusted proxy says; "" for
    unknown.
    """
    client = scope.get("client")
    return str(client[0]) if client else ""


def note_visit() -> None:
    """Remembers which visit the browser's connection belongs to."""
    context = get_script_run_ctx()
    connection = st.context.headers.get(CONNECTION)
    if context and connection in _visits:
        _visits[connection] = context.session_id


def can_come_back() -> Callable[[], bool]:
    """A question that any thread may ask: is this visitor here, or only disconnected for now?"""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return lambda: True
    visit = context.session_id

    def is_known() -> bool:
        visits = getattr(runtime.get_instance(), "_session_mgr", None) if runtime.exists() else None
        return visits is None or visits.get_session_info(visit) is not None

    return is_known


def name() -> str:
    """What Streamlit calls this visit, or ""."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def address() -> str:
    """Where this visitor comes from, or ""."""
    return _addresses.get(st.context.headers.get(CONNECTION) or "", "")


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
        _addresses[connection] = address_of(scope)
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
            _addresses.pop(connection, None)
            if visit and code == GOING_AWAY:
                runtime.get_instance().close_session(visit)


MIDDLEWARE = [Middleware(Farewell)]
