"""What the first layer has learned, with noise and without."""

import numpy as np
import streamlit as st

from components.figures import image_sheet, theme
from components.figures.drawing import show_html
from components.parts.denoising import plain, testing
from components.runs import moments, stage
from components.words.language import t
from core.comparisons import corruption_of
from core.datasets import info_of
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.queries.questions import Filters

COLUMNS = 12


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The weights of the strongest units as pictures, both networks side by side."""
    job = moments.shown(key)
    own = job.ask(Filters()) if job and snapshot.phase != "failed" else None
    if own is None:
        stage.show_waiting(t("The weights of the first layer will appear here as pictures."))
        return
    left, right = stage.columns(2, key)
    with left:
        noise = testing.words_of(corruption_of(experiment, snapshot.update))
        _show_sheet(t("Trained with {noise}", noise=noise), own, experiment)
    beside = plain.ask(experiment, key, Filters())
    if beside is not None:
        with right:
            _show_sheet(t("Never saw noise"), beside, experiment)
    st.caption(
        t(
            "The units of the first layer with the largest weights. Light: ink "
            "there raises the activation; dark: ink there lowers it. Each is drawn "
            "at its own strength."
        )
    )


def _show_sheet(title: str, kernels: np.ndarray, experiment: Experiment) -> None:
    """kernels: [U, D]."""
    strongest = np.maximum(np.abs(kernels).max(axis=1, keepdims=True), 1e-7)
    st.markdown(f"**{title}**")
    show_html(
        image_sheet.make(
            0.5 + kernels / strongest / 2,
            info_of(experiment.dataset).image_shape,
            theme.colours().latents,
            alt=t(
                "first-layer weights of {count} units, {lower}",
                count=len(kernels),
                lower=title.lower(),
            ),
            columns=COLUMNS,
            kind="photographs",
        )
    )
