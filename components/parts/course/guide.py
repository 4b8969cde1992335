"""The card of a chapter on its page: where to look, what to predict, and whether it came true."""

import streamlit as st

from components.figures import theme
from components.figures.drawing import show_html
from components.parts.course import memory, stops
from components.parts.course.stops import LINK, STOPS
from components.streamlit_adapter import session
from components.words import story
from components.words.escaping import markup, trusted
from components.words.language import t

POINTER = """
<style>
{selector} {{ outline: 3px solid {colour}; outline-offset: 5px; border-radius: 4px; }}
.st-key-{key}_chapter {{ border-color: {colour}; }}
</style>
"""


def show(key: str) -> None:
    """Draws the card, if the visitor is at a chapter of this page."""
    name = _current(key)
    if not name:
        return
    memory.show()
    stop = STOPS[name]
    answer = session.visitor().progress.get(name)
    colour = theme.colours().reconstruction
    show_html(markup(POINTER, selector=trusted(stop.points_at), key=key, colour=colour))
    with st.container(border=True, key=f"{key}_chapter", gap="xsmall"):
        looked, asked = st.columns([1, 1.15], gap="medium")
        with looked:
            st.markdown(f"**{_number(name)} · {words(name, 'title')}**")
            st.markdown(words(name, "look"))
            st.caption(t(":material/crop_free: Look at what is framed."))
            _show_ways(name, key)
        with asked:
            st.markdown(words(name, "question"))
            if answer is None:
                _ask(name, key)
            else:
                _tell(name, answer, key)


def words(name: str, heading: str) -> str:
    """What the story says of a chapter."""
    return story.sections("course")[f"{name}: {heading}"]


def answers(name: str) -> list[str]:
    """What may be predicted."""
    return [line.removeprefix("- ") for line in words(name, "answers").splitlines()]


def _current(key: str) -> str:
    """The chapter that the link names, else the one that was begun, if it is one of this page."""
    name = st.query_params.get(LINK, session.visitor().stop)
    if name not in STOPS or STOPS[name].place.room.key != key:
        return ""
    session.visitor().stop = name
    return name


def _number(name: str) -> str:
    return t("Chapter {number} of {count}", number=list(STOPS).index(name) + 1, count=len(STOPS))


def _ask(name: str, key: str) -> None:
    options = answers(name)
    predicted = st.radio(
        t("Your prediction"),
        range(len(options)),
        index=None,
        format_func=options.__getitem__,
        key=f"{key}_prediction_{name}",
        label_visibility="collapsed",
    )
    st.button(
        t("Show what happens"),
        key=f"{key}_reveal",
        icon=":material/visibility:",
        type="primary",
        disabled=predicted is None,
        on_click=stops.reveal,
        args=(name, predicted),
        help=t("First choose what you expect: then it is shown, here on the page."),
    )


def _tell(name: str, answer: int, key: str) -> None:
    right = STOPS[name].right
    options = answers(name)
    if answer == right:
        st.markdown(t(":material/check: **As you predicted**: {answer}", answer=options[answer]))
    else:
        st.markdown(
            t(
                ":material/close: You predicted: {answer}. **It is**: {right}",
                answer=options[answer].rstrip("."),
                right=options[right],
            )
        )
    st.markdown(words(name, "reveal"))
    if not stops.is_shown(name):
        st.button(
            t("Show what happens"),
            key=f"{key}_show",
            icon=":material/visibility:",
            on_click=stops.show,
            args=(name,),
            help=t("Here on the page. Your prediction stays as it was."),
        )


def _show_ways(name: str, key: str) -> None:
    """To the neighbours on the path, to all chapters, and off the path."""
    names = list(STOPS)
    at = names.index(name)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if at + 1 < len(names):
            _button_to(names[at + 1], t("Next chapter"), f"{key}_next", ":material/arrow_forward:")
        st.page_link("pages/course.py", label=t("All chapters"), icon=":material/route:")
        st.button(
            t("Leave the path"),
            key=f"{key}_off",
            icon=":material/logout:",
            type="tertiary",
            on_click=_leave,
            help=t("The page stays as it is. The course brings you back."),
        )


def _button_to(name: str, label: str, key: str, icon: str) -> None:
    if st.button(label, key=key, icon=icon, type="tertiary", on_click=stops.begin, args=(name,)):
        go(name)


def go(name: str) -> None:
    """Leads to the page of a chapter that was begun."""
    st.switch_page(STOPS[name].place.room.path, query_params={LINK: name})


def _leave() -> None:
    session.visitor().stop = ""
    st.query_params.pop(LINK, None)
