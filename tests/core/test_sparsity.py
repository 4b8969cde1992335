"""What the page of the sparse autoencoder shows: activations, penalties, pictures of units."""

from typing import Any

import numpy as np
import pytest

from components import unit_figures
from components.colours import LIGHT
from components.sparsity import penalty, side_by_side
from core import dense, losses
from core.configs import SparseConfig, layer_activations
from core.datasets import Dataset, load_dataset
from core.experiments import Experiment
from core.presets import SPARSITY
from core.training import fit, init_state, load_model
from core.views import VIEWS


class Coded:
    """A model whose codes are given, and whose output is the sum of the codes in every pixel."""

    def __init__(self, codes: Any) -> None:
        self.codes = np.asarray(codes, np.float32)

    def encoder(self, x: np.ndarray) -> np.ndarray:
        return self.codes[: len(x)]

    def decoder(self, z: np.ndarray) -> np.ndarray:
        return 0.5 + z @ np.eye(z.shape[1], 3)


def seen(view: str, codes: list[list[float]]) -> dict[str, np.ndarray]:
    data = Dataset(np.zeros((2, 3)), np.zeros((len(codes), 3)))
    return VIEWS[view](Coded(codes), data)


@pytest.mark.parametrize(
    ("codes", "hoyer"),
    [([[1, 0, 0, 0]], 1.0), ([[0.3] * 4], 0.0), ([[0.0] * 4], 1.0), ([[1, 1, 0, 0]], 2 - 2**0.5)],
)
def test_selectivity_is_hoyers(codes: list[list[float]], hoyer: float) -> None:
    assert seen("codes", codes)["hoyer"] == pytest.approx(hoyer, abs=1e-6)


def test_activations_are_counted() -> None:
    found = seen("codes", [[0.9, 0.2, 0.0], [0.7, 0.0, 0.0]])
    assert np.allclose(found["means"], [0.8, 0.1, 0.0])
    assert found["counts"].sum() == 6
    assert list(found["used"]) == [1, 0, 0]
    assert found["above_half"] == pytest.approx(1 / 3)
    assert found["mean_activation"] == pytest.approx(0.3)


def test_a_unit_paints_what_it_adds_to_silence() -> None:
    found = seen("units", [[0.1, 0.8, 0.4], [0.1, 0.6, 0.0]])
    assert list(found["numbers"]) == [1, 2, 0]
    assert np.allclose(found["pictures"], np.array([[0, 0.8, 0], [0, 0, 0.4], [0.1, 0, 0]]))
    assert found["by_class"].shape == (3, 0)


def test_a_unit_is_excited_by_its_images_and_prefers_its_class() -> None:
    x = np.arange(12, dtype=np.float32).reshape(4, 3)
    data = Dataset(x, x, np.array([0, 1, 0, 1]), np.array([0, 1, 0, 1]), (1, 3), ("a", "b"))
    found = VIEWS["units"](Coded([[0.1, 0.0], [0.9, 0.1], [0.3, 0.0], [0.7, 0.3]]), data)
    assert list(found["numbers"]) == [0, 1]
    assert found["exciting"].shape == (2, 4, 3)
    assert np.array_equal(found["exciting"][0], x[[1, 3, 2, 0]])
    assert np.allclose(found["by_class"], [[0.2, 0.8], [0.0, 0.2]])
    assert list(found["class_names"]) == ["a", "b"]


@pytest.mark.parametrize("tied", [False, True])
def test_the_decoder_travels_as_plain_layers(tied: bool) -> None:
    config = SparseConfig(hidden_units=(5,), latent_dim=7, tied_weights=tied)
    data = load_dataset("digits8")
    model = load_model(config, 64, init_state(config, 64, 3))
    found = VIEWS["decoder"](model, data)
    activations = layer_activations(config)[2:]
    layers = {name: array for name, array in found.items() if name not in "xz"}
    assert np.allclose(
        dense.forward(layers, activations, found["z"]), model.decoder(found["z"]), atol=1e-5
    )
    assert np.allclose(model.encoder(found["x"]), found["z"], atol=1e-6)


def test_the_drawn_cost_is_that_of_the_loss() -> None:
    means = np.array([0.01, 0.1, 0.5])
    drawn = unit_figures.kl(means, 0.1)
    assert drawn.sum() == pytest.approx(float(losses.sparsity_kl(means[None], 0.1)), rel=1e-5)
    dots = unit_figures.make_penalties(means, 0.1, LIGHT).data[-1]
    assert np.allclose(dots.y, drawn)


def test_a_high_price_silences_units_and_a_target_gathers_them() -> None:
    rng = np.random.default_rng(0)
    x = (rng.random((600, 4)) < 0.3).astype(np.float32) @ rng.random((4, 16)).astype(np.float32)
    data = Dataset(np.clip(x[:500], 0, 1), np.clip(x[500:], 0, 1))
    plain = {"hidden_units": (), "latent_dim": 24, "l1": 0.0, "learning_rate": 1e-2}
    free, priced, target = (
        fit(SparseConfig(**plain | changes), data, num_epochs=30).history[-1].readings
        for changes in (
            {},
            {"l1": 1.0},
            {"sparsity_weight": 1.0, "sparsity_target": 0.2},
        )
    )
    assert priced["l0"] < free["l0"] / 2
    assert np.allclose(target["mean_activations"], 0.2, atol=0.03)
    assert np.ptp(free["mean_activations"]) > 0.2


@pytest.mark.parametrize("name", SPARSITY)
def test_presets_are_sparse_autoencoders(name: str) -> None:
    assert SPARSITY[name].experiment.config.family == "sparse"


def test_the_update_at_which_a_number_has_fallen_is_read_between_two_looks() -> None:
    trace = [(0, 0.5), (100, 0.3), (300, 0.1), (400, 0.2)]
    assert side_by_side.updates_to(trace, 0.3) == 100
    assert side_by_side.updates_to(trace, 0.2) == 200
    assert side_by_side.updates_to(trace, 0.05) is None
    assert side_by_side.updates_to([], 0.1) is None


def test_the_other_penalties_are_as_strong_as_here_or_usual() -> None:
    here = Experiment(config=SparseConfig(l1=3e-4, sparsity_weight=0.0))
    kinds = {kind: penalty.with_kind(here, kind) for kind in side_by_side.KINDS}
    assert {k: penalty.kind(e.coefficients_at(0)) for k, e in kinds.items()} == {
        "L1": "L1", "KL": "KL", "none": "none",
    }  # fmt: skip
    assert kinds["L1"] == here
    assert kinds["KL"].config.sparsity_weight == penalty.USUAL_WEIGHT
