"""Where the chosen arm errs, and where it is most confident of an error."""

import streamlit as st

from components.figures import image_sheet, label_figures, theme
from components.figures.drawing import show_figure, show_html
from components.figures.label_figures import LOOKS
from components.parts.labels import panel
from components.runs import stage
from components.words.escaping import join, markup, plain
from components.words.language import t
from core.datasets import info_of
from core.pretraining.experiment import ARMS, LabelExperiment
from core.pretraining.questions import JudgeArm, Judgement, Labels


def show(settings: LabelExperiment, key: str) -> None:
    """The confusion matrix of an arm, and its most confident mistakes."""
    found = panel.current(settings, key)
    if found is None or not found[1].snapshot().records:
        stage.show_waiting(
            t("The confusion matrix of each method will appear here once phase 2 has begun.")
        )
        return
    wanted, job = found
    arm = choose_arm(f"{key}_arm")
    answer = job.ask(JudgeArm(arm))
    named = job.ask(Labels())
    if answer is None or named is None:
        stage.show_waiting(t("The method is answering."))
        return
    names = tuple(map(t, named.class_names))
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        show_figure(
            label_figures.make_confusion(answer.confusion, names, arm, theme.colours()),
            key=f"{key}_confusion",
            alt=t(
                "Confusion matrix of {title}: true classes by answers.", title=t(LOOKS[arm].title)
            ),
        )
    with right:
        _show_worst(wanted, answer, names)


def choose_arm(key: str) -> str:
    """Which arm to look at."""
    return st.selectbox(
        t("Arm"), ARMS, format_func=lambda name: t(LOOKS[name].title), key=key,
        help=t(
            "A method is one of the nine ways to learn: all get the same labels and "
"the same test."
        ),
    )  # fmt: skip


def _show_worst(wanted: LabelExperiment, answer: Judgement, names: tuple[str, ...]) -> None:
    right = answer.confusion.trace() / answer.num_tested
    st.markdown(
        t(
            "**{right:.1%}** right of {num_tested:,} test {what}. Most confident mistakes first:",
            right=right,
            num_tested=answer.num_tested,
            what=t("words") if wanted.has_words else t("images"),
        )
    )
    if not len(answer.rows):
        st.caption(t("There is none."))
        return
    pairs = [
        f"{names[actual]} → {names[predicted]}"
        for actual, predicted in zip(answer.actual, answer.predicted, strict=True)
    ]
    if wanted.has_words:
        lines = [f"- {plain(word)}: {plain(pair)}" for word, pair in
                 zip(answer.shown, pairs, strict=True)]  # fmt: skip
        st.markdown("\n".join(lines))
        return
    info = info_of(wanted.dataset)
    cells = []
    for image, pair in zip(answer.shown, pairs, strict=True):
        sheet = image_sheet.make(
            image[None] / 255, info.image_shape, theme.colours().ink,
            alt=t("test image, {pair}", pair=pair),
            columns=1, kind=info.kind,
        )  # fmt: skip
        cell = markup(
            "<figure>{sheet}<figcaption>{pair}</figcaption></figure>", sheet=sheet, pair=pair
        )
        cells.append(cell)
    show_html(markup('<div class="mistakes">{cells}</div>', cells=join(cells)))
    st.caption(t("True class → answer."))
