"""What goes first on a worker, and where a run goes."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from components.parts import autoencoder, denoising, sparsity, variational
from core.configs import StackedConfig
from core.configs.maps import MapConfig
from core.experiments import Experiment
from core.jobs import chunks, priorities, runner, warm
from core.jobs.cluster import ClusterStatus
from core.jobs.plan import Step
from core.jobs.runner import Job
from core.jobs.visits import Visit
from core.maps.experiment import MapExperiment, network_of
from core.presets import FIRST

PARTS = (autoencoder, denoising, sparsity, variational)
NETWORK = Experiment(config=StackedConfig())
OTHER = Experiment(config=StackedConfig(latent_dim=7))


@pytest.fixture
def clock(monkeypatch):
    now = [1_000.0]
    monkeypatch.setattr(priorities, "time", SimpleNamespace(time=lambda: now[0]))
    return now


def test_what_nobody_has_seen_goes_first_and_what_trains_on_has_its_turn(clock):
    trains_on = priorities.of_chunk(None)
    assert priorities.of_chunk(0.3) > priorities.of_chunk(1) > trains_on
    assert priorities.of_chunk(60) == trains_on > priorities.of_chunk(60, 0.1), "it has its share"
    assert priorities.of_chunk(0) < priorities.AHEAD
    assert priorities.of_chunk(None, 0.0) == trains_on > priorities.of_chunk(None, 0.3)
    late = priorities.TRAINS_ON + priorities.MOST_LATER
    assert priorities.of_chunk(None, 1e9) == -(1_000 + late)
    clock[0] += 7
    assert trains_on > priorities.of_chunk(1.5), "it has waited long enough"
    assert trains_on < priorities.AHEAD
    assert priorities.due_in(priorities.QUESTION) > priorities.of_chunk(None)


def test_a_first_epoch_that_takes_very_long_is_not_preferred():
    job = Job(NETWORK, (), lambda: True)
    job._plan = job._plan.train_to(NETWORK.num_updates)
    step = Step("train", 0, 1)
    job._seconds_per_update = 0.01
    assert job._seconds_to_first(step) == pytest.approx(0.01 * NETWORK.updates_per_epoch)
    job._seconds_per_update = 1.01 * priorities.LONGEST_FIRST / NETWORK.updates_per_epoch
    assert job._seconds_to_first(step) is None


@pytest.fixture
def workers(monkeypatch):
    """Two workers, and the runs near them."""
    jobs = []
    monkeypatch.setattr(warm, "_compiled", type(warm._compiled)())
    monkeypatch.setattr(warm, "CLUSTER", SimpleNamespace(addresses=frozenset({"one", "two"})))
    monkeypatch.setattr(warm, "jobs_at_work", lambda: [SimpleNamespace(near=name) for name in jobs])
    return jobs


@pytest.mark.usefixtures("workers")
def test_a_run_goes_where_its_program_is():
    assert warm.best(NETWORK) is None
    warm.note(NETWORK, "two")
    assert warm.best(NETWORK) == "two"
    assert warm.best(replace(NETWORK, seed=9, num_epochs=3)) == "two"
    assert warm.best(replace(NETWORK, config=replace(NETWORK.config, learning_rate=0.1))) == "two"
    assert warm.best(OTHER) is None
    assert warm.best(replace(NETWORK, dataset="digits8")) is None


def test_a_run_does_not_wait_for_a_busy_worker(workers):
    warm.note(NETWORK, "two")
    workers += ["two"] * warm.MOST_AHEAD
    assert warm.best(NETWORK) == "two"
    workers.append("two")
    assert warm.best(NETWORK) is None
    warm.note(NETWORK, "one")
    assert warm.best(NETWORK) == "one"


def test_a_run_moves_to_a_worker_that_has_far_fewer(workers):
    run = SimpleNamespace(near="two", experiment=NETWORK)
    workers += ["two"] * (warm.MOST_AHEAD + 1)
    assert not warm.moved(run), "the other one would have to compile"
    warm.note(NETWORK, "one")
    warm.note(NETWORK, "two")
    assert warm.moved(run)
    assert run.near == "one"
    workers.append("one")
    run.near = "two"
    assert not warm.moved(run)


@pytest.mark.usefixtures("workers")
def test_a_worker_that_is_gone_has_compiled_nothing():
    warm.note(NETWORK, "three")
    assert warm.best(NETWORK) is None


@pytest.mark.usefixtures("workers")
def test_what_is_known_of_workers_is_bounded(monkeypatch):
    monkeypatch.setattr(warm, "MOST_PROGRAMS", 2)
    for dim in (3, 4, 5):
        warm.note(replace(NETWORK, config=StackedConfig(latent_dim=dim)), "one")
    assert len(warm._compiled) == 2
    assert warm.best(replace(NETWORK, config=StackedConfig(latent_dim=3))) is None


@pytest.mark.usefixtures("workers")
def test_idle_workers_compile_what_others_have_and_what_pages_begin_with(monkeypatch):
    ahead, seen = list(FIRST.values()), []
    while (found := warm.missing(ahead)) is not None:
        assert len(seen) < 100
        seen.append(found)
        warm.note(*found)
    assert set(seen) == {(each, address) for each in ahead for address in ("one", "two")}
    warm.note(OTHER, "one")
    assert warm.missing(ahead) == (OTHER, "two")
    monkeypatch.setattr(Experiment, "own", lambda _: "somebody's images")
    assert warm.missing(ahead) is None


def test_pages_begin_with_what_is_compiled_ahead():
    pages = [page for part in PARTS if (page := getattr(part, "PAGE", None))]
    assert len(pages) == 4
    for page in pages:
        first = page.first or Experiment(config=page.config())
        assert first.program == FIRST[page.key].program
    assert network_of(MapExperiment(config=MapConfig())).program == FIRST["stacked"].program


@pytest.fixture
def line(monkeypatch):
    """How many jobs await their first picture, with two workers."""
    waiting = [0]
    monkeypatch.setattr(runner.registry, "num_awaiting_first", lambda: waiting[0])
    monkeypatch.setattr(runner.CLUSTER, "status", lambda: ClusterStatus(2, 2, None))
    return waiting


def test_the_first_epoch_takes_few_turns_and_no_chunk_of_it_goes_beyond_it(line, monkeypatch):
    monkeypatch.setattr(chunks, "size_near", lambda _, share: round(20 * share))
    job = Job(NETWORK, (), lambda: True)
    job._plan = job._plan.train_to(10_000)._with(shown=())
    sizes = []
    for waiting in (0, 1, 3):
        line[0] = waiting
        monkeypatch.setattr(Job, "awaits_first", waiting > 0)
        sizes.append(job._next_step(None).size)
    assert sizes == [20, 20 * runner.LONG, 20 * runner.LONGEST]
    job._plan = job._plan._with(update=NETWORK.updates_per_epoch - 3)
    assert job._next_step(None).size == 3
    line[0], job._plan = 1, job._plan._with(update=NETWORK.updates_per_epoch)
    assert job._next_step(None).size == 20 * runner.SHORT


def test_a_run_beside_lets_all_first_pictures_go_before_its_own_for_a_while(line, monkeypatch):
    visit = Visit()
    page, beside = (Job(each, (), lambda: True, visit=visit) for each in (NETWORK, OTHER))
    beside.is_beside = True
    for job in (beside, page):
        job._plan = job._plan.train_to(10_000)._with(shown=())
    line[0] = 1
    assert not beside._has_turn()
    assert page._has_turn(), "what waits in line does not hold the page's own run back"
    monkeypatch.setattr(Job, "awaits_first", False)
    beside.waits_since = page.waits_since - 1
    assert page._has_turn(), "nor does it once the page has its first picture, and others wait"
    beside.waits_since = None
    assert not beside._has_turn(), "it gives way once more"
    beside._gives_way_since -= runner.BESIDE_SECONDS
    page.waits_since = None
    assert beside._has_turn(), "and for no longer than it was to"
    beside._gives_way_since += runner.BESIDE_SECONDS
    assert not beside._has_turn()
    line[0] = 0
    assert beside._has_turn()
