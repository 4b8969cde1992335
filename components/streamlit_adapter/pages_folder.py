"""Keeps Streamlit from making pages of the folder `pages` by itself: `st.navigation` lists them.

Streamlit (1.67) learns that only when the first run calls `st.navigation`: a first visitor with the
address of a page would get the bare file.
"""

from streamlit.runtime.pages_manager import PagesManager


def never_look_in() -> None:
    """Says it before the first run, in Streamlit's private class."""
    PagesManager.uses_pages_directory = False
