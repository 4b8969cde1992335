"""How often each model is right, epoch by epoch."""

from components import figures, look
from components.drawing import show_figure
from components.language import t
from components.reading import twin
from core.engine.state import Snapshot
from core.experiments import Experiment


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Accuracy of both models on texts that they were not trained on."""
    runs = [
        (t("this model"), snapshot.records),
        (t("word model"), twin.of(experiment, key).snapshot().records),
    ]
    show_figure(
        figures.make_accuracy(runs, t("epoch"), t("right on held-out texts"), look.colours()),
        key=f"{key}_accuracy",
        alt=t("Accuracy of the character model and of the word model by epoch."),
    )
