"""The page of kept runs: who sees what, and what a name may do."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components import teacher
from core.build import build
from core.configs import DenoisingConfig, StackedConfig
from core.engine.state import Record, State
from core.experiments import Experiment
from core.store.checkpoints import Checkpoint
from core.store.index import open_index
from core.store.library import LIBRARY
from core.store.teacher import Teacher

ROOT = Path(__file__).resolve().parents[2]
MINE, THEIRS = "a" * 32, "b" * 32
SMALL = Experiment(config=StackedConfig(hidden_units=(), latent_dim=3), dataset="digits8")
HOSTILE = "<script>alert(1)</script> **bold** [x](javascript:y) $z$"


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("BOTTLENECK_LIBRARY", str(tmp_path))


def keep(name, token=MINE, experiment=SMALL):
    parts = {"reconstruction": 0.02, "total": 0.02}
    readings = {"rmse": 0.14, "variance_explained": 0.5, "reconstruction_clean": 0.02}
    record = Record(1, parts, readings, parts, {"learning_rate": 1e-3})
    state = State((np.zeros(3, np.float32),), (), 0, 45, (np.float32(0),))
    return LIBRARY.keep(name, experiment, Checkpoint(state, [record]), token)


@pytest.fixture
def page():
    def visit(token=MINE):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        app.session_state["visitor"] = token
        return app.switch_page("pages/runs.py").run()

    return visit


def labels(app):
    return [button.label for button in app.button]


def test_an_empty_library_says_how_to_fill_it(page):
    assert "Keep or export" in page().info[0].value


def test_every_visitor_sees_a_run_with_its_name_as_text(page):
    keep(HOSTILE)
    for token in (MINE, THEIRS):
        app = page(token)
        assert not app.exception
        (name,) = [m.value for m in app.markdown if "alert" in m.value]
        assert r"\<script\>" in name
        assert r"\*\*bold\*\*" in name
        assert r"\[x\]" in name
        assert any("64 → 3 → 64" in caption.value for caption in app.caption)


def test_the_search_finds_parts_of_names(page):
    keep("ten codes")
    keep("thirty codes")
    app = page()
    app.text_input(key="library_search").input("TEN").run()
    shown = " ".join(m.value for m in app.markdown)
    assert "ten codes" in shown
    assert "thirty" not in shown


def test_a_wrong_secret_is_told_and_changes_nothing(page, monkeypatch):
    monkeypatch.setenv("BOTTLENECK_TEACHER", "open sesame")
    app = page(THEIRS)
    app.text_input(key="teacher_secret").input("open sesam").run()
    assert "not the secret" in app.warning[0].value
    app.text_input(key="teacher_secret").input("open sesame").run()
    assert not app.warning


def test_a_secret_that_is_sent_once_is_tried_once(page, monkeypatch):
    waits = []
    monkeypatch.setattr(teacher, "TEACHER", Teacher(wait=waits.append))
    app = page(THEIRS)
    app.text_input(key="teacher_secret").input("open sesam").run()
    app.run()
    app.run()
    assert waits == [1.0]


@pytest.mark.parametrize("config_class", [StackedConfig, DenoisingConfig])
def test_a_run_opens_on_its_page(page, config_class):
    kept = replace(SMALL, config=config_class(hidden_units=(), latent_dim=3), seed=7)
    keep("ten", experiment=kept)
    app = page()
    (button,) = [button for button in app.button if button.label == "Open"]
    button.click().run()
    assert not app.exception
    assert app.session_state[f"job:{config_class.family}"].experiment == kept


def test_a_run_whose_weights_are_gone_says_so_where_it_stands(page, tmp_path):
    run_id = keep("gone")
    (tmp_path / "runs" / f"{run_id}.npz").unlink()
    app = page()
    (button,) = [button for button in app.button if button.label == "Open"]
    button.click().run()
    assert not app.exception
    assert "gone from the server" in app.warning[0].value


def test_a_run_of_another_version_is_told_on_its_page_and_can_be_trained_again(page, tmp_path):
    keep("ours")
    keep("old")
    with open_index(tmp_path) as index:
        index.execute("UPDATE runs SET version = 'engine 0', build = '1.5' WHERE name = 'old'")
    old, ours = (f"open_{run.id}" for run in LIBRARY.runs())
    app = page()
    app.button(key=ours).click().run()
    assert not [button for button in app.button if button.label == "Train again"]
    app = page()
    app.button(key=old).click().run()
    assert not app.exception
    assert any("Bottleneck 1.5" in info.value for info in app.info)
    job = app.session_state["job:stacked"]
    app.button(key="stacked_again").click().run()
    again = app.session_state["job:stacked"]
    assert again is not job
    assert (again.experiment, again.kept_by) == (job.experiment, "")
    assert not [button for button in app.button if button.label == "Train again"]


def test_every_page_says_which_version_it_is():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert app.caption[-1].value == f"Bottleneck {build()}"
