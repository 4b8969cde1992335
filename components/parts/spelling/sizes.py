"""How the accuracy falls as the list of words grows."""

from components.figures import run_figures, theme
from components.figures.drawing import show_figure
from components.runs import measures, stage
from components.streamlit_adapter import session
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment


def show(_: Snapshot, __: Experiment, key: str) -> None:
    """How often the nearest vector is that of the right word, among so many common words."""
    job = session.job(key)
    results = measures.results_of(job, key) if job else None
    if results is None or results.curve is None:
        stage.show_waiting(
            t("The accuracy by list length is measured when the run is paused or done.")
        )
        return
    figure = run_figures.make_curves(
        [(t("this speller"), results.curve)], "speller", theme.colours()
    )
    show_figure(
        figure,
        key=f"{key}_sizes",
        alt=t("Accuracy among the most frequent words, by their number."),
    )
