"""The page document: Streamlit's own, with a script of ours in front of all others.

A component's script runs too late: the first page has changed the address by then.
"""

import functools
import json
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from components.pages import HOME, ROOMS

SCRIPT = Path(__file__).with_suffix(".js")
OF_THE_FILE = ("content-encoding", "content-length", "etag", "last-modified", "accept-ranges")
"""Headers of Streamlit's answer that are wrong for another text."""


class Document:
    """ASGI middleware that answers with our page document where Streamlit answers with its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is no page: files, other methods, sockets."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _is_page(scope["path"]):
            await self._app(scope, receive, send)
            return
        is_replaced = False

        async def replace(message: Message) -> None:
            nonlocal is_replaced
            if message["type"] == "http.response.start" and _is_html(message):
                is_replaced = True
                text = make().encode()
                headers = MutableHeaders(scope=message)
                for name in OF_THE_FILE:
                    del headers[name]
                headers["content-length"] = str(len(text))
                await send(message)
                await send({"type": "http.response.body", "body": text})
            elif not is_replaced:
                await send(message)

        await self._app(scope, receive, replace)


@functools.cache
def make() -> str:
    """The HTML of every page; Streamlit's own if that has no head any more."""
    page = Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")
    script = SCRIPT.read_text(encoding="utf-8")
    prefixes = json.dumps({room.address: room.key for room in (HOME, *ROOMS)})
    return page.replace("<head>", f"<head>\n<script>\n({script})({prefixes});\n</script>", 1)


def _is_page(path: str) -> bool:
    return "." not in path.rpartition("/")[2]


def _is_html(start: Message) -> bool:
    kind = MutableHeaders(scope=start).get("content-type", "")
    return start["status"] == 200 and kind.startswith("text/html")


MIDDLEWARE = [Middleware(Document)]
