"""What the playground is, and a card for each page."""

from pathlib import Path

import streamlit as st

from components import story
from components.rooms import ROOMS

PICTURES = Path(__file__).parent.parent / "docs" / "screenshots"

st.title("Bottleneck")
story.show("home", "lead")
story.show("home", "what")
for path, title, name, icon in ROOMS:
    with st.container(border=True, width=420):
        picture = PICTURES / f"{name}-card.png"
        if picture.is_file():
            st.image(str(picture), caption=f"The {title.lower()} page at work")
        st.page_link(path, label=f"**{title}**", icon=icon)
        story.show(name, "home")
