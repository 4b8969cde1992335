"""Phase 2 while it runs: what each arm gets right as the networks learn from the labels."""

import streamlit as st

from components.figures import label_figures, theme
from components.figures.drawing import show_figure
from components.parts.labels import panel
from components.runs import stage
from components.words.language import t
from core.pretraining.experiment import NEURAL, LabelExperiment


def show(settings: LabelExperiment, key: str) -> None:
    """Test accuracy by update; arms without updates as level lines. The chapter of the course puts
    a frame round all of it, also before there is a curve.
    """
    with st.container(key=f"{key}_learning_area"):
        _show(settings, key)


def _show(settings: LabelExperiment, key: str) -> None:
    found = panel.current(settings, key)
    records = found[1].snapshot().records if found else []
    if found is None or not records:
        stage.show_waiting(
            t(
                "Here three networks will learn from the labels. Six methods without "
                "updates are drawn as level lines. Phase 1 must end first: about a "
                "quarter of a minute."
            )
        )
        return
    per_record = found[1].experiment.updates_per_epoch
    show_figure(
        label_figures.make_learning(records, per_record, NEURAL, theme.colours()),
        key=f"{key}_learning",
        alt=t("Test accuracy of each method while the networks learn from the labels."),
    )
