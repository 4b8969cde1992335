"""What the playground is, and a card for each page."""

from pathlib import Path

import streamlit as st

from components import story
from components.language import t
from components.rooms import ROOMS

PICTURES = Path(__file__).parent.parent / "docs" / "screenshots"

st.title(t("Bottleneck"))
story.show("home", "lead")
story.show("home", "what")
for path, title, name, icon in ROOMS:
    with st.container(border=True, width=420):
        picture = PICTURES / f"{name}-card.png"
        if picture.is_file():
            words = t("The page {title} at work", title=t(title))
            st.image(str(picture), caption=words, alt=words)
        st.page_link(path, label=f"**{t(title)}**", icon=icon)
        story.show(name, "home")
