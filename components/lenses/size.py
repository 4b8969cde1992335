"""Error against the size of the code: a point a run, PCA as a line."""

import numpy as np
import streamlit as st

from components import figures, look, session
from core import experiments
from core.experiments import Experiment
from core.params import params, to_text
from core.progress import Snapshot

SERIES = (1, 2, 5, 10, 20, 50, 100, 256)


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Error against the size of the code: a point a run, PCA as a line."""
    runs = [(job.experiment, job.snapshot()) for job in session.other_jobs(key)]
    points = [
        _point(other, seen)
        for other, seen in [*runs, (experiment, snapshot)]
        if other.dataset == experiment.dataset and seen.records
    ]
    view = snapshot.views.get("pca")
    errors = view["errors"] if view else None
    st.plotly_chart(
        figures.make_size_curve(points, errors, look.colours()),
        key=f"{key}_size",
        config=figures.CONFIG,
        alt="Test error of every run against its bottleneck size, with the error of PCA as a line.",
    )
    if points and errors is not None and points[-1][0] < len(errors):
        size, error, _ = points[-1]
        st.markdown(
            f"Now: {size} codes, test error **{error:.5f}**; PCA with {size} components "
            f"**{errors[size]:.5f}** ({error / max(errors[size], 1e-12) - 1:+.0%})."
        )
    st.button(
        "Train a run at every size",
        key=f"{key}_series",
        icon=":material/stacked_line_chart:",
        on_click=_train_series,
        args=(experiment, key),
        help="Trains this network with codes of "
        f"{', '.join(map(str, SERIES))}: a point arrives for each as it learns.",
    )


def _point(experiment: Experiment, snapshot: Snapshot) -> tuple[int, float, str]:
    record = snapshot.records[-1]
    error = float(np.square(record.readings["rmse"]))
    config = experiment.config
    layers = to_text(config.hidden_units)
    words = f"layers {layers}, {config.latent_activation} codes, epoch {record.epoch}"
    return config.latent_dim, error, words


def _train_series(experiment: Experiment, key: str) -> None:
    values = {
        name: getattr(owner, name)
        for owner in (experiment.config, experiment)
        for name in params(owner)
    }
    jobs = []
    for size in SERIES:
        if size < experiment.input_dim and size != experiment.config.latent_dim:
            other = experiments.make(type(experiment.config), values | {"latent_dim": size})
            jobs.append(session.make_job(other, ()))
            jobs[-1].skip()
            jobs[-1].play()
    session.add_jobs(key, jobs)
