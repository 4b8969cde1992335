"""A visit has a share of the workers, and leaves nothing behind."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import psutil
import pytest

from core.characters.experiment import TextExperiment
from core.configs import CharacterConfig, StackedConfig
from core.configs.maps import MapConfig
from core.datasets import Dataset, name_own
from core.experiments import Experiment
from core.jobs import memory, visits
from core.jobs.cluster import ClusterStatus
from core.jobs.runner import Job
from core.jobs.visits import MOST_RUNS_A_VISIT, MOST_VISITS_AN_ADDRESS, Visit
from core.maps.experiment import MapExperiment

GIGABYTE = 1_000_000_000


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Two workers, and nobody else."""
    monkeypatch.setattr(visits.CLUSTER, "status", lambda: ClusterStatus(2, 2, None))
    monkeypatch.setattr(visits, "_VISITS", weakref.WeakSet())


class InAVisit:
    """A job as its visit sees it."""

    predicted_bytes = 1
    awaits_first = gives_way = False

    def __init__(self, num_under_way=0, waits_since=None):
        self.num_under_way, self.waits_since = num_under_way, waits_since

    def release(self):
        self.num_under_way, self.waits_since = 0, None


def training(count, visit=None, *, waits=True):
    """A visit with so many jobs that want a turn, the first of them the longest."""
    visit = visit or Visit()
    jobs = [InAVisit(0, float(number) if waits else None) for number in range(count)]
    for job in jobs:
        visit.enter(job)
    return visit, jobs


def send(visit, job):
    """Lets a job have a turn, if it may."""
    if not visit.may_send(job):
        return False
    job.num_under_way += 1
    job.waits_since = None
    return True


def test_jobs_of_a_visit_go_one_after_the_other():
    visit = Visit()
    alone = InAVisit(1)
    visit.enter(alone)
    assert visit.may_send(alone)
    _, (long, short) = training(2, visit)
    assert [visit.may_send(job) for job in (short, long, alone)] == [False, True, False]
    long.num_under_way, long.waits_since = 2, None
    assert [visit.may_send(job) for job in (short, alone, long)] == [True, False, False]
    short.num_under_way, short.waits_since = 1, None
    assert not any(visit.may_send(job) for job in (alone, long, short)), "two a worker are enough"


def test_beside_others_a_visit_has_as_many_runs_under_way_as_its_share_of_the_workers():
    visit, jobs = training(3)
    other, (single,) = training(1)
    assert send(other, single)
    assert send(other, single), "a run alone keeps two chunks under way"
    assert [send(visit, job) for job in jobs] == [True, False, False]
    assert not send(visit, jobs[0]), "one that gives way to the next"
    jobs[0].num_under_way, jobs[0].waits_since = 0, 9.0
    assert [send(visit, job) for job in jobs] == [False, True, False]


def test_runs_beyond_a_number_stand_in_line_until_one_rests():
    visit, jobs = training(MOST_RUNS_A_VISIT + 2)
    for job in jobs:
        send(visit, job)
        job.num_under_way = 0
        job.waits_since = job.waits_since or 100.0
    assert [job for job in jobs if visit.holds_back(job)] == jobs[-2:]
    visit.rest(jobs[0])
    jobs[0].waits_since = None
    assert not visit.may_send(jobs[-1]), "the other one came first"
    visit.may_send(jobs[-2])
    assert [job for job in jobs if visit.holds_back(job)] == jobs[-1:]


def test_runs_that_would_fill_the_workers_stand_in_line_but_one_always_trains():
    visit, jobs = training(3)
    for job in jobs:
        job.predicted_bytes = 2 * visits.WORKER_BYTES_A_VISIT
    assert [send(visit, job) for job in jobs] == [True, False, False]
    assert [visit.holds_back(job) for job in jobs] == [False, True, True]


def test_a_server_trains_so_many_runs(monkeypatch):
    monkeypatch.setattr(visits, "MOST_RUNS", 3)
    first, jobs = training(3)
    for job in jobs:
        assert send(first, job) or first.may_send(job) is False
        job.num_under_way, job.waits_since = 0, 50.0
    second, (late,) = training(1)
    assert not send(second, late)
    assert second.holds_back(late)
    first.rest(jobs[0])
    assert send(second, late)


def test_an_address_is_limited_against_a_flood_and_a_school_is_not():
    school = [training(1, Visit(address="192.0.2.1")) for _ in range(MOST_VISITS_AN_ADDRESS)]
    assert all(send(visit, job) for visit, (job,) in school)
    flood, (job,) = training(1, Visit(address="192.0.2.1"))
    assert not send(flood, job)
    assert flood.holds_back(job)
    elsewhere, (job,) = training(1, Visit(address="192.0.2.2"))
    assert send(elsewhere, job)
    unknown, (job,) = training(1, Visit())
    assert send(unknown, job)


