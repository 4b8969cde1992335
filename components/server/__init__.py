"""What the server does around Streamlit: it checks its settings, and what stands before a page."""

import contextlib
import gc
import importlib
import sys
import threading
from collections.abc import AsyncIterator

import streamlit as st
from threadpoolctl import threadpool_limits

from components.server import budgets, request_guard
from components.streamlit_adapter import flush, page_document, pages_folder, session_end, turns
from components.words import catalogues
from core import presets
from core.files import ABANDONED_SECONDS
from core.jobs import queries, visits, warm
from core.jobs.cluster import CLUSTER
from core.server import settings
from core.store import checkpoints

EVERY_PAGE_NEEDS = (
    "components.knobs.controls",
    "components.runs.run_panel",
    "components.runs.stage",
)
MIDDLEWARE = [
    *request_guard.MIDDLEWARE,
    *budgets.MIDDLEWARE,
    *session_end.MIDDLEWARE,
    *page_document.MIDDLEWARE,
]


def prepare() -> None:
    """Called before the app is made. Ends the process with a sentence if a setting is wrong."""
    settings.check_settings()
    try:
        catalogues.read_all()
    except catalogues.CatalogueBroken as problem:
        sys.exit(str(problem))
    queries.while_waiting = turns.lent
    pages_folder.never_look_in()


def begin() -> None:
    """Called in the event loop of the server, before the first visitor comes. Pages compute little:
    threads that spin over small products would only hold a class up. What a server that was killed
    a moment ago has left is too young to be swept now, and is swept later.
    """
    flush.begin()
    threadpool_limits(1)
    checkpoints.tidy()
    again = threading.Timer(ABANDONED_SECONDS, checkpoints.tidy)
    again.daemon = True
    again.start()
    visits.sweep()
    visits.watch()
    warm.watch([*presets.FIRST.values(), *presets.BESIDE])
    request_guard.say_where_it_runs()


@contextlib.asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Starts the workers before the first visitor comes, and ends them with the server."""
    begin()
    CLUSTER.start()
    for module in EVERY_PAGE_NEEDS:
        importlib.import_module(module)
    # A class does not wait for a search for garbage among the modules.
    gc.freeze()
    yield
    CLUSTER.close()
