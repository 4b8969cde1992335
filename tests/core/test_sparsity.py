"""What the page of the sparse autoencoder shows: activations, penalties, pictures of units."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from components.figures import unit_figures
from components.figures.colours import LIGHT
from components.parts.sparsity import side_by_side
from core import dense
from core.analysis.divergences import bernoulli_kl
from core.analysis.readings import first_update_below
from core.comparisons import USUAL_SPARSITY_WEIGHT, changed, penalty_of, with_penalty
from core.configs import SparseConfig, layer_activations
from core.datasets import Dataset, load_dataset
from core.experiments import Experiment, Move
from core.models import losses
from core.presets import SPARSITY
from core.queries import autoencoder
from core.queries.autoencoder import VIEWS
from core.queries.questions import Activations, Decoder, Units
from core.training import fit, init_state, load_model


class Coded:
    """A model whose codes are given, and whose output is the sum of the codes in every pixel."""

    def __init__(self, codes: Any) -> None:
        self.codes = np.asarray(codes, np.float32)

    def encoder(self, x: np.ndarray) -> np.ndarray:
        return self.codes[: len(x)]

    def decoder(self, z: np.ndarray) -> np.ndarray:
        return 0.5 + z @ np.eye(z.shape[1], 3)


def seen(view: type, codes: list[list[float]]) -> Any:
    data = Dataset(np.zeros((2, 3)), np.zeros((len(codes), 3)))
    return VIEWS[view](Coded(codes), data)


@pytest.mark.parametrize(
    ("codes", "hoyer"),
    [
        ([[1, 0, 0, 0]], 1.0),
        ([[0.3] * 4], 0.0),
        ([[0.0] * 4, [1, 0, 0, 0]], 1.0),
        ([[1, 1, 0, 0]], 2 - 2**0.5),
    ],
)
def test_selectivity_is_hoyers(codes: list[list[float]], hoyer: float) -> None:
    assert seen(Activations, codes).hoyer == pytest.approx(hoyer, abs=1e-6)


def test_activations_are_counted() -> None:
    found = seen(Activations, [[0.9, 0.2, 0.0], [0.7, 0.0, 0.0]])
    assert np.allclose(found.means, [0.8, 0.1, 0.0])
    assert found.counts.sum() == 6
    assert found.mean_activation == pytest.approx(0.3)


def test_a_unit_paints_what_it_adds_to_silence() -> None:
    found = seen(Units, [[0.1, 0.8, 0.4], [0.1, 0.6, 0.0]])
    assert list(found.numbers) == [1, 2, 0]
    assert np.allclose(found.pictures, np.array([[0, 0.8, 0], [0, 0, 0.4], [0.1, 0, 0]]))
    assert found.by_class.shape == (3, 0)


def test_a_unit_is_excited_by_its_images_and_prefers_its_class() -> None:
    x = np.arange(12, dtype=np.float32).reshape(4, 3)
    data = Dataset(x, x, np.array([0, 1, 0, 1]), np.array([0, 1, 0, 1]), (1, 3), ("a", "b"))
    found = VIEWS[Units](Coded([[0.1, 0.0], [0.9, 0.1], [0.3, 0.0], [0.7, 0.3]]), data)
    assert list(found.numbers) == [0, 1]
    assert found.exciting.shape == (2, 4, 3)
    assert np.array_equal(found.exciting[0], x[[1, 3, 2, 0]])
    assert np.allclose(found.by_class, [[0.2, 0.8], [0.0, 0.2]])
    assert list(found.class_names) == ["a", "b"]


@pytest.mark.parametrize("tied", [False, True])
def test_the_decoder_travels_as_plain_layers(tied: bool) -> None:
    config = SparseConfig(hidden_units=(5,), latent_dim=7, tied_weights=tied)
    data = load_dataset("digits8")
    model = load_model(config, 64, init_state(config, 64, 3))
    found = VIEWS[Decoder](model, data)
    activations = layer_activations(config)[2:]
    decoded = dense.forward(found.layers, activations, found.z)
    assert np.allclose(decoded, model.decoder(found.z), atol=1e-5)
    assert np.allclose(model.encoder(found.x), found.z, atol=1e-6)


def test_the_drawn_cost_is_that_of_the_loss() -> None:
    means = np.array([0.01, 0.1, 0.5])
    drawn = bernoulli_kl(means, 0.1)
    assert drawn.sum() == pytest.approx(float(losses.sparsity_kl(means[None], 0.1)), rel=1e-5)
    figure = unit_figures.make_penalties(means, 0.1, LIGHT)
    assert np.allclose(figure.data[-1].y, drawn)
    assert figure.layout.yaxis.range[1] > drawn.max()
    on_l1 = unit_figures.make_penalties(np.array([0.2, 3.0]), None, LIGHT)
    assert [curve.name for curve in on_l1.data] == ["L1", "units"]
    assert np.array_equal(on_l1.data[-1].y, [0.2, 3.0])


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
    assert first_update_below(trace, 0.3) == 100
    assert first_update_below(trace, 0.2) == 200
    assert first_update_below(trace, 0.05) is None
    assert first_update_below([], 0.1) is None


def test_the_other_penalties_are_as_strong_as_here_or_usual() -> None:
    here = Experiment(config=SparseConfig(l1=3e-4, sparsity_weight=0.0))
    kinds = {kind: with_penalty(here, kind) for kind in side_by_side.KINDS}
    assert {k: penalty_of(e.coefficients_at(0)) for k, e in kinds.items()} == {
        "L1": "L1", "KL": "KL", "none": "none",
    }  # fmt: skip
    assert kinds["L1"] == here
    assert kinds["KL"].config.sparsity_weight == USUAL_SPARSITY_WEIGHT


def test_the_other_penalties_are_as_strong_as_the_knobs_stand_after_moves() -> None:
    moves = (Move(50, "l1", 1e-3), Move(60, "learning_rate", 3e-3))
    here = Experiment(config=SparseConfig(l1=3e-4), moves=moves)
    beside = with_penalty(here, "L1")
    assert beside.config.l1 == 1e-3 and beside.config.learning_rate == 3e-3 and not beside.moves


def test_beside_a_run_stand_only_runs_that_differ_in_their_penalty_alone() -> None:
    here = Experiment(config=SparseConfig(l1=1e-4))
    kl = with_penalty(here, "KL")
    others = [kl, replace(kl, seed=1), changed(kl, {"sparsity_target": 0.3})]
    others += [replace(with_penalty(here, "none"), moves=(Move(5, "learning_rate", 0.1),))]
    found = side_by_side._find([(each, None) for each in (*others, here)], here)
    assert found == {"L1": (here, None), "KL": (kl, None)}


def test_codes_that_never_speak_have_no_selectivity() -> None:
    assert np.isnan(seen(Activations, [[0.0, 0.0, 0.0, 0.0]] * 4).hoyer)


def test_units_that_prefer_a_class_are_shown_though_others_are_used_more() -> None:
    use = np.full(60, 0.5)
    by_class = np.full((2, 60), 0.5)
    use[59], by_class[:, 59] = 0.1, (0.2, 0.0)
    numbers = autoencoder._select_units(use, by_class)
    assert len(numbers) == autoencoder.NUM_UNITS and numbers[-1] == 59
    assert (np.diff(use[numbers]) <= 0).all()
