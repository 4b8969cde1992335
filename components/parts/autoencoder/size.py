"""Error against the size of the code: a point a run, PCA as a line."""

import streamlit as st

from components.figures import charts, theme
from components.figures.drawing import show_figure
from components.runs import series
from components.words.language import t
from core.analysis.readings import mse
from core.comparisons import SIZES, of_other_sizes
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.knobs import to_text
from core.queries.questions import Pca


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Error against the size of the code: a point a run, PCA as a line."""
    points = [_point(other, seen) for other, seen in series.runs(snapshot, experiment, key)]
    view = snapshot.view(Pca())
    errors = view.errors if view else None
    show_figure(
        charts.make_size_curve(points, errors, theme.colours()),
        key=f"{key}_size",
        alt=t(
            "Test error of every run against its bottleneck size, with the error of PCA as a line."
        ),
    )
    if snapshot.record and errors is not None and points[-1][0] < len(errors):
        size, error, _ = points[-1]
        st.markdown(
            t(
                "Now: {size} codes, test error **{error:.5f}**; PCA with {size} "
                "components **{errors:.5f}** ({value:+.0%}).",
                size=size,
                error=error,
                errors=errors[size],
                value=error / max(errors[size], 1e-12) - 1,
            )
        )
    st.button(
        t("Train a run at every size"),
        key=f"{key}_series",
        icon=":material/stacked_line_chart:",
        on_click=_train_series,
        args=(experiment, key),
        help=t(
            "Trains this network with codes of {join}: a point arrives for each as it learns.",
            join=", ".join(map(str, SIZES)),
        ),
    )
    series.show_stop(key)


def _point(experiment: Experiment, snapshot: Snapshot) -> tuple[int, float, str]:
    record = snapshot.record
    assert record is not None, "series.runs leaves out what has none"
    error = mse(record)
    config = experiment.config
    layers = to_text(config.hidden_units)
    words = t(
        "layers {layers}, {latent_activation} codes, epoch {epoch}",
        layers=layers,
        latent_activation=config.latent_activation,
        epoch=record.epoch,
    )
    return config.latent_dim, error, words


def _train_series(experiment: Experiment, key: str) -> None:
    series.train(of_other_sizes(experiment), key)
