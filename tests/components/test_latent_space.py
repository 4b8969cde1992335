"""The variational page without a browser: numbers, formula, warning, runs beside."""

from dataclasses import replace

import numpy as np
import pytest

from components.figures import latent_figures
from components.figures.colours import LIGHT
from components.parts.variational import cockpit, generate, terms, trade_off
from core.analysis import readings
from core.comparisons import with_betas, without_latent_loss
from core.configs import StackedConfig
from core.engine.state import Record, Snapshot
from core.presets import VARIATIONAL
from core.queries.questions import BatchStatistics

MAP = VARIATIONAL["map"].experiment
READINGS = {
    "latent_kl": 5.0, "active_latents": 2.0, "mean_sigma": 0.1, "latent_kls": (3.0, 2.0),
    "variance_explained": -0.01,
}  # fmt: skip


def record(beta=1.0, **readings):
    parts = {"reconstruction": 0.2, "latent_penalty": 0.01, "total": 0.21}
    return Record(3, parts, READINGS | readings, parts, {"beta": beta})


def snapshot(*records):
    return Snapshot("paused", 10, list(records), {}, {}, None, 0.0, False, False, None)


def test_the_plain_autoencoder_beside_is_of_the_same_size():
    moved = replace(MAP, seed=3).steered(50, {"beta": 4.0})
    beside = without_latent_loss(moved)
    assert isinstance(beside.config, StackedConfig)
    assert beside.moves == ()
    assert (beside.seed, beside.num_epochs, beside.dataset) == (3, MAP.num_epochs, MAP.dataset)
    for name in ("hidden_units", "latent_dim", "reconstruction_loss", "batch_size"):
        assert getattr(beside.config, name) == getattr(MAP.config, name)


def test_one_plain_autoencoder_serves_all_beta():
    twins = {without_latent_loss(VARIATIONAL[name].experiment) for name in ("map", "beta0")}
    assert len(twins) == 1


def test_both_halves_are_in_nats_of_an_image():
    assert readings.distortion(record(), MAP) == pytest.approx(784 * 0.2)
    assert readings.rate(record()) == 5.0
    assert cockpit._numbers(record(), MAP)["Sum"] == f"{784 * 0.2 + 5:.1f}"


@pytest.fixture
def warnings(monkeypatch):
    said = []
    monkeypatch.setattr(cockpit.st, "warning", lambda words, **_: said.append(words))
    return said


def test_a_collapse_is_told_with_its_beta_and_nothing_else_is(warnings):
    cockpit._warn(record(active_latents=1.0))
    cockpit._warn(record(beta=0.0, active_latents=0.0))
    cockpit._warn(record(active_latents=0.0, variance_explained=-2.0))
    assert warnings == []
    cockpit._warn(record(beta=64.0, active_latents=0.0))
    assert "Posterior collapse" in warnings[0]
    assert "β = 64" in warnings[0]


def test_the_terms_of_the_formula_add_up_to_the_loss():
    rng = np.random.default_rng(0)
    mean, log_var = rng.normal(size=(2, 30, 12))
    found = BatchStatistics(
        square=(mean**2).mean(axis=0),
        variance=np.exp(log_var).mean(axis=0),
        log_var=log_var.mean(axis=0),
        num_rows=30,
    )
    exact = -0.5 * (1 + log_var - mean**2 - np.exp(log_var)).sum(axis=1).mean()
    assert terms.sums(found)["latent_kl"] == pytest.approx(exact, rel=1e-12)
    assert f"{exact:.3f}" in terms.formula(found, 2.0, 784)
    assert f"{2 * exact / 784:.5f}" in terms.formula(found, 2.0, 784)
    lines = terms.table(found).splitlines()
    shown = [float(line.split("|")[-2]) for line in lines[2:]]
    assert sum(shown) == pytest.approx(exact, abs=0.01)
    assert "2 more" in lines[-1]


def test_the_batch_of_the_formula_changes_once_an_epoch_while_it_trains():
    per_epoch, resting = MAP.updates_per_epoch, snapshot(record())
    running = resting._replace(phase="training", update=per_epoch + 9)
    assert terms._last(running, MAP) == per_epoch - 1
    assert terms._last(resting, MAP) == 9
    untrained = resting._replace(update=0)
    assert "first batch" in terms._caption(terms._last(untrained, MAP), 128)
    assert "trained on last" in terms._caption(terms._last(resting, MAP), 128)


def test_only_variational_runs_of_the_same_loss_are_in_the_plane(monkeypatch):
    by_mse = replace(MAP, config=replace(MAP.config, reconstruction_loss="mse"))
    others = [(other, snapshot(record())) for other in (without_latent_loss(MAP), by_mse, MAP)]
    monkeypatch.setattr(trade_off.series, "runs", lambda *_: others)
    assert [run for run, _ in trade_off._runs(snapshot(), MAP, "page")] == [MAP]


def test_the_series_differs_in_beta_alone():
    found = with_betas(MAP)
    assert [each.config.beta for each in found] == list(trade_off.BETAS)
    assert len({each.config.compiled() for each in found}) == 1
    assert MAP in found


def test_a_run_is_a_point_with_its_beta():
    moved = MAP.steered(5, {"beta": 4.0})
    spot = trade_off._spot(moved, snapshot(record(beta=2.0)))
    assert (spot.rate, spot.distortion, spot.beta) == (5.0, pytest.approx(156.8), "2")
    for now, stars in ((spot, 1), (None, 0)):
        figure = latent_figures.make_rate_distortion([spot], now, "reconstruction", LIGHT)
        assert [len(trace.x) for trace in figure.data] == [1, stars]


def test_figures_name_their_axes_and_stand_a_loss_of_0():
    spot = latent_figures.Spot(0.0, 200.0, "64", "words")
    for figure in (
        latent_figures.make_nats([1, 2], [200.0, 190.0], [0.0, 0.1], "reconstruction", LIGHT),
        latent_figures.make_rate_distortion([spot], None, "reconstruction", LIGHT),
        latent_figures.make_latents((0.5, 2.0, 1.0), LIGHT),
    ):
        assert figure.layout.xaxis.title.text
        assert figure.layout.yaxis.title.text
    assert list(figure.data[0].x) == ["z2", "z3", "z1"]


def test_the_verdict_says_both_medians_and_the_nearest_of_all():
    words = generate._verdict(np.array([3.0, 10.0, 20.0]), np.array([2.0, 8.0, 9.0]))
    for number in ("10.0", "3.0", "8.0", "2.0"):
        assert number in words
