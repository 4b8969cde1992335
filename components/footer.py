"""What stands under every page: which version of the playground it is."""

import streamlit as st

from components.words.language import t
from core.build import build


def show() -> None:
    """Draws the name and the version, and the commit where it is known."""
    with st.container(key="footer"):
        st.caption(t("Bottleneck {build}", build=build()))
