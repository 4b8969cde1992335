"""The page of kept runs: who sees what, and what a name may do."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components import teacher
from components.pages import PAGE_OF
from components.streamlit_adapter.session import VisitorState
from core.build import build
from core.characters.experiment import TextExperiment
from core.configs import CharacterConfig, DenoisingConfig, SpellerConfig, StackedConfig
from core.configs.labels import LabelConfig
from core.configs.maps import MapConfig
from core.engine.state import Record, State
from core.experiments import Experiment
from core.maps.experiment import MapExperiment
from core.pretraining.experiment import ARMS, LabelExperiment
from core.spelling.experiment import SpellingExperiment
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
        app.session_state["visitor"] = VisitorState(token=token)
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
    assert app.session_state[f"page:{config_class.family}"].job.experiment == kept


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
    job = app.session_state["page:stacked"].job
    app.button(key="stacked_again").click().run()
    again = app.session_state["page:stacked"].job
    assert again is not job
    assert (again.experiment, again.kept_by) == (job.experiment, "")
    assert not [button for button in app.button if button.label == "Train again"]


def test_every_page_says_which_version_it_is():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert app.caption[-1].value == f"Bottleneck {build()}"


OTHERS = (
    TextExperiment(config=CharacterConfig()),
    SpellingExperiment(config=SpellerConfig()),
    MapExperiment(config=MapConfig()),
    LabelExperiment(config=LabelConfig()),
)


def keep_other(experiment, name):
    readings = {"accuracy": 0.8, **dict.fromkeys(ARMS, 0.5)}
    parts = {"tsne_kl": 1.5, "total": 1.5}
    record = Record(1, parts, readings, parts, {"learning_rate": 1e-3})
    state = State((np.zeros(3, np.float32),), (), 0, 45, (np.float32(0),))
    return LIBRARY.keep(name, experiment, Checkpoint(state, [record]), MINE)


@pytest.mark.parametrize("experiment", OTHERS, ids=lambda experiment: experiment.family)
def test_runs_of_every_page_are_listed_and_open(page, experiment):
    run_id = keep_other(experiment, "theirs")
    app = page()
    assert not app.exception
    room = PAGE_OF[experiment.family]
    assert any(room.title in caption.value for caption in app.caption)
    app.button(key=f"open_{run_id}").click().run()
    assert not app.exception
    assert not app.warning
    kept = app.session_state[f"page:{experiment.family}"].knobs
    assert kept["seed"] == str(experiment.seed)


def test_runs_are_filtered_by_page_and_knob_and_sorted(page):
    for dim, name in ((3, "three"), (4, "four")):
        keep(name, experiment=replace(SMALL, config=StackedConfig(latent_dim=dim)))
    keep_other(OTHERS[1], "speller")
    app = page()
    assert names(app) == ["speller", "four", "three"]
    app.selectbox(key="library_page").set_value("stacked").run()
    assert names(app) == ["four", "three"]
    app.selectbox(key="library_knob").set_value("Bottleneck size 3").run()
    assert names(app) == ["three"]
    app.selectbox(key="library_page").set_value("all").run()
    app.selectbox(key="library_order").set_value("score").run()
    assert names(app)[0] == "speller"
    assert not app.exception


def names(app):
    return [one.value.strip("*") for one in app.markdown if one.value.startswith("**")]


def test_marked_runs_stand_together(page):
    first, second = (
        keep(name, experiment=replace(SMALL, seed=seed)) for seed, name in ((1, "a"), (2, "b"))
    )
    other = keep_other(OTHERS[0], "c")
    app = page()
    app.checkbox(key=f"mark_{first}").check().run()
    assert any("Mark another run" in caption.value for caption in app.caption)
    app.checkbox(key=f"mark_{second}").check().run()
    assert not app.exception
    assert '<table class="numbers">' in " ".join(one.proto.body for one in app.get("html"))
    app.checkbox(key=f"mark_{other}").check().run()
    assert any("Runs of one page can be compared" in info.value for info in app.info)


def test_deleting_can_be_undone_once(page):
    run_id = keep("dear")
    (run,) = LIBRARY.runs()
    app = page()
    LIBRARY.delete(run_id, MINE)
    app.session_state["visitor"].deleted_run = run
    app.run()
    assert any("Deleted" in one.value for one in app.markdown)
    app.button(key="undo_delete").click().run()
    assert [run.id for run in LIBRARY.runs()] == [run_id]
    assert not [button for button in app.button if button.key == "undo_delete"]
    assert not app.exception
