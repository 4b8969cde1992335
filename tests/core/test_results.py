"""What a run has come to: it survives as text, and what is damaged is refused."""

import json

import pytest

from core import results
from core.configs import SparseConfig, StackedConfig
from core.configs.labels import LabelConfig
from core.configs.maps import MapConfig
from core.engine.state import Record
from core.families import FAMILIES
from core.pretraining.experiment import ARMS
from core.results import SCORES, Curve, Results, kind

PARTS = {"reconstruction": 0.02, "tsne_kl": 1.5, "total": 0.03}
RECORD = Record(
    7,
    PARTS,
    {"accuracy": 0.9, "sizes": (1.0, 2.0), **dict.fromkeys(ARMS, 0.5), "from_scratch": 0.7},
    PARTS,
    {"learning_rate": 0.01},
)
FULL = Results(12.5, 4_000, {"trustworthiness": 0.97}, Curve((0.0, 1.0), {"character": (0.9, 0.4)}))


def test_every_family_that_has_a_page_has_a_score():
    assert SCORES.keys() == FAMILIES.keys() - {"sweep"}
    values = {family: score.of(RECORD) for family, score in SCORES.items()}
    assert values["stacked"] == 0.02
    assert values["map"] == 1.5
    assert values["speller"] == values["character"] == 0.9
    assert values["labels"] == 0.7
    assert [family for family, score in SCORES.items() if score.is_accuracy] == [
        "character", "speller", "labels",
    ]  # fmt: skip


@pytest.mark.parametrize("found", [Results(), FULL, FULL._replace(curve=None, parameters=None)])
def test_results_survive_as_text(found):
    assert results.from_text(results.to_text(found)) == found
    assert results.from_text(None) == Results()


def test_a_record_survives_as_text_without_its_lists():
    found = results.record_from_text(results.record_to_text(RECORD), "stacked")
    readings = {name: value for name, value in RECORD.readings.items() if name != "sizes"}
    assert found == RECORD._replace(readings=readings)
    with pytest.raises(KeyError):
        results.record_from_text(results.record_to_text(RECORD._replace(readings={})), "speller")


DAMAGE = {
    "seconds": "long", "parameters": [], "marks": {"a": None}, "curve": {"x": [1], "lines": []},
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_damaged_results_are_refused(name):
    values = json.loads(results.to_text(FULL)) | {name: DAMAGE[name]}
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        results.from_text(json.dumps(values))


@pytest.mark.parametrize(
    "curve",
    [Curve((1.0,), {"a": (1.0, 2.0)}), Curve((1.0,), {"a": (float("nan"),)}),
     Curve(tuple(map(float, range(101))), {})],
)  # fmt: skip
def test_a_curve_that_cannot_be_drawn_is_refused(curve):
    with pytest.raises(ValueError, match="^(curve|number)$"):
        results.from_text(results.to_text(Results(curve=curve)))


def test_runs_of_one_kind_can_be_compared():
    mse, bce = StackedConfig(), StackedConfig(reconstruction_loss="bce")
    assert kind("stacked", mse, "mnist5k") == kind("sparse", SparseConfig(), "mnist5k")
    assert kind("stacked", mse, "mnist5k") != kind("stacked", bce, "mnist5k")
    assert kind("stacked", mse, "mnist5k") != kind("stacked", mse, "digits8")
    one, other = MapConfig(), MapConfig(perplexity=5.0)
    assert kind("map", one, "mnist5k") != kind("map", other, "mnist5k")
    words = LabelConfig(source="words")
    assert kind("labels", words, "mnist5k") == kind("labels", words, "digits8")
    assert kind("labels", words, "mnist5k") != kind("labels", LabelConfig(), "mnist5k")
