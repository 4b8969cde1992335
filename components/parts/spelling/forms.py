"""Forms of words on a map, with lines between the forms of one stem."""

from difflib import SequenceMatcher

import numpy as np
import streamlit as st

from components.figures import charts, theme
from components.figures.drawing import show_figure, show_html
from components.knobs import boxes
from components.runs import moments, stage
from components.words.escaping import Markup, join, markup
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.jobs.seen import Seen
from core.spelling.questions import FormMap

MOST_LINES = 5
MOST_FORMS = 8
MOST_LENGTH = 600
EXAMPLES = {
    "en": "run runs runner running ran rum\nplay plays player playing played\n"
    "happy unhappy happier happily",
    "fi": "talo talon talossa talosta taloon taloissa\nkirja kirjan kirjassa kirjasta kirjaan "
    "kirjoissa\nmennä menen meni",
    "tr": "ev evde evden evler evlerde evlerimiz\nkitap kitabı kitapta kitaptan kitaplar\n"
    "göz gözde gözler gözlük",
}
OTHERWISE = "mus musen\nhus huset"
IRREGULAR = ("run", "ran", "rum", "rug", "gun")


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The map, and the cosine of each form with the first of its line."""
    text = boxes.area(
        t("Forms of a word: one stem per line, its plain form first"),
        EXAMPLES.get(experiment.dataset, OTHERWISE),
        most=MOST_LENGTH,
        height=94,
        key=f"{key}_forms_{experiment.dataset}",
    )
    lines = [line.split() for line in text.splitlines() if line.split()]
    stems = [line[:MOST_FORMS] for line in lines[:MOST_LINES]]
    _say_how_many(lines)
    job = moments.shown(key)
    forms = tuple(form for stem in stems for form in stem)
    answer = None
    if job and snapshot.phase != "failed" and len(forms) > 1:
        answer = job.ask(FormMap(forms))
    if job is None or answer is None:
        stage.show_waiting(t("Every form will be a point here; two forms at least."))
        return
    drawn, listed = stage.columns([1.6, 1], key)
    with drawn:
        show_figure(
            charts.make_form_map(stems, answer.positions, theme.colours()),
            key=f"{key}_form_map",
            alt=t(
                "Forms of words at the places of their vectors, lines between forms of one stem."
            ),
        )
    with listed:
        show_html(_listed(stems, answer.cosines))
    if experiment.dataset == "en":
        _show_why_ran(job)


def _say_how_many(lines: list[list[str]]) -> None:
    """Where not every word that was typed is a form on the map."""
    count = sum(len(line) for line in lines)
    shown = sum(len(line[:MOST_FORMS]) for line in lines[:MOST_LINES])
    if count > shown:
        st.caption(
            t(
                "{shown} of {count} words are on the map: at most {forms} of a line, and "
                "{lines} lines.",
                shown=shown,
                count=count,
                forms=MOST_FORMS,
                lines=MOST_LINES,
            )
        )


def _show_why_ran(job: Seen) -> None:
    """How near *ran* is to *run*, beside other words that differ from it in one letter."""
    answer = job.ask(FormMap(IRREGULAR))
    if answer is None:
        return
    others = IRREGULAR[2:]
    _, near, *rest = answer.cosines[0]
    listed = ", ".join(f"*{word}* {value:.2f}" for word, value in zip(others, rest, strict=True))
    st.caption(
        t(
            "*ran* has a cosine of {near:.2f} with *run*. Other words that differ from "
            "it in one letter: {listed}. This network reads letters only. Spelling "
            "alone cannot show that *run* and *ran* are one verb; that must be learned "
            "from sentences.",
            near=near,
            listed=listed,
        )
    )


def _listed(stems: list[list[str]], cosines: np.ndarray) -> Markup:
    """The forms with what they share with the plain form set apart, and their cosines with it."""
    rows = []
    at = 0
    for stem in stems:
        first = at
        for form in stem:
            value = float(cosines[first][at])
            rows.append(
                markup(
                    "{form}<div><s style='width:{width:.0f}%'></s></div><b>{value:.2f}</b>",
                    form=_marked(form, stem[0]),
                    width=max(0.0, 100 * value),
                    value=value,
                )
            )
            at += 1
    title = t("cosine with the plain form")
    return markup('<div class="bars" title="{title}">{rows}</div>', title=title, rows=join(rows))


def _marked(form: str, plain: str) -> Markup:
    """A form whose prefix and suffix, all but its longest piece of the plain one, are marked."""
    match = SequenceMatcher(None, form, plain, autojunk=False).find_longest_match()
    end = match.a + match.size
    pieces = (("mark", form[: match.a]), ("span", form[match.a : end]), ("mark", form[end:]))
    inside = join(
        markup("<{tag}>{piece}</{tag}>", tag=tag, piece=piece) for tag, piece in pieces if piece
    )
    return markup("<span>{inside}</span>", inside=inside)
