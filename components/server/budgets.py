"""What a visit may send, and how many visits an address may open: ASGI middleware in front of
Streamlit, which limits the size of each file but not their number.
"""

from collections import Counter

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from components.streamlit_adapter import held
from components.streamlit_adapter.session_end import address_of
from components.words import language
from core.message import Message

UPLOADS = "/_stcore/upload_file/"
MOST_CONNECTIONS = 200
"""Of one address at a time. A school is one address: this is against a flood."""
TRY_AGAIN_LATER = 1013


class Budgets:
    """Refuses an upload beyond the budget of its visit or of the server, and the connections of an
    address that has very many open.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._connections: Counter[str] = Counter()
        self._on_the_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is within its budget."""
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "PUT" and UPLOADS in scope["path"]:
            await self._upload(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = address_of(scope)
        if self._connections[address] >= MOST_CONNECTIONS:
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
            return
        self._connections[address] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._connections[address] -= 1
            self._connections += Counter()  # those with any

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = scope["path"].partition(UPLOADS)[2].partition("/")[0]
        text = Headers(scope=scope).get("content-length", "")
        if not (text.isascii() and text.isdigit()):
            await _refuse(411, Message("An upload must say its length."), scope, receive, send)
            return
        length = int(text[:20])
        problem = held.problem(visit, length, self._on_the_way)
        if problem:
            await _refuse(413, problem, scope, receive, send)
            return
        self._on_the_way[visit] += length
        try:
            await self._app(scope, receive, send)
        finally:
            self._on_the_way[visit] -= length
            self._on_the_way += Counter()


async def _refuse(status: int, problem: str, scope: Scope, receive: Receive, send: Send) -> None:
    said = "\n\n".join(language.sentence(problem, name) for name in language.LANGUAGES)
    await PlainTextResponse(said, status_code=status)(scope, receive, send)


MIDDLEWARE = [Middleware(Budgets)]
