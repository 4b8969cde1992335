"""Runs beside the page's own: started once, left on the way, continued, stopped."""

from types import SimpleNamespace

import pytest

from components.runs import series
from components.streamlit_adapter import session
from core.comparisons import changed
from core.configs import StackedConfig
from core.experiments import Experiment

HERE = Experiment(config=StackedConfig(latent_dim=10))


class FakeJob:
    """A job that remembers what it was told."""

    kept_by = ""

    def __init__(self, experiment, views=(), phase="paused", update=0):
        self.experiment, self.views, self.told = experiment, views, []
        self.phase, self.update = phase, update

    def snapshot(self):
        running = self.phase == "training"
        return SimpleNamespace(
            phase=self.phase, update=self.update, is_running=running, records=[1], record=1
        )

    def __getattr__(self, name):
        return lambda *values: self.told.append((name, *values))


@pytest.fixture
def visit(monkeypatch):
    """The own job of a page and those beside it."""
    others = []
    monkeypatch.setattr(session, "job", lambda _: FakeJob(HERE, update=500))
    monkeypatch.setattr(session, "other_jobs", lambda _: others)
    monkeypatch.setattr(session, "make_job", FakeJob)
    monkeypatch.setattr(session, "add_jobs", lambda _, jobs: others.extend(jobs))
    return others


def sized(size):
    return changed(HERE, {"latent_dim": size})


def test_a_series_starts_what_is_new_and_not_the_pages_own_again(visit):
    series.train([sized(5), HERE, sized(20)], "page", ("pca",))
    assert [job.experiment for job in visit] == [sized(5), sized(20)]
    assert all(job.views == ("pca",) for job in visit)
    assert visit[0].told == [("skip",), ("train_to", sized(5).num_updates)]


def test_what_a_part_compares_with_is_begun_once_and_goes_on_after_a_reset(visit):
    series.begin_all([sized(5)], "page")
    assert series.find(sized(5), "page") is visit[0]
    assert visit[0].is_beside
    visit[0].phase = "training"
    series.begin_all([sized(5)], "page")
    assert visit[0].told == [("play",)]
    visit[0].phase = "paused"
    series.begin_all([sized(5)], "page")
    assert visit[0].told == [("play",), ("play",)]
    assert len(visit) == 1


def test_what_was_left_on_the_way_is_missing_and_goes_on(visit):
    visit += [FakeJob(sized(5), update=100), FakeJob(sized(20), phase="finished", update=500)]
    wanted = [HERE, sized(5), sized(20), sized(30)]
    assert series.missing(wanted, 500, "page") == [sized(5), sized(30)]
    series.train([sized(5), sized(30)], "page", num_updates=500, skip=False)
    assert len(visit) == 3
    assert visit[0].told == visit[2].told == [("train_to", 500)]


def test_runs_on_other_data_are_left_out(visit):
    visit.append(FakeJob(changed(HERE, {"dataset": "digits8"})))
    visit.append(FakeJob(sized(5)))
    found = series.runs(FakeJob(HERE).snapshot(), HERE, "page")
    assert [experiment for experiment, _ in found] == [sized(5), HERE]


def test_all_runs_beside_are_stopped_but_the_one_that_is_needed(visit, monkeypatch):
    visit += [FakeJob(sized(size), phase="training") for size in (5, 20, 30)]
    shown = []
    monkeypatch.setattr(series.st, "button", lambda *_, **options: shown.append(options))
    series.show_stop("page", but=sized(20))
    shown[0]["on_click"](*shown[0]["args"])
    assert [job.told for job in visit] == [[("pause",)], [], [("pause",)]]
    for job in visit:
        job.phase = "paused"
    series.show_stop("page")
    assert len(shown) == 1
