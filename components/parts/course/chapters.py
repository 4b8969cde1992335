"""The chapters as a list: what each is about, and what the visitor has predicted so far."""

import streamlit as st

from components.parts.course import guide, memory, stops
from components.parts.course.stops import STOPS
from components.streamlit_adapter import session
from components.words import story
from components.words.language import t


def show() -> None:
    """Draws the list under how far the visitor has come."""
    story.show("course", "lead")
    done = [name for name in STOPS if name in session.visitor().progress]
    right = sum(session.visitor().progress[name] == STOPS[name].right for name in done)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(
            len(done) / len(STOPS),
            t(
                "{done} of {count} chapters done, {right} predicted rightly. Only this browser "
                "remembers it.",
                done=len(done),
                count=len(STOPS),
                right=right,
            ),
            width=520,
        )
        if done:
            st.button(
                t("Start over"),
                key="course_forget",
                icon=":material/restart_alt:",
                type="tertiary",
                on_click=memory.forget,
                help=t("Forgets your predictions, here and in this browser."),
            )
    following = next((name for name in STOPS if name not in done), "")
    for number, name in enumerate(STOPS):
        if number % 2 == 0:  # a row of two: on a phone they stand in their order
            columns = st.columns(2, gap="medium")
        with columns[number % 2]:
            _show_chapter(number + 1, name, is_next=name == following)


def _show_chapter(number: int, name: str, *, is_next: bool) -> None:
    answer = session.visitor().progress.get(name)
    room = STOPS[name].place.room
    with st.container(border=True, key=f"chapter_{name}"):
        words, button = st.columns([3, 1], vertical_alignment="center")
        with words:
            st.markdown(f"**{number} · {guide.words(name, 'title')}** · {t(room.title)}")
            st.markdown(guide.words(name, "about"))
            if answer is not None:
                st.caption(_sign(name, answer))
        with button:
            if st.button(
                t("Begin") if answer is None else t("Again"),
                key=f"begin_{name}",
                icon=room.icon,
                type="primary" if is_next else "secondary",
                width="stretch",
                on_click=stops.begin,
                args=(name,),
                help=t("Opens the page with the right preset, already learning."),
            ):
                guide.go(name)


def _sign(name: str, answer: int) -> str:
    predicted = guide.answers(name)[answer]
    if answer == STOPS[name].right:
        return t(":material/check: You predicted rightly: {predicted}", predicted=predicted)
    return t(":material/close: You predicted: {predicted}", predicted=predicted)
