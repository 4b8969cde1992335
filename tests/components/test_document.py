"""The page document: which answers it replaces, with what, and what it tells its script."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from streamlit import file_util

from components.pages import HOME, ROOMS
from components.streamlit_adapter import page_document
from components.streamlit_adapter.page_document import Document
from tests.records import CHAINED, RUN_PAGES

ROOT = Path(__file__).resolve().parents[2]
KEY = re.compile(r'^KEY = "(\w+)"$', re.MULTILINE)
STREAMLITS = HTMLResponse("Streamlit's own", headers={"etag": "of Streamlit's own"})


@pytest.fixture(autouse=True)
def nothing_kept():
    page_document.make.cache_clear()
    yield
    page_document.make.cache_clear()


def ask(answer: Response, path: str, method: str = "GET") -> tuple[Headers, bytes]:
    """The headers and the body that come back where Streamlit answers with `answer`."""
    messages = []

    async def send(message):
        messages.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": []}
    asyncio.run(Document(answer)(scope, None, send))
    start, *parts = messages
    return Headers(raw=start["headers"]), b"".join(part["body"] for part in parts)


@pytest.mark.parametrize("path", ["/", "/autoencoder", "/behind/a/proxy/map"])
def test_a_page_gets_our_document(path):
    headers, body = ask(STREAMLITS, path)
    assert body.decode() == page_document.make()
    assert int(headers["content-length"]) == len(body)
    assert "etag" not in headers


@pytest.mark.parametrize("path", ["/static/index.html", "/favicon.png"])
def test_a_file_stays_as_it_is(path):
    headers, body = ask(STREAMLITS, path)
    assert body == STREAMLITS.body
    assert headers["etag"] == "of Streamlit's own"


@pytest.mark.parametrize(
    "answer", [PlainTextResponse("ok"), HTMLResponse("no such page", status_code=404)]
)
def test_what_is_no_page_stays_as_it_is(answer):
    assert ask(answer, "/_stcore/health")[1] == answer.body


def test_another_method_passes():
    assert ask(STREAMLITS, "/autoencoder", "POST")[1] == STREAMLITS.body


def test_a_socket_passes():
    seen = []

    async def app(scope, _receive, _send):
        seen.append(scope["type"])

    asyncio.run(Document(app)({"type": "websocket", "path": "/"}, None, None))
    assert seen == ["websocket"]


def test_the_script_stands_before_all_others():
    page, script = page_document.make(), page_document.SCRIPT.read_text(encoding="utf-8")
    assert page.index(script) == page.index("<script>") + 10
    assert page.count("<script>\n(") == 1


def test_a_page_without_a_head_is_shown_as_streamlit_wrote_it(tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text("<html><body>new</body></html>", encoding="utf-8")
    monkeypatch.setattr(file_util, "get_static_dir", lambda: str(tmp_path))
    assert page_document.make() == "<html><body>new</body></html>"


def test_the_script_knows_the_prefix_of_every_page_with_knobs():
    told = json.loads(re.search(r"\)\((\{.*?\})\);\n</script>", page_document.make())[1])
    for room in (HOME, *ROOMS):
        found = KEY.search((ROOT / room.path).read_text(encoding="utf-8"))
        assert told[room.address] == room.key
        if found:
            assert room.key == found[1]
    for page in (*RUN_PAGES, *CHAINED):
        assert told[page.story] == page.key