def test_a_visit_ends_when_its_visitor_cannot_come_back(monkeypatch):
    here = [True]
    visit = Visit(lambda: here[0])
    released = []
    job = InAVisit(1)
    job.release = lambda: released.append(job)
    visit.enter(job)
    folder = visit.store._folder()
    assert folder.is_dir()
    assert folder.stat().st_mode & 0o777 == 0o700
    closed = iter([False, False, True])
    monkeypatch.setattr(type(visits.CLUSTER), "is_closed", property(lambda _: next(closed)))
    monkeypatch.setattr(visits.time, "sleep", lambda _: here.__setitem__(0, len(released) < 0))
    visits._watch()
    assert released == [job]
    assert not folder.exists()
    assert visit not in visits._VISITS


def test_the_folder_of_a_visit_goes_with_it_and_that_of_a_killed_server_at_the_next_start(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(visits, "cache_folder", lambda: tmp_path)
    gone = next(number for number in range(99_999, 1, -1) if not psutil.pid_exists(number))
    theirs = tmp_path / f"{visits.PREFIX}{gone}-abc"
    other = tmp_path / f"{visits.PREFIX}{psutil.Process().ppid()}-abc"
    for folder in (theirs, other):
        folder.mkdir()
    visits.sweep()
    assert other.is_dir()
    assert not theirs.exists()
    visit = Visit()
    mine = visit.store._folder()
    assert mine.is_dir()
    del visit
    gc.collect()
    assert not mine.exists()


@pytest.mark.usefixtures("no_workers")
def test_a_released_job_holds_nothing():
    rows = np.random.default_rng(0).random((60, 16), np.float32)
    images = Dataset(rows[:40], rows[40:])
    config = StackedConfig(hidden_units=(), latent_dim=2)
    own = Experiment(config=config, dataset=name_own(images))
    job = Job(own, (), lambda: True, visit=Visit())
    job.play()
    job.release()
    assert job.snapshot().phase == "failed"
    assert job.checkpoint() is None
    assert not job._plan.has_work


def test_memory_is_told_before_a_run_is_sent():
    small = Experiment(config=StackedConfig())
    large = replace(small, config=StackedConfig(hidden_units=(4096,), latent_dim=1600))
    assert 15_000_000 < memory.predicted_bytes(small) < 60_000_000
    assert 0.4 < memory.predicted_bytes(large) / GIGABYTE < 0.6
    memory.check(large, 4 * GIGABYTE)
    memory.check(large, 0)
    with pytest.raises(ValueError, match=r"about 0\.5 GB of memory, and a worker has 0\.5 GB"):
        memory.check(large, GIGABYTE // 2)


def test_a_map_and_a_reader_are_told_too():
    everything = MapExperiment(config=MapConfig(num_points=70_000, perplexity=1_000.0))
    assert memory.predicted_bytes(everything) > 8 * GIGABYTE
    with pytest.raises(ValueError, match="Choose fewer points, or a lower perplexity"):
        memory.check(everything, 4 * GIGABYTE)
    memory.check(MapExperiment(config=MapConfig()), GIGABYTE // 2)
    small = TextExperiment(config=CharacterConfig())
    assert memory.predicted_bytes(small) < GIGABYTE // 3
    large = replace(small, config=CharacterConfig(inputs="hybrid", batch_size=512))
    assert memory.predicted_bytes(large) > memory.predicted_bytes(small)


class Wavering(InAVisit):
    """A job that is sent by its own thread, just while its visit looks at it."""

    looks = 0

    @property
    def waits_since(self):
        self.looks += 1
        return 5.0 if self.looks % 2 else None

    @waits_since.setter
    def waits_since(self, since):
        pass


def test_a_job_that_is_sent_meanwhile_upsets_no_other_one():
    visit = Visit()
    job, other = InAVisit(0, 7.0), Wavering()
    for each in (other, job):
        visit.enter(each)
    for _ in range(8):
        visit.may_send(other)
        visit.may_send(job)


def test_visits_share_the_time_of_the_workers():
    (first, (job,)), (second, (other,)) = training(1), training(1)
    send(first, job)
    send(second, other)
    assert first.ahead == second.ahead == 0
    first.charge(1.0)
    second.charge(0.2)
    assert (first.ahead, second.ahead) == (pytest.approx(0.0), pytest.approx(0.2))
    for _ in range(10):
        first.charge(1.0)
    assert second.ahead == 0
    assert first.ahead == pytest.approx(9.8), "seconds of two workers, for two visits"


def test_who_comes_later_is_owed_nothing_of_the_past():
    (first, (job,)), (second, (other,)) = training(1), training(1)
    send(first, job)
    first.charge(500.0)
    send(second, other)
    second.charge(0.3)
    assert second.ahead == pytest.approx(0.3)
    assert first.ahead == 0
    first.rest(job)
    assert second.ahead == 0
    first.charge(0.3)
    assert first.ahead == pytest.approx(0.3)
