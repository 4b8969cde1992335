"""A plot without points says why."""

import numpy as np
import pytest

from components.figures import charts, drawing, label_figures, latent_figures, unit_figures
from components.figures.colours import LIGHT
from components.parts.autoencoder import pca
from components.parts.labels import kinds
from components.parts.sparsity import frontier, side_by_side
from core.configs import SparseConfig, StackedConfig
from core.configs.labels import LabelConfig
from core.datasets import info_of
from core.engine.state import Record, Snapshot
from core.experiments import Experiment
from core.pretraining.experiment import ARMS, LabelExperiment

LOSS = {"reconstruction": 0.1, "total": 0.1}
RECORD = Record(1, LOSS, {"accuracy": 0.5}, LOSS, {})
RUN = Experiment(config=StackedConfig())
UNTRAINED = Snapshot("training", 0, [], {}, {}, 0.0, 0.0, False, False, None)
EMPTY = {
    "loss": charts.make_loss_curve([], RUN, LIGHT),
    "sizes": charts.make_size_curve([], None, LIGHT),
    "comparison": charts.make_comparison([("a", []), ("b", [])], LIGHT),
    "trace": charts.make_trace([], title="y", limit=(5.0, "5°"), colours=LIGHT),
    "bars": charts.make_bars((), x_title="x", y_title="y", highest=1, colours=LIGHT),
    "accuracy": charts.make_accuracy([("a", []), ("b", [])], "x", "y", LIGHT),
    "frontier": unit_figures.make_frontier([], "x", "y", LIGHT),
    "frontier of no numbers": unit_figures.make_frontier(
        [unit_figures.Spot("L1", np.nan, 0.1, "", True)], "x", "y", LIGHT
    ),
    "descent": unit_figures.make_descent({"L1": []}, 0.1, LIGHT),
    "nats": latent_figures.make_nats([], [], [], "nats", LIGHT),
    "rate": latent_figures.make_rate_distortion([], None, "nats", LIGHT),
    "curves": label_figures.make_curves({}, [], LIGHT),
    "kinds": label_figures.make_kinds({"plain": {ARMS[0]: {}}}, 10, LIGHT),
    "without numbers": charts.make_trace([(1.0, np.nan)], title="y", limit=None, colours=LIGHT),
}
DRAWN = {
    "loss": charts.make_loss_curve([RECORD], RUN, LIGHT),
    "PCA alone": charts.make_size_curve([], [1.0, 0.5, 0.25], LIGHT),
    "bars of 0": charts.make_bars((0.0, 0.0), x_title="x", y_title="y", highest=1, colours=LIGHT),
    "one accuracy of two": charts.make_accuracy([("a", [RECORD]), ("b", [])], "x", "y", LIGHT),
    "confusion": label_figures.make_confusion(np.eye(2), ["a", "b"], ARMS[0], LIGHT),
    "map": charts.make_letter_map(["a"], np.zeros((1, 2)), ["vowels"], LIGHT),
}


class Place:
    """A column that remembers what is drawn in it."""

    def __init__(self):
        self.charts, self.captions = 0, []

    def plotly_chart(self, *_, **__):
        self.charts += 1

    def caption(self, text):
        self.captions.append(text)


@pytest.mark.parametrize("name", EMPTY)
def test_a_plot_without_points_says_when_the_first_comes(name):
    place = Place()
    drawing.show_figure(EMPTY[name], key="x", alt="x", place=place)
    assert place.charts == 1
    assert place.captions == ["No points yet. The first one appears while the network trains."]


def test_another_reason_is_said_instead():
    place = Place()
    drawing.show_figure(EMPTY["descent"], key="x", alt="x", empty="Press it.", place=place)
    assert place.captions == ["Press it."]


@pytest.mark.parametrize(
    ("l1", "sparsity_weight", "said"),
    [
        (1e-4, 5e-3, "No points yet. Press **Train L1, KL, no penalty** to train these runs."),
        (1e-4, 0.0, ""),
        (0.0, 0.0, ""),
    ],
)
def test_runs_of_one_penalty_wait_for_a_button_where_the_page_pays_both(l1, sparsity_weight, said):
    config = SparseConfig(latent_activation="sigmoid", l1=l1, sparsity_weight=sparsity_weight)
    experiment = Experiment(config=config)
    assert side_by_side._why_empty(["L1", "KL", "none"], experiment) == said
    assert side_by_side._why_empty([], experiment) == ""


@pytest.mark.parametrize("phase", ["training", "paused", "stopped", "finished"])
def test_a_finished_run_whose_units_are_silent_has_no_selectivity(phase):
    silent = UNTRAINED._replace(phase=phase, traces={"hoyer": [(1, np.nan)]})
    is_over = phase in ("stopped", "finished")
    said = "This run has no value that is a number." if is_over else ""
    assert frontier._why_empty(silent) == said
    assert frontier._why_empty(silent._replace(traces={})) == ""


@pytest.mark.parametrize("name", DRAWN)
def test_a_plot_with_points_says_nothing(name):
    place = Place()
    drawing.show_figure(DRAWN[name], key="x", alt="x", place=place)
    assert (place.charts, place.captions) == (1, [])


@pytest.mark.parametrize(("size", "is_drawn"), [(63, True), (64, False), (100, False)])
def test_no_angles_to_pca_where_the_code_is_as_large_as_the_input(size, is_drawn, monkeypatch):
    said, drawn = [], []
    monkeypatch.setattr(pca.st, "info", lambda text, **_: said.append(text))
    monkeypatch.setattr(pca, "show_figure", lambda *_, key, **__: drawn.append(key))
    config = StackedConfig(
        hidden_units=(), latent_dim=size, latent_activation="linear", output_activation="linear"
    )
    experiment = Experiment(config=config, dataset="digits8")
    assert info_of("digits8").input_dim == 64
    pca.show(UNTRAINED, experiment, "s")
    assert drawn == (["s_angle", "s_angles"] if is_drawn else [])
    assert [f"The code has {size} numbers and the input has 64" in each for each in said] == (
        [] if is_drawn else [True]
    )


def test_encoders_without_a_measured_arm_are_waited_for(monkeypatch):
    said, drawn = [], []
    monkeypatch.setattr(kinds.stage, "show_waiting", said.append)
    monkeypatch.setattr(kinds, "show_figure", lambda *_, **__: drawn.append(1))
    wanted = LabelExperiment(config=LabelConfig(), dataset="digits8")
    kinds._draw(wanted, {"plain": [wanted]}, [], "k")
    assert (len(said), drawn) == (1, [])
