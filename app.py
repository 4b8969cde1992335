"""The frame: page config, navigation, run; an ASGI app, so that the workers start with it."""

import streamlit as st

from components import footer, server
from components.figures import theme
from components.pages import HOME, groups
from components.streamlit_adapter import flush, session, session_end, turns
from components.words import errors, language
from components.words.language import t
from core.jobs.cluster import CLUSTER


def run() -> None:
    """One visit of one page."""
    CLUSTER.start()
    session_end.note_visit()
    session.visitor().resting = []
    with flush.whole(), turns.taken():
        st.set_page_config("Bottleneck", page_icon=theme.ICON, layout="wide")
        language.settle()
        listed = {"": [HOME], **groups()}
        page = st.navigation(
            {
                t(group) if group else "": [
                    st.Page(room.path, title=t(room.title), icon=room.icon, default=room is HOME)
                    for room in rooms
                ]
                for group, rooms in listed.items()
            },
            position="top",
        )
        theme.apply()
        language.choose()
        page.run()
        footer.show()


if __name__ == "__main__":
    run()
else:
    server.prepare()
    app = st.App(
        __file__,
        lifespan=server.lifespan,
        middleware=server.MIDDLEWARE,
        on_script_error=errors.show,
    )
