"""The course: a guided path through the pages, and what to take home from it."""

import streamlit as st

from components.knobs import link, switch
from components.parts.course import memory
from components.parts.course.parts import PARTS
from components.words.language import t

KEY = "course"

memory.show()
st.title(t("Course"))
with st.container(key="course_parts"):
    switch.choose(PARTS, KEY)
link.write_part(KEY)
PARTS[switch.current(PARTS, KEY)].show()
