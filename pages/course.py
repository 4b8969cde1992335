"""The course: a guided path through the pages, and what to take home from it."""

import streamlit as st

from components import link, switch
from components.course import memory
from components.course.parts import PARTS
from components.language import t

KEY = "course"

memory.show()
st.title(t("Course"))
with st.container(key="course_parts"):
    switch.choose(PARTS, KEY)
link.write_part(KEY)
PARTS[switch.current(PARTS, KEY)].show()
