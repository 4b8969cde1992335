"""What an activation costs: the curve of each penalty, with today's units on it."""

import streamlit as st

from components.figures import theme, unit_figures
from components.figures.drawing import show_figure
from components.runs import stage
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.queries.questions import Activations


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """KL, squared and L1 cost of a unit against its mean activation."""
    view = snapshot.view(Activations())
    if view is None:
        stage.show_waiting(
            t("The curves of the penalties will appear here, with one dot per unit.")
        )
        return
    is_kl = experiment.config.latent_activation == "sigmoid"
    target = experiment.coefficients_at(snapshot.update)["sparsity_target"] if is_kl else None
    show_figure(
        unit_figures.make_penalties(view.means, target, theme.colours()),
        key=f"{key}_penalties",
        alt=t("The value of each penalty against the mean activation, with one dot per unit."),
    )
    if target is None:
        st.caption(
            t(
                "KL needs sigmoid codes; for other codes only the L1 penalty applies: "
                "one force towards 0, wherever they are."
            )
        )
        return
    st.caption(
        t(
            "Target {target:g}. KL climbs without bound towards 0 and 1, the "
            "squared distance hardly moves; L1 pulls everything to 0 with one "
            "force, wherever it is.",
            target=target,
        )
    )
