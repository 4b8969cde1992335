"""Without a scheduler every page that trains says so, in one sentence, and waits for nothing."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.rooms import ROOMS
from core.cluster import CLUSTER, ClusterStatus, ClusterUnavailable

ROOT = Path(__file__).resolve().parents[2]
PROBLEM = (
    "No Dask scheduler answers at BOTTLENECK_SCHEDULER=tcp://127.0.0.1:9 (the connection is "
    "refused). Start one there, or unset the variable."
)
TRAINS_NOTHING = {"course", "board", "runs"}


@pytest.fixture
def away(monkeypatch):
    def refuse():
        raise ClusterUnavailable(PROBLEM)

    monkeypatch.setattr(CLUSTER, "client", refuse)
    monkeypatch.setattr(CLUSTER, "connected", lambda: None)
    monkeypatch.setattr(CLUSTER, "status", lambda: ClusterStatus(0, 0, PROBLEM))


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_page_that_trains_says_once_that_the_scheduler_is_away(language):
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
