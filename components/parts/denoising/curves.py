"""The loss on corrupted images, and beside it on clean ones."""

from components.figures import charts, theme
from components.figures.drawing import show_figure
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment

HEIGHT = 270


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The loss by epoch: training and test on corrupted input, and test on clean input."""
    records = snapshot.records
    figure = charts.make_loss_curve(records, experiment, theme.colours())
    figure.add_scatter(
        x=[record.epoch for record in records],
        y=[record.readings["reconstruction_clean"] for record in records],
        name=t("clean input, test"),
        mode="lines" if len(records) > 1 else "markers",
        line={"color": theme.colours().ink, "dash": "dot"},
        hovertemplate="%{y:.5f}",
    )
    figure.layout.height = HEIGHT
    show_figure(
        figure,
        key=f"{key}_curve",
        alt=t(
            "Loss after each epoch on corrupted training and test images, and on clean test images."
        ),
    )
