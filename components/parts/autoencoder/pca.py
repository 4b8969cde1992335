"""How far the plane of a linear network's code has turned towards that of PCA."""

import streamlit as st

from components.figures import charts, theme
from components.figures.drawing import show_figure
from components.runs import stage
from components.words.language import t
from core.analysis.readings import mse
from core.configs import is_linear
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.queries.questions import Pca

SMALL_ANGLE = 5.0


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """How far the code's space has turned towards that of PCA."""
    view = snapshot.view(Pca())
    colours = theme.colours()
    reason = _why_no_angles(experiment)
    if reason:
        st.info(reason, icon=":material/rotate_right:")
        return
    trace = stage.by_epoch(snapshot, experiment, "largest_angle")
    left, right = stage.columns(2, key)
    with left:
        show_figure(
            charts.make_trace(
                trace,
                title=t("largest angle to PCA (degrees)"),
                limit=(SMALL_ANGLE, f"{SMALL_ANGLE:g}°"),
                colours=colours,
            ),
            key=f"{key}_angle",
            alt=t("The largest angle between the space of the code and that of PCA, by epoch."),
        )
    with right:
        show_figure(
            charts.make_bars(
                () if view is None or view.angles is None else view.angles,
                x_title=t("angle, smallest first"),
                y_title=t("degrees"),
                highest=90,
                colours=colours,
            ),
            key=f"{key}_angles",
            alt=t("Every principal angle now, smallest first."),
        )
    _show_words(snapshot, experiment)


def _why_no_angles(experiment: Experiment) -> str:
    """Why the code of this network spans no space to compare with PCA's; "" where it spans one."""
    if not is_linear(experiment.config):
        return t(
            "This network is nonlinear, so it spans no plane to compare with PCA's. "
            "Choose **Linear = PCA** above, or look at *Error by size*."
        )
    size = experiment.config.latent_dim
    dim = experiment.input_dim
    if size < dim:
        return ""
    return t(
        "The code has {size} numbers and the input has {dim}. A code this large can hold "
        "the whole input, so there is no smaller space to compare with PCA's. Choose a "
        "bottleneck size below {dim}.",
        size=size,
        dim=dim,
    )


def _show_words(snapshot: Snapshot, experiment: Experiment) -> None:
    view = snapshot.view(Pca())
    size = experiment.config.latent_dim
    if view is None or snapshot.record is None or size >= len(view.errors):
        return
    error = mse(snapshot.record)
    best = float(view.errors[size])
    angle = snapshot.traced("largest_angle")
    st.markdown(
        t(
            "Test error **{error:.5f}**, PCA with {size} components **{best:.5f}** "
            "({value:+.1%}); largest angle **{angle:.1f}°**.",
            error=error,
            size=size,
            best=best,
            value=error / best - 1,
            angle=angle,
        )
    )
