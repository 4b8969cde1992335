"""The map page: presets, parts, links, own runs."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.parts import maps
from core.configs import StackedConfig
from core.datasets import is_at_hand
from core.engine.state import Record, State
from core.experiments import Experiment
from core.presets import MAP
from core.store.checkpoints import Checkpoint
from core.store.library import LIBRARY

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    return app


def offered():
    return {name: preset for name, preset in MAP.items() if is_at_hand(preset.experiment.dataset)}


def test_presets_turn_every_knob_and_choose_their_part(app):
    app.switch_page("pages/map.py").run()
    for name, preset in offered().items():
        app.button(key=f"map_preset_{name}").click().run()
        assert not app.exception
        assert not app.error
        config = preset.experiment.config
        assert app.selectbox(key="map_source").value == config.source
        assert app.select_slider(key="map_perplexity").value == f"{config.perplexity:g}"
        assert app.session_state["map_lens"] == preset.lens
        assert preset.lens in maps.STAGE.parts


def test_clothes_are_offered_where_their_file_is(app, monkeypatch, tmp_path):
    for present in (False, True):
        monkeypatch.setenv("BOTTLENECK_DATA", str(tmp_path))
        app.switch_page("pages/map.py").run()
        buttons = [button.key for button in app.button]
        assert ("map_preset_clothes" in buttons) == present
        assert "map_preset_codes" in buttons
        (tmp_path / "fashion_mnist").mkdir(exist_ok=True)
        (tmp_path / "fashion_mnist" / "fashion_mnist.npz").touch()


def test_every_part_says_something_before_there_is_anything_to_see(app):
    for part in maps.STAGE.parts:
        app.session_state["map_lens"] = part
        app.switch_page("pages/map.py").run()
        assert not app.exception
        assert not app.error
        assert app.info


def test_another_seed_turns_the_knob(app):
    app.switch_page("pages/map.py").run()
    app.button(key="map_reseed").click().run()
    assert app.number_input(key="map_seed").value == 1


def test_a_live_knob_is_answered_while_the_network_before_the_map_still_trains(app):
    app.switch_page("pages/map.py").run()
    app.select_slider(key="map_learning_rate").set_value("10").run()
    told = next(each.value for each in app.caption if each.value.startswith("What follows"))
    assert "Learning rate 10" in told
    assert not app.exception


def test_what_a_lesson_hides_is_not_told_while_the_network_trains(app):
    app.query_params["lesson_hide"] = "learning_rate"
    app.query_params["map_perplexity"] = "30"
    app.switch_page("pages/map.py").run()
    told = next(each.value for each in app.caption if each.value.startswith("What follows"))
    assert "Early exaggeration 12" in told
    assert "Learning rate" not in told


def test_a_link_to_a_run_that_this_visitor_does_not_have_opens_all_the_same(app):
    app.query_params["map_source"] = "page-stacked"
    app.query_params["map_perplexity"] = "5"
    app.switch_page("pages/map.py").run()
    assert not app.exception
    assert app.select_slider(key="map_perplexity").value == "5"


def test_the_run_of_another_page_becomes_a_choice(app):
    app.switch_page("pages/autoencoder.py").run()
    app.switch_page("pages/map.py").run()
    app.selectbox(key="map_source").set_value("page-stacked").run()
    assert not app.exception
    assert not app.error


def test_a_kept_run_becomes_a_choice_with_its_name_as_text(app, monkeypatch, tmp_path):
    monkeypatch.setenv("BOTTLENECK_LIBRARY", str(tmp_path))
    kept = Experiment(config=StackedConfig(hidden_units=(), latent_dim=3), dataset="digits8")
    parts = {"reconstruction": 0.02, "total": 0.02}
    record = Record(1, parts, {"rmse": 0.14}, parts, {"learning_rate": 1e-3})
    state = State((np.zeros(3, np.float32),), (), 0, 45, (np.float32(0),))
    name = LIBRARY.keep("ten <b>codes</b>", kept, Checkpoint(state, [record]), "a" * 32)
    app.switch_page("pages/map.py").run()
    source = app.selectbox(key="map_source")
    assert "Kept: ten <b>codes</b>" in source.options
    source.set_value(f"run-{name}").run()
    assert not app.exception
    LIBRARY.delete(name, "a" * 32)
    app.session_state["latest:map_kept"] = None
    app.run()
    assert not app.exception
    assert "gone" in app.warning[0].value
