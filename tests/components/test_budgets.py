"""What a visit may send, and how many visits an address may open."""

import asyncio
import weakref
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from components.server import budgets
from components.server.budgets import Budgets
from components.streamlit_adapter import held
from components.streamlit_adapter.session_end import address_of
from components.words import language
from core.jobs import visits
from core.jobs.memory import SERVER_BYTES, VISIT_BYTES
from core.jobs.visits import Visit

MEGABYTE = 1_000_000


class App:
    """Streamlit, as the middleware sees it: it holds each upload until it is let go."""

    def __init__(self):
        self.let_go = asyncio.Event()
        self.num_served = 0

    async def __call__(self, scope, receive, send):
        self.num_served += 1
        await self.let_go.wait()


@pytest.fixture
def stored(monkeypatch):
    """Files that Streamlit holds, by visit."""
    files = {}
    manager = SimpleNamespace(uploaded_file_mgr=SimpleNamespace(file_storage=files))
    monkeypatch.setattr(held.runtime, "exists", lambda: True)
    monkeypatch.setattr(held.runtime, "get_instance", lambda: manager)
    return files


def file(size):
    return SimpleNamespace(data=range(size))


def upload(visit, length, headers=True):
    headers = [(b"content-length", str(length).encode())] if headers else []
    path = f"/_stcore/upload_file/{visit}/some-file"
    return {"type": "http", "method": "PUT", "path": path, "headers": headers}


def websocket(address):
    return {"type": "websocket", "path": "/_stcore/stream", "client": (address, 5), "headers": []}


async def answered(app, scope, seconds=0.01):
    """The status of the answer, or the code of the close; None while the app has it."""
    sent = []

    async def send(message):
        sent.append(message)

    task = asyncio.create_task(app(scope, None, send))
    await asyncio.wait([task], timeout=seconds)
    return sent[0].get("status", sent[0].get("code")) if sent else None, sent, task


def test_uploads_of_a_visit_have_a_budget_together(stored):
    async def run():
        app = App()
        guarded = Budgets(app)
        stored["mine"] = {"one": file(60 * MEGABYTE)}
        assert (await answered(guarded, upload("mine", 41 * MEGABYTE)))[0] == 413
        assert (await answered(guarded, upload("theirs", 41 * MEGABYTE)))[0] is None
        assert (await answered(guarded, upload("mine", 30 * MEGABYTE)))[0] is None
        status, sent, _ = await answered(guarded, upload("mine", 30 * MEGABYTE))
        assert status == 413, "what is on its way counts, too"
        said = b"".join(each.get("body", b"") for each in sent).decode()
        assert "100 MB in all; with these they would take 120 MB." in said
        assert len(said.split("\n\n")) == len(language.LANGUAGES)
        app.let_go.set()
        await asyncio.sleep(0.01)
        assert (await answered(guarded, upload("mine", 30 * MEGABYTE)))[0] is None
        assert app.num_served == 3

    asyncio.run(run())


def test_uploads_of_all_visits_have_a_budget_together(stored):
    async def run():
        guarded = Budgets(App())
        for number in range(SERVER_BYTES // VISIT_BYTES + 1):
            stored[str(number)] = {"one": file(SERVER_BYTES // (SERVER_BYTES // VISIT_BYTES + 1))}
        assert (await answered(guarded, upload("new", VISIT_BYTES // 2)))[0] == 413

    asyncio.run(run())


def test_what_was_read_from_files_counts_too(stored):
    visit = Visit(name="mine")
    visit.own_bytes["own_pictures"] = 60 * MEGABYTE
    stored["mine"] = {"one": file(30 * MEGABYTE)}
    assert held.problem("mine", 10 * MEGABYTE) == ""
    assert "would take 101 MB" in held.problem("mine", 11 * MEGABYTE)
    assert held.problem("theirs", 11 * MEGABYTE) == ""
    visit.end()
    assert held.problem("mine", 70 * MEGABYTE) == ""


def test_own_data_beyond_the_budget_are_refused_with_a_sentence(monkeypatch):
    monkeypatch.setattr(visits, "_VISITS", weakref.WeakSet())

    def page():
        import numpy as np

        from components.streamlit_adapter import session
        from core.datasets import Dataset, name_own

        def keep(value, rows):
            rows = np.full((rows, 784), value, np.float32)
            data = Dataset(rows, rows[:1])
            session.keep_own(name_own(data), "Your pictures", data)

        keep(0.1, 16_000)
        keep(0.1, 16_000)  # the same: they are held once
        keep(0.2, 15_000)
        try:
            keep(0.3, 2_000)
        except ValueError as error:
            session.keep_problem("here", str(error))

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert len(app.session_state["own"]) == 2, "nothing that was held before is lost"
    assert "in all; with these they would take 103 MB" in app.session_state["problem:here"]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("length", ["", "-1", "many", "1e9", "²"])
def test_an_upload_says_its_length(length):
    async def run():
        guarded = Budgets(App())
        scope = upload("mine", 5)
        scope["headers"] = [(b"content-length", length.encode())] if length else []
        assert (await answered(guarded, scope))[0] == 411

    asyncio.run(run())


def test_only_a_flood_of_connections_is_refused():
    async def run():
        app = App()
        guarded = Budgets(app)
        tasks = [
            await answered(guarded, websocket("192.0.2.1"), 0)
            for _ in range(budgets.MOST_CONNECTIONS)
        ]
        assert all(code is None for code, _, _ in tasks)
        assert budgets.MOST_CONNECTIONS >= 60
        await asyncio.sleep(0.01)
        assert (await answered(guarded, websocket("192.0.2.1")))[0] == budgets.TRY_AGAIN_LATER
        assert (await answered(guarded, websocket("192.0.2.2")))[0] is None
        app.let_go.set()
        await asyncio.sleep(0.01)
        assert (await answered(guarded, websocket("192.0.2.1")))[0] is None
        assert guarded._connections == Counter()

    asyncio.run(run())


def test_an_address_that_is_not_known_is_nobodys():
    assert address_of({"client": ("192.0.2.7", 1)}) == "192.0.2.7"
    assert address_of({"client": None}) == ""


@pytest.mark.parametrize(
    ("socket", "seen"), [("192.0.2.1", "203.0.113.9"), ("192.0.2.7", "192.0.2.7")]
)
def test_only_the_word_of_the_trusted_proxy_counts(socket, seen):
    addresses = []

    async def app(scope, *_):
        addresses.append(address_of(scope))

    scope = websocket(socket) | {"headers": [(b"x-forwarded-for", b"203.0.113.9")]}
    asyncio.run(ProxyHeadersMiddleware(app, trusted_hosts="192.0.2.1")(scope, None, None))
    assert addresses == [seen]


def test_the_makefile_hands_the_proxy_to_the_server():
    makefile = (Path(__file__).resolve().parents[2] / "Makefile").read_text(encoding="utf-8")
    assert "export FORWARDED_ALLOW_IPS := $(BOTTLENECK_TRUSTED_PROXY)" in makefile
