"""Without a scheduler every page that trains says so, in one sentence, and waits for nothing."""

import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.pages import ROOMS
from core.jobs.cluster import CLUSTER, ClusterStatus, ClusterUnavailable, _reason, _unanswered

ROOT = Path(__file__).resolve().parents[2]
PROBLEM = _unanswered("tcp://127.0.0.1:9", _reason(ConnectionRefusedError()))
pytestmark = pytest.mark.usefixtures("with_jobs")
TRAINS_NOTHING = {"course", "board", "runs"}


@pytest.fixture
def waiting(monkeypatch):
    """The threads other than a job's that asked for a connection, which waits for one."""
    threads = []

    def refuse():
        if threading.current_thread().name != "job":
            threads.append(threading.current_thread().name)
        raise ClusterUnavailable(PROBLEM)

    monkeypatch.setattr(CLUSTER, "client", refuse)
    monkeypatch.setattr(CLUSTER, "connected", lambda: None)
    monkeypatch.setattr(CLUSTER, "status", lambda: ClusterStatus(0, 0, PROBLEM))
    return threads


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_page_that_trains_says_once_that_the_scheduler_is_away(language, waiting):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["language"] = language
    app.run()
    assert not app.exception
    begin = {"en": "No Dask scheduler answers at", "ko": "BOTTLENECK"}[language]
    for room in ROOMS:
        app.switch_page(room.path).run()
        assert not app.exception, room.path
        count = 0 if Path(room.path).stem in TRAINS_NOTHING else 1
        said = [error.value.replace("\\", "").replace("\u2060", "") for error in app.error]
        assert len(said) == count, (room.path, said)
        for sentence in said:
            assert sentence.startswith(begin)
            assert "tcp://127.0.0.1:9" in sentence
    assert waiting == []


def exports():
    import numpy as np

    from components.runs import run_export
    from core.configs import StackedConfig
    from core.engine.state import Record, State
    from core.experiments import Experiment
    from core.store.checkpoints import Checkpoint

    experiment = Experiment(config=StackedConfig(), dataset="digits8")
    record = Record(1, {"total": 1.0}, {}, {"total": 1.0}, {})
    state = State((np.zeros(3, np.float32),), (), 0, 45, ())
    run_export.show_exports(experiment, Checkpoint(state, [record]), "stacked")


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(("language", "begin"), [("en", "No Dask scheduler"), ("ko", "BOTTLENECK")])
def test_what_needs_a_worker_cannot_be_exported_and_says_why(language, begin):
    app = AppTest.from_function(exports, default_timeout=60)
    app.query_params["language"] = language
    app.run()
    assert not app.exception
    script, keras, table = (button.proto for button in app.get("download_button"))
    assert (script.disabled, keras.disabled, table.disabled) == (True, True, False)
    assert script.help.startswith(begin)
    assert keras.help.startswith(begin)
