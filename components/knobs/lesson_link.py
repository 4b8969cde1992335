"""The button behind which a teacher makes a lesson link of a page as it stands."""

from urllib.parse import urlencode

import streamlit as st

from components.knobs import boxes, lesson
from components.knobs.lesson import CONTROLS, MOST_NOTE, MOST_QUESTION, Lesson
from components.streamlit_adapter import session
from components.words import language
from components.words.language import t
from core import knobs
from core.datasets import OWN
from core.experiments import Experiment

LABELS = dict(zip(CONTROLS, ("Presets", "More knobs", "Switch of the parts", "Reset"), strict=True))
SAFE_LENGTH = 2_000


def show(key: str) -> None:
    """Draws the button, and what is behind it once it is open."""
    place = st.popover(
        t("Lesson link"),
        icon=":material/add_link:",
        key=f"{key}_link",
        type="tertiary",
        on_change="rerun",
        help=t("Makes an address that opens this page as it stands, with a task for a class."),
    )
    if place.open:
        with place:
            _show_inside(key)


def _show_inside(key: str) -> None:
    experiment = session.opening(key)
    with st.container(width=480):
        asked = _ask(_labels(experiment), key)
        session.page(key).draft = asked
        spoken = st.radio(
            t("Language"),
            ("chosen", "own"),
            format_func={"chosen": t("As it is here"), "own": t("The visitor's own")}.__getitem__,
            key=f"{key}_link_language",
            horizontal=True,
        )
        address = _address(asked, key, is_spoken=spoken == "chosen")
        st.code(address, language=None, wrap_lines=True)
        _show_words(asked, address, key)


def _labels(experiment: Experiment) -> dict[str, str]:
    """Every control of a page that a lesson can hide or lock, under the page's own label."""
    declared = knobs.params(experiment) | knobs.params(experiment.config)
    drawn = {
        name: t(knob.label)
        for name, knob in declared.items()
        if knob.options is None or len(knob.options) > 1
    }
    return {name: t(label) for name, label in LABELS.items()} | drawn


def _ask(labels: dict[str, str], key: str) -> Lesson:
    draft = session.page(key).draft or lesson.of(key)
    hidden, locked = (
        st.multiselect(
            title,
            list(labels),
            [name for name in names if name in labels],
            format_func=labels.__getitem__,
            key=f"{key}_link_{word}",
            placeholder=t("Nothing"),
            help=help_text,
        )
        for word, title, names, help_text in (
            ("hide", t("Hide"), draft.hidden, t("Not drawn; it stays as it stands now.")),
            ("lock", t("Lock"), draft.locked, t("Drawn with a lock; nobody can change it.")),
        )
    )
    question = boxes.line(
        t("Question"),
        draft.question,
        most=MOST_QUESTION,
        key=f"{key}_link_question",
        help=t("Stands on top of the stage, beside a field for the student's own answer."),
    )
    note = boxes.area(
        t("Note"),
        draft.note,
        most=MOST_NOTE,
        height=90,
        key=f"{key}_link_note",
        help=t("Stands under the question, as plain text."),
    )
    locked = [name for name in locked if name not in hidden]
    texts = lesson.plain(question or "", MOST_QUESTION), lesson.plain(note or "", MOST_NOTE)
    return Lesson(tuple(hidden), tuple(locked), *texts)


def _address(asked: Lesson, key: str, *, is_spoken: bool) -> str:
    """Where the page stands, and the lesson on top."""
    values = {name: text for name, text in st.query_params.items() if name.startswith(f"{key}_")}
    values |= asked.to_params() | ({language.LINK: language.current()} if is_spoken else {})
    return f"{(st.context.url or '').partition('?')[0]}?{urlencode(values)}"


def _show_words(asked: Lesson, address: str, key: str) -> None:
    """What a student will see, and what the link cannot do."""
    seen = [t("A student sees this page as its run began and was steered.")]
    if asked.hidden or asked.locked:
        counts = len(asked.hidden), len(asked.locked)
        seen.append(
            t("Controls hidden: {hidden}, locked: {locked}.", hidden=counts[0], locked=counts[1])
        )
    if asked.question or asked.note:
        seen.append(t("The question and the note stand on top, as plain text."))
    st.caption(" ".join([*seen, t("{count:,} characters.", count=len(address))]))
    if len(address) > SAFE_LENGTH:
        st.caption(
            t(
                ":material/straighten: Some messengers cut addresses beyond {most:,} characters: "
                "a shorter note is safer.",
                most=SAFE_LENGTH,
            )
        )
    job = session.job(key)
    wanted = session.page(key).wanted
    if job and wanted and job.experiment.config.compiled() != wanted.config.compiled():
        st.caption(t(":material/info: Changed knobs are in the link once the run starts again."))
    if job and str(job.experiment.dataset).startswith(OWN):
        st.caption(t(":material/info: Your own data cannot travel: a student gets other data."))
    st.caption(
        t(
            "Not in the link: drawings, own data and the answers of a class; nor, "
            "on the pages Map and Few labels, typed words, bought labels and the "
            "methods that are compared."
        )
    )
