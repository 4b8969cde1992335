"""A lesson in the address of a page: controls that are hidden or locked, a question, and a note.
Nothing in an address is trusted: unknown names are ignored, and texts are plain and short.
"""

import unicodedata
from collections.abc import Collection, Mapping
from typing import NamedTuple

import streamlit as st

from components.figures.drawing import show_html
from components.knobs import boxes
from components.streamlit_adapter import flush, session
from components.words.escaping import markup
from components.words.language import t
from core.message import Message

PREFIX = "lesson_"
HIDE, LOCK, QUESTION, NOTE = (f"{PREFIX}{word}" for word in ("hide", "lock", "question", "note"))
PRESETS, MORE, PARTS, RESET = CONTROLS = ("presets", "more_knobs", "parts", "reset")
MOST_QUESTION = 200
MOST_NOTE = 1_000
MOST_ANSWER = 1_000
MOST_NAMES = 2_000
MOST_TOLD = 3


class Lesson(NamedTuple):
    """What a lesson asks of a page.

    Attributes:
        hidden: Names of knobs and of `CONTROLS` that are not drawn.
        locked: Names of those that are drawn, but cannot be changed.
        more: The knobs that "more_knobs" stands for.
        part: The part of the stage that the link names, or "".
    """

    hidden: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    question: str = ""
    note: str = ""
    more: tuple[str, ...] = ()
    part: str = ""

    def hides(self, name: str) -> bool:
        """Whether a control is not drawn."""
        return self._is_in(self.hidden, name)

    def holds(self, name: str) -> bool:
        """Whether a control stays as the link has it, hidden or locked."""
        return self._is_in(self.hidden + self.locked, name)

    def _is_in(self, names: tuple[str, ...], name: str) -> bool:
        return name in names or (MORE in names and name in self.more)

    def to_params(self) -> dict[str, str]:
        """The texts of an address; inverse of `parse`."""
        texts = (",".join(self.hidden), ",".join(self.locked), self.question, self.note)
        return {
            name: text
            for name, text in zip((HIDE, LOCK, QUESTION, NOTE), texts, strict=True)
            if text
        }


def parse(values: Mapping[str, str], knobs: Collection[str]) -> tuple[Lesson, list[str]]:
    """The lesson in an address, and a sentence for everything in it that was ignored.

    Args:
        values: Texts by name, from anywhere.
        knobs: What else than `CONTROLS` a lesson may name.
    """
    notices: list[str] = []
    hidden, locked = (_names(values.get(name, ""), knobs, notices) for name in (HIDE, LOCK))
    question, note = (
        _text(values.get(name, ""), most, name, notices)
        for name, most in ((QUESTION, MOST_QUESTION), (NOTE, MOST_NOTE))
    )
    return Lesson(hidden, locked, question.replace("\n", " "), note), notices


def _names(text: str, knobs: Collection[str], notices: list[str]) -> tuple[str, ...]:
    words = dict.fromkeys(plain(text, MOST_NAMES).replace(",", " ").split())
    foreign = [repr(word[:40]) for word in words if word not in knobs and word not in CONTROLS]
    if foreign:
        listed = ", ".join(foreign[:MOST_TOLD]) + " …" * (len(foreign) > MOST_TOLD)
        notices.append(Message("this page has no controls {listed}.", listed=listed))
    return tuple(word for word in words if word in knobs or word in CONTROLS)


def _text(text: str, most: int, name: str, notices: list[str]) -> str:
    if len(text) > most:
        notices.append(Message("{name} is longer than {most:,} characters.", name=name, most=most))
    return plain(text, most)


def plain(text: str, most: int) -> str:
    """At most so many characters, lines apart, none of which steers what stands beside it: no
    control characters, no marks of direction (Unicode's categories C).
    """
    lines = (" ".join(line.split()) for line in text[: 4 * most].splitlines())
    whole = "\n".join(line for line in lines if line)
    kept = (
        character
        for character in whole
        if character == "\n" or unicodedata.category(character)[0] != "C"
    )
    return "".join(kept)[:most]


def enter(key: str, knobs: Collection[str], more: Collection[str], part: str) -> list[str]:
    """Begins the lesson that the address holds, if it holds one; returns what was ignored."""
    values = {name: text for name, text in st.query_params.items() if name.startswith(PREFIX)}
    lesson, notices = parse(values, knobs)
    session.page(key).lesson = lesson._replace(more=tuple(more), part=part)
    return notices


def of(key: str) -> Lesson:
    """The lesson of a page; one that asks nothing where there is none."""
    return session.page(key).lesson or Lesson()


def show(key: str) -> None:
    """The card on top of the stage: the question, the visitor's own answer, the note."""
    lesson = of(key)
    if not lesson.to_params():
        return
    with st.container(border=True, key=f"{key}_lesson", gap="xsmall"):
        if lesson.question or lesson.note:
            asked, answered = st.columns([1.3, 1], gap="medium")
            words = markup(
                '<p class="question">{question}</p><p class="note">{note}</p>',
                question=lesson.question,
                note=lesson.note,
            )
            show_html(words, asked)
        if lesson.question:
            with answered:
                flush.fragment(_ask)(key)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_words(lesson), width="stretch")
            st.button(
                t("Leave the lesson"),
                key=f"{key}_lesson_leave",
                icon=":material/logout:",
                type="tertiary",
                on_click=_leave,
                args=(key,),
                help=t("Shows all controls of the page. The link brings the lesson back."),
            )


def _ask(key: str) -> None:
    answer = boxes.area(
        t("Your answer"),
        session.page(key).answer,
        most=MOST_ANSWER,
        height=76,
        key=f"{key}_lesson_answer",
        placeholder=t("Your answer: what do you see, and why?"),
        label_visibility="collapsed",
    )
    session.page(key).answer = answer or ""


def _words(lesson: Lesson) -> str:
    words = [t(":material/school: A lesson.")]
    if lesson.hidden or lesson.locked:
        held = len(lesson.hidden), len(lesson.locked)
        words.append(
            t("Controls hidden: {hidden}, locked: {locked}.", hidden=held[0], locked=held[1])
        )
    if lesson.question:
        words.append(
            t("Your answer stays in this visit: it is sent to nobody, and a reload deletes it.")
        )
    return " ".join(words)


def _leave(key: str) -> None:
    session.page(key).lesson = Lesson()
