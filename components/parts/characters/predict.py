"""A typed text, letter by letter, and what a character model and a word model say of it."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from components.figures import letters, theme
from components.figures.drawing import show_html
from components.figures.letters import Letter, Window
from components.parts.characters import twin, typed
from components.runs import moments, stage
from components.streamlit_adapter import session
from components.words.escaping import Markup, join, markup, plain
from components.words.language import t, tn
from core.characters.questions import Read, Reading
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.text.alphabet import UNKNOWN, fold
from core.text.tasks import info_of

MOST_CLASSES = 5


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """What enters the network, and both answers."""
    job = moments.shown(key)
    text = typed.show(experiment, key)
    place = st.empty()
    last, drawn = session.page(key).letters
    show_html(drawn if last == text else _characters(text), place)
    answer = job.ask(Read(text)) if job and snapshot.phase != "failed" else None
    if answer is None:
        stage.show_waiting(
            t(
                "Every character will appear here with its number and its vector, over "
                "the answers of the two models."
            )
        )
        return
    names = [t(name) for name in info_of(experiment.dataset).class_names]
    drawn = letters.make(_letters(answer), theme.colours(), _windows(answer, names))
    show_html(drawn, place)
    session.page(key).letters = text, drawn
    left, right = stage.columns(2, key)
    with left:
        _show_answer(_title(experiment), answer, names)
    with right:
        beside = twin.of(experiment, key)
        said = beside.ask(Read(text)) if beside else None
        if said is None:
            st.caption(t("The word model is starting."))
        else:
            _show_answer(t("Word model"), said, names)
            _show_unknown(said)


def _characters(text: str) -> Markup:
    """The characters alone, before the network has told their numbers and vectors."""
    return letters.make([Letter(character, None) for character in fold(text)], theme.colours())


def _title(experiment: Experiment) -> str:
    inputs = experiment.config.inputs
    return {
        "character": t("Character model"),
        "word": t("This model: words"),
        "hybrid": t("Hybrid"),
    }[inputs]


def _letters(answer: Reading) -> list[Letter]:
    nothing = [None] * len(answer.characters)
    rows = nothing if answer.vectors is None else answer.vectors
    effects = nothing if answer.occlusion is None else answer.occlusion
    found = [
        Letter(character, number or 0, number is not None, row, None if e is None else float(e))
        for (character, number), row, e in zip(answer.characters, rows, effects, strict=True)
    ]
    known = sum(letter.is_known for letter in found)
    return found + [Letter("", 0)] * max(0, answer.length - known)


def _windows(answer: Reading, names: Sequence[str]) -> list[Window]:
    """The windows of a CNN with most evidence for its answer, the strongest at full strength."""
    windows = answer.windows
    most = max((window.evidence for window in windows), default=1.0)
    winner = names[int(np.argmax(answer.probabilities))]
    return [
        Window(
            start,
            width,
            evidence / most,
            t(
                "a window of {width}, the strongest place of {filters}: "
                "{evidence:+.2f} of log-odds for {winner}",
                width=width,
                filters=_number(filters),
                evidence=evidence,
                winner=winner,
            ),
        )
        for start, width, evidence, filters in windows
    ]


def _number(count: int) -> str:
    return tn("one filter", "{count} filters", count)


def _show_answer(title: str, answer: Reading, names: Sequence[str]) -> None:
    values = answer.probabilities
    order = np.argsort(-values)[:MOST_CLASSES]
    rows = join(
        markup(
            "<span>{name}</span><div><s style='width:{width:.1f}%'></s></div><b>{value:.0%}</b>",
            name=names[i],
            width=100 * values[i],
            value=values[i],
        )
        for i in order
    )
    show_html(
        markup(
            '<div class="answer"><h5>{title}</h5><div class="bars">{rows}</div></div>',
            title=title,
            rows=rows,
        )
    )


def _show_unknown(answer: Reading) -> None:
    unknown = [word for word, number in answer.words if number == UNKNOWN]
    if unknown:
        words = ", ".join(plain(word[:40]) for word in unknown[:4])
        st.caption(
            t(
                ":material/help: Unknown word: **{words}**. The word model can only guess.",
                words=words,
            )
        )
    elif not answer.words:
        st.caption(t(":material/help: There is no word: the word model can only guess."))
