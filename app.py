"""The frame: page config, navigation, run; an ASGI app, so that the workers start with it."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from components import delivery, errors, farewell, footer, language, look, server, session
from components.language import t
from components.rooms import HOME, ROOMS
from core import turns
from core.jobs.cluster import CLUSTER


@asynccontextmanager
async def with_workers(_: st.App) -> AsyncIterator[None]:
    """Starts the workers before the first visitor comes, and ends them with the server."""
    server.begin()
    CLUSTER.start()
    from components import controls, run_panel, stage  # noqa: F401

    # A class does not wait for a search for garbage among the modules.
    gc.freeze()
    yield
    CLUSTER.close()


def run() -> None:
    """One visit of one page."""
    CLUSTER.start()
    farewell.note_visit()
    session.begin_page()
    with delivery.whole(), turns.taken():
        st.set_page_config("Bottleneck", page_icon=look.ICON, layout="wide")
        language.settle()
        page = st.navigation(
            [
                st.Page(room.path, title=t(room.title), icon=room.icon, default=room is HOME)
                for room in (HOME, *ROOMS)
            ],
            position="top",
        )
        look.apply()
        language.choose()
        page.run()
        footer.show()


if __name__ == "__main__":
    run()
else:
    server.prepare()
    app = st.App(
        __file__,
        lifespan=with_workers,
        middleware=server.MIDDLEWARE,
        on_script_error=errors.show,
    )
