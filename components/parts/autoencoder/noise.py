"""Whether a network copies what it has never seen the like of: pure noise."""

import streamlit as st

from components.figures import charts, theme
from components.figures.drawing import show_figure
from components.runs import stage
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.queries.questions import PureNoise


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Whether it copies what it has never seen the like of."""
    view = snapshot.view(PureNoise())
    if view is None:
        stage.show_waiting(t("Images of pure noise will appear here, over the copies of them."))
        return
    left, right = stage.columns([1.4, 1], key)
    with left:
        st.metric(
            t("Copy score"),
            f"{view.copy_score:.2f}",
            help=t(
                "R² on 500 images of pure noise. 1: copies anything, so it has learned "
                "nothing about these data. Below 0: it paints what it knows instead."
            ),
        )
        stage.show_rows(
            ((t("pure noise"), view.x, "ink"), (t("its copy"), view.x_hat, "reconstruction")),
            experiment,
        )
    with right:
        show_figure(
            charts.make_trace(
                stage.by_epoch(snapshot, experiment, "copy_score"),
                title=t("copy score (R² on pure noise)"),
                limit=(0.0, t("no better than grey")),
                colours=theme.colours(),
            ),
            key=f"{key}_noise",
            alt=t("The copy score by epoch."),
        )
