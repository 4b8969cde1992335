"""A typed text, letter by letter, and what a character model and a word model say of it."""

import html
import zlib
from typing import Any

import numpy as np
import streamlit as st

from components import letters, look, session, stage
from components.errors import plain
from components.letters import Letter
from components.reading import twin
from core.characters import add_typos
from core.characters.tasks import info_of
from core.experiments import Experiment
from core.progress import Snapshot

MOST_CLASSES = 5
UNKNOWN_WORD = 1
MAX_TEXT = 2_000
EXAMPLES = {"language": "yürüyüş", "entity": "Helsinki", "snippet": "the house on the hill"}
OTHERWISE = "machine learning"
TYPOS = {
    "swap": ("Swap", "Two neighbouring letters of the longest word change places."),
    "drop": ("Drop", "A letter of the longest word goes."),
    "double": ("Double", "A letter of the longest word comes twice."),
    "neighbour": ("Wrong key", "A letter becomes one beside it on the keyboard."),
}


def ask_for_text(experiment: Experiment | None, key: str) -> None:
    """Draws the box in which the visitor types."""
    dataset = experiment.dataset if experiment else ""
    box, example = _box(dataset, key), EXAMPLES.get(dataset, OTHERWISE)
    st.text_input(
        "Type a word, or break one",
        example,
        max_chars=MAX_TEXT,
        key=box,
        live=True,
        help="Both models answer at every pause of the keyboard. Try a word they cannot know, then "
        "swap two of its letters.",
    )
    with st.container(horizontal=True, gap="small", key=f"{key}_typos"):
        for kind, (label, help_text) in TYPOS.items():
            st.button(
                label,
                key=f"{key}_typo_{kind}",
                type="tertiary",
                on_click=_break,
                args=(kind, box, example),
                help=help_text,
            )


def _break(kind: str, box: str, example: str) -> None:
    """Puts a typo into one of the longest words of the box, another one at each press."""
    text = session.widget_value(box, example)
    words = text.split(" ")
    longest = max(range(len(words)), key=lambda i: len(words[i]))
    (words[longest],) = add_typos(
        [words[longest]], rate=1.0, kinds=(kind,), seed=zlib.crc32(text.encode("utf-8", "replace"))
    )
    session.set_widget(box, " ".join(words)[:MAX_TEXT])


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """What enters the network, and both answers."""
    job, text = session.job(key), session.widget_value(_box(experiment.dataset, key), "")
    answer = job.ask("read", text) if job and snapshot.phase != "failed" else None
    if answer is None:
        stage.show_waiting(
            "Every character will stand here with its number and its vector, over the answers of "
            "the two models."
        )
        return
    st.html(letters.make(_letters(answer), look.colours()))
    other = twin.of(experiment, key)
    names = info_of(experiment.dataset).class_names
    left, right = st.columns(2, gap="medium")
    with left:
        _show_answer(_title(experiment), answer, names)
        _show_windows(answer)
    with right:
        said = other.ask("read", text)
        if said is None:
            st.caption("The word model is starting.")
        else:
            _show_answer("Word model", said, names)
            _show_unknown(said)


def _box(dataset: str, key: str) -> str:
    """One box a task, so that each keeps what was typed."""
    return f"{key}_text_{dataset}"


def _title(experiment: Experiment) -> str:
    inputs = experiment.config.inputs
    return {"character": "Character model", "word": "This model: words", "hybrid": "Hybrid"}[inputs]


def _letters(answer: dict[str, Any]) -> list[Letter]:
    rows = answer.get("vectors", [None] * len(answer["characters"]))
    effects = answer.get("occlusion", [None] * len(answer["characters"]))
    typed = [
        Letter(sign, number or 0, number is not None, row, None if e is None else float(e))
        for (sign, number), row, e in zip(answer["characters"], rows, effects, strict=True)
    ]
    known = sum(letter.is_known for letter in typed)
    return typed + [Letter("", 0)] * max(0, answer["length"] - known)


def _show_answer(title: str, answer: dict[str, Any], names: tuple[str, ...]) -> None:
    values = answer["probabilities"]
    order = np.argsort(-values)[:MOST_CLASSES]
    rows = "".join(
        f"<span>{html.escape(names[i])}</span><div><s style='width:{100 * values[i]:.1f}%'></s>"
        f"</div><b>{values[i]:.0%}</b>"
        for i in order
    )
    st.html(
        f'<div class="answer"><h5>{html.escape(title)}</h5><div class="bars">{rows}</div></div>'
    )


def _show_windows(answer: dict[str, Any]) -> None:
    """Which pieces of the text spoke for the answer."""
    text = "".join(sign for sign, number in answer["characters"] if number is not None)
    pieces = [text[max(0, start) : start + width] for start, width in answer.get("windows", ())]
    pieces = list(dict.fromkeys(piece for piece in pieces if piece.strip()))
    if pieces:
        shown = ", ".join(f"**{plain(piece)}**" for piece in pieces)
        st.caption(
            f"Pieces that speak for it: {shown}",
            help="The windows that the strongest filters of the CNN picked.",
        )


def _show_unknown(answer: dict[str, Any]) -> None:
    unknown = [word for word, number in answer["words"] if number == UNKNOWN_WORD]
    if unknown:
        words = ", ".join(plain(word[:40]) for word in unknown[:4])
        st.caption(f":material/help: Unknown word: **{words}**. The word model can only guess.")
    elif not answer["words"]:
        st.caption(":material/help: No word at all: the word model guesses.")
