"""A plot without points says why."""

import numpy as np
import pytest

from components import drawing, figures, label_figures, latent_figures, unit_figures
from components.colours import LIGHT
from components.lenses import pca
from components.pretraining import kinds
from core.configs import StackedConfig
from core.datasets import info_of
from core.experiments import Experiment
from core.pretraining.config import ARMS, LabelConfig, LabelExperiment
from core.progress import Record, Snapshot

LOSS = {"reconstruction": 0.1, "total": 0.1}
RECORD = Record(1, LOSS, {"accuracy": 0.5}, LOSS, {})
RUN = Experiment(config=StackedConfig())
UNTRAINED = Snapshot("training", 0, [], {}, {}, 0.0, 0.0, False, False, None)
EMPTY = {
    "loss": figures.make_loss_curve([], RUN, LIGHT),
    "sizes": figures.make_size_curve([], None, LIGHT),
    "comparison": figures.make_comparison([("a", []), ("b", [])], LIGHT),
    "trace": figures.make_trace([], title="y", limit=(5.0, "5°"), colours=LIGHT),
    "bars": figures.make_bars((), x_title="x", y_title="y", highest=1, colours=LIGHT),
    "accuracy": figures.make_accuracy([("a", []), ("b", [])], "x", "y", LIGHT),
    "frontier": unit_figures.make_frontier([], "x", "y", LIGHT),
    "descent": unit_figures.make_descent({"L1": []}, 0.1, LIGHT),
    "nats": latent_figures.make_nats([], [], [], "nats", LIGHT),
    "rate": latent_figures.make_rate_distortion([], None, "nats", LIGHT),
    "curves": label_figures.make_curves({}, [], LIGHT),
    "kinds": label_figures.make_kinds({"plain": {ARMS[0]: {}}}, 10, LIGHT),
    "without numbers": figures.make_trace([(1.0, np.nan)], title="y", limit=None, colours=LIGHT),
}
DRAWN = {
    "loss": figures.make_loss_curve([RECORD], RUN, LIGHT),
    "PCA alone": figures.make_size_curve([], [1.0, 0.5, 0.25], LIGHT),
    "bars of 0": figures.make_bars((0.0, 0.0), x_title="x", y_title="y", highest=1, colours=LIGHT),
    "one accuracy of two": figures.make_accuracy([("a", [RECORD]), ("b", [])], "x", "y", LIGHT),
    "confusion": label_figures.make_confusion(np.eye(2), ["a", "b"], ARMS[0], LIGHT),
    "map": figures.make_letter_map(["a"], np.zeros((1, 2)), ["vowels"], LIGHT),
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
