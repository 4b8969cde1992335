"""How well a misspelling finds its word, epoch by epoch."""

from components.figures import charts, theme
from components.figures.drawing import show_figure
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment


def show(snapshot: Snapshot, _: Experiment, key: str) -> None:
    """How often, of 2,048 misspellings that are never trained on, each finds its own word."""
    runs = [(t("this speller"), snapshot.records)]
    epochs = t("epoch (25 updates of 512 words)")
    show_figure(
        charts.make_accuracy(runs, epochs, t("right among 2,048 words"), theme.colours()),
        key=f"{key}_learning",
        alt=t("Share of misspellings whose nearest vector is that of the right word, by epoch."),
    )
