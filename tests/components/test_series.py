"""Runs beside the page's own: started once, left on the way, continued, stopped."""

from types import SimpleNamespace

import pytest

from components import series, session
from core.configs import StackedConfig
from core.experiments import Experiment

HERE = Experiment(config=StackedConfig(latent_dim=10))


class FakeJob:
    """A job that remembers what it was told."""

    def __init__(self, experiment, views=(), phase="paused", update=0):
        self.experiment, self.views, self.told = experiment, views, []
        self.phase, self.update = phase, update

    def snapshot(self):
        running = self.phase == "training"
        return SimpleNamespace(
            phase=self.phase, update=self.update, is_running=running, records=[1]
        )

    def __getattr__(self, name):
        return lambda *values: self.told.append((name, *values))


class Others(list):
    """Jobs beside, and the page's `own`."""


@pytest.fixture
def visit(monkeypatch):
    """Those beside the own job of a page."""
    others = Others()
    others.own = FakeJob(HERE, update=500)
    monkeypatch.setattr(session, "job", lambda _: others.own)
    monkeypatch.setattr(session, "other_jobs", lambda _: others)
    monkeypatch.setattr(session, "make_job", FakeJob)
    monkeypatch.setattr(session, "add_jobs", lambda _, jobs: others.extend(jobs))
    return others


def sized(size):
    return series.changed(HERE, {"latent_dim": size})


def test_a_series_starts_what_is_new_and_not_the_pages_own_again(visit):
    series.train([sized(5), HERE, sized(20)], "page", ("pca",))
    assert [job.experiment for job in visit] == [sized(5), sized(20)]
    assert all(job.views == ("pca",) for job in visit)
    assert visit[0].told == [("skip",), ("train_to", sized(5).num_updates)]


def test_what_was_left_on_the_way_is_missing_and_goes_on(visit):
    visit += [FakeJob(sized(5), update=100), FakeJob(sized(20), phase="finished", update=500)]
    wanted = [HERE, sized(5), sized(20), sized(30)]
    assert series.missing(wanted, 500, "page") == [sized(5), sized(30)]
    series.train([sized(5), sized(30)], "page", num_updates=500, skip=False)
    assert len(visit) == 3
    assert visit[0].told == visit[2].told == [("train_to", 500)]


def test_runs_on_other_data_are_left_out(visit):
    visit.append(FakeJob(series.changed(HERE, {"dataset": "digits8"})))
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


def test_a_companion_trains_while_the_page_does(visit):
    visit.own.phase = "training"
    assert series.companion(sized(5), "page").told == [("play",)]
    visit[0].phase = "training"
    series.companion(sized(5), "page")
    visit.own.phase, visit[0].phase = "finished", "paused"
    series.companion(sized(5), "page")
    assert visit[0].told == [("play",), ("play",)]


@pytest.mark.parametrize("phase", ["pausing", "paused"])
@pytest.mark.parametrize(
    "beside, update, told",
    [
        ("training", 499, []),
        ("training", 500, [("pause",)]),
        ("paused", 100, [("train_to", 500)]),
        ("paused", 600, []),
        ("finished", 900, []),
    ],
)
def test_a_companion_rests_with_the_page_where_that_has_come_to(visit, phase, beside, update, told):
    visit.own.phase = phase
    visit.append(FakeJob(sized(5), phase=beside, update=update))
    assert series.companion(sized(5), "page").told == told


def test_a_companion_of_a_series_that_is_asked_for_trains_on_with_it(visit):
    visit += [FakeJob(sized(5), phase="training", update=600), FakeJob(sized(20), phase="training")]
    assert series.companion(sized(5), "page").told == []
    visit[1].phase = "finished"
    assert series.companion(sized(5), "page").told == [("pause",)]


def test_beside_an_untrained_page_a_companion_is_untrained_too(visit):
    visit.own.update = 0
    assert series.companion(sized(5), "page").told == [("prepare",)]
