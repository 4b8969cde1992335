"""What the page of the sparse autoencoder shows: activations, penalties, pictures of units."""

from typing import Any

import numpy as np
import pytest

from components import unit_figures
from components.colours import LIGHT
from core import losses
from core.configs import SparseConfig
from core.datasets import Dataset
from core.presets import SPARSITY
from core.training import fit
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
