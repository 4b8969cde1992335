"""How often each model is right, epoch by epoch."""

from components.figures import charts, theme
from components.figures.drawing import show_figure
from components.parts.characters import twin
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Accuracy of both models on texts that they were not trained on."""
    beside = twin.of(experiment, key)
    runs = [
        (t("this model"), snapshot.records),
        (t("word model"), beside.snapshot().records if beside else []),
    ]
    show_figure(
        charts.make_accuracy(runs, t("epoch"), t("right on held-out texts"), theme.colours()),
        key=f"{key}_accuracy",
        alt=t("Accuracy of the character model and of the word model by epoch."),
    )
