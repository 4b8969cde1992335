"""Jobs on real workers: a chain of chunks is the same training, whatever happens on the way."""

import gc
import os
import signal
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from core.characters import load_task
from core.characters import train as train_characters
from core.characters.experiment import TextExperiment
from core.characters.questions import Read
from core.configs import CharacterConfig, StackedConfig, VariationalConfig
from core.datasets import Dataset, load_dataset, name_own
from core.experiments import Experiment, Move
from core.jobs import chunks, queries, registry, runner, visits
from core.jobs.answers import ANSWERS
from core.jobs.chunks import Chunk
from core.jobs.cluster import CLUSTER, Cluster, ClusterStatus, ClusterUnavailable
from core.jobs.replay import Replay
from core.jobs.runner import Job
from core.jobs.visits import Visit
from core.queries.questions import Reconstructions, Weights
from core.store import checkpoints as stored
from core.store.checkpoints import Checkpoints, StateFile, _cache, read, write
from core.training import train

pytestmark = pytest.mark.trains

SMALL = Experiment(
    config=StackedConfig(hidden_units=(), latent_dim=4, batch_size=128),
    dataset="digits8",
    num_epochs=30,
    early_stopping=False,
)
LONG = replace(SMALL, num_epochs=3000)


def start(experiment, views=()):
    job = Job(experiment, views, lambda: True)
    job.play()
    return job


def wait(job, until=lambda snapshot: not snapshot.is_running, seconds=90):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        snapshot = job.snapshot()
        if until(snapshot):
            return snapshot
        time.sleep(0.02)
    raise AssertionError(f"still {job.snapshot()._replace(views={}, records=[])}")


def has_epochs(count):
    return lambda snapshot: len(snapshot.records) >= count


@pytest.fixture(scope="module")
def bare():
    return list(train(SMALL.config, load_dataset("digits8"), num_epochs=30))


def test_a_job_gives_the_records_of_bare_training(bare):
    snapshot = wait(start(SMALL, (Reconstructions(),)))
    assert snapshot.phase == "finished"
    assert snapshot.records == bare
    assert snapshot.view(Reconstructions()).x_hat.shape == (10, 64)


def test_other_visitors_of_the_same_network_do_not_disturb(bare):
    job = start(SMALL)
    others = [Job(replace(SMALL, seed=seed), (), lambda: True) for seed in range(1, 7)]
    for other in others:
        other.prepare()
        other.play_epoch()
    assert wait(job).records == bare
    assert len({repr(wait(other).records) for other in others}) == len(others)


def test_two_visitors_of_one_link_get_the_same(bare):
    jobs = [start(SMALL) for _ in range(3)]
    assert all(wait(job).records == bare for job in jobs)


def test_visitors_of_one_link_ask_for_the_same_chunks(monkeypatch):
    """What has one key is computed once."""
    keys, submit = [], chunks.submit

    def noted(*given, **options):
        flight = submit(*given, **options)
        if flight.chunk.size:
            keys.append(flight.carried.key)
        return flight

    monkeypatch.setattr(chunks, "submit", noted)
    monkeypatch.setattr(chunks, "size_near", lambda *_: 20)
    experiment = replace(SMALL, seed=101)
    for job in (start(experiment), start(experiment)):
        wait(job)
    assert len(keys) > 10
    assert all(count == 2 for count in Counter(keys).values())


def test_the_end_can_be_moved_while_it_runs_and_after(bare):
    job = start(replace(SMALL, num_epochs=10))
    assert wait(job).phase == "finished"
    job.extend(num_epochs=30, early_stopping=False)
    assert job.snapshot().phase == "paused"
    job.play()
    assert wait(job).records == bare
    job.extend(num_epochs=20, early_stopping=False)
    assert job.snapshot().phase == "finished"


def test_a_pause_and_single_epochs_change_nothing(bare):
    job = Job(SMALL, (), lambda: True)
    for epochs in (1, 2):
        job.play_epoch()
        assert wait(job).records == bare[:epochs]
        assert job.snapshot().phase == "paused"
    job.play()
    wait(job, has_epochs(3))
    job.pause()
    stopped_at = wait(job).update
    time.sleep(0.5)
    assert job.snapshot().update == stopped_at
    job.play()
    assert wait(job).records == bare


def test_an_untrained_network_can_be_shown():
    job = Job(SMALL, (Reconstructions(),), lambda: True)
    job.prepare()
    snapshot = wait(job)
    assert (snapshot.phase, snapshot.update, snapshot.records) == ("paused", 0, [])
    assert snapshot.view(Reconstructions())


def test_a_look_does_not_queue_behind_training():
    wait(start(SMALL))
    training = [CLUSTER.client().submit(time.sleep, 0.3, pure=False) for _ in range(40)]
    job = Job(replace(SMALL, seed=1), (Reconstructions(),), lambda: True)
    job.prepare()
    wait(job, lambda snapshot: snapshot.views)
    assert sum(future.done() for future in training) < 20
    CLUSTER.client().cancel(training)


def test_a_moved_knob_acts_and_the_moves_repeat_the_run():
    job = start(LONG)
    wait(job, has_epochs(2))
    job.steer({"learning_rate": 0.02})
    (move,) = job.experiment.moves
    snapshot = wait(job, lambda s: s.update > move.update + LONG.updates_per_epoch)
    job.pause()
    records = wait(job).records
    rates = [record.coefficients["learning_rate"] for record in records]
    assert rates[0] == 1e-3
    assert rates[-1] == 0.02
    epochs = min(len(records), snapshot.update // LONG.updates_per_epoch)
    again = wait(start(replace(LONG, num_epochs=epochs, moves=(move,))))
    assert (again.records) == (records[:epochs])


def test_moves_of_one_moment_leave_only_the_last():
    job = Job(SMALL, (), lambda: True)
    job.play_epoch()
    at = wait(job).update
    job.steer({"learning_rate": 0.1})
    job.steer({"learning_rate": 0.01})
    assert job.experiment.moves == (Move(at, "learning_rate", 0.01),)
    job.steer({"learning_rate": 1e-3})
    assert job.experiment.moves == ()


def test_before_the_first_update_nothing_moves_but_the_start():
    job = Job(SMALL, (), lambda: True)
    job.steer({"learning_rate": 0.1})
    assert job.experiment.moves == ()
    assert job.experiment.config.learning_rate == 0.1


def test_stopping_by_itself_does_not_depend_on_the_chunks():
    experiment = replace(SMALL, early_stopping=True, num_epochs=3000, seed=1)
    experiment = replace(experiment, config=replace(experiment.config, learning_rate=0.05))
    quick = wait(start(experiment))
    stepwise = Job(experiment, (), lambda: True)
    for _ in range(5):
        stepwise.play_epoch()
        wait(stepwise)
    stepwise.play()
    snapshot = wait(stepwise)
    assert quick.phase == snapshot.phase == "stopped"
    assert snapshot.records == quick.records
    assert len(quick.records) < 3000


def test_play_after_a_stop_by_itself_trains_on():
    experiment = replace(SMALL, early_stopping=True, num_epochs=3000, seed=1)
    experiment = replace(experiment, config=replace(experiment.config, learning_rate=0.05))
    job = start(experiment)
    epochs = len(wait(job).records)
    job.play()
    wait(job, has_epochs(epochs + 15))
    job.pause()


def test_a_job_rests_while_nobody_wants_it():
    wanted = threading.Event()
    wanted.set()
    job = Job(LONG, (), wanted.is_set)
    job.play()
    wait(job, has_epochs(1))
    wanted.clear()
    time.sleep(1.5)
    resting = job.update
    time.sleep(1)
    assert job.update == resting
    wanted.set()
    assert wait(job, lambda s: s.update > resting)
    job.pause()


def test_a_killed_worker_loses_nothing(bare):
    experiment = replace(SMALL, num_epochs=150)
    job = start(experiment)
    wait(job, has_epochs(30))
    pids = CLUSTER.client().run(os.getpid)
    for pid in pids.values():
        os.kill(pid, signal.SIGKILL)
    snapshot = wait(job, lambda s: len(s.records) == 150 or s.phase == "failed")
    assert snapshot.phase == "finished", snapshot.problem
    assert (snapshot.records[:30]) == (bare)
    assert [record.epoch for record in snapshot.records] == list(range(1, 151))
    assert wait(start(experiment)).records == snapshot.records


def test_what_preferred_a_lost_worker_runs_on_the_next():
    """Or all who ask for the same would wait for ever."""
    client = CLUSTER.client()
    for pid in client.run(os.getpid).values():
        os.kill(pid, signal.SIGKILL)
    lost = "tcp://127.0.0.1:9"
    number = client.submit(int, "7", workers=[lost], allow_other_workers=True, pure=False)
    assert chunks.result_of(number, 60) == 7


def test_a_run_paused_while_a_worker_is_lost_comes_back_to_where_it_was():
    job = start(replace(LONG, seed=4))
    wait(job, has_epochs(2))
    with job._lock:
        reached = job.update
        job._restart()
        job.pause()
        assert job.snapshot().update < reached
    snapshot = wait(job)
    assert (snapshot.phase, snapshot.recovering) == ("paused", False)
    assert snapshot.update >= reached


def test_divergence_is_a_sentence_and_the_last_good_state_stays():
    config = StackedConfig(
        hidden_units=(), latent_dim=4, activation="linear", output_activation="linear",
        optimizer="sgd", learning_rate=10.0,
    )  # fmt: skip
    job = start(Experiment(config=config, dataset="digits8", num_epochs=20))
    snapshot = wait(job)
    assert snapshot.phase == "failed"
    assert "learning rate of 10" in snapshot.problem
    assert [record.epoch for record in snapshot.records] == list(
        range(1, len(snapshot.records) + 1)
    )
    job.steer({"learning_rate": 1e-4})
    job.play()
    assert wait(job).phase in ("stopped", "finished", "failed")


def test_data_that_cannot_be_had_is_a_sentence(monkeypatch):
    monkeypatch.setattr("core.jobs.worker.run_chunk", refuse)
    snapshot = wait(start(replace(SMALL, dataset="mnist", seed=9)))
    assert snapshot.phase == "failed"
    assert "BOTTLENECK_DATA" in snapshot.problem


def refuse(*_):
    from core.datasets import DatasetUnavailable

    raise DatasetUnavailable("Put mnist.npz into $BOTTLENECK_DATA/mnist/.")


def test_families_share_the_job_layer():
    config = VariationalConfig(hidden_units=(), latent_dim=2, batch_size=128)
    snapshot = wait(start(Experiment(config=config, dataset="digits8", num_epochs=2)))
    assert "latent_penalty" in snapshot.records[-1].parts


def test_an_unreachable_scheduler_is_a_sentence(monkeypatch):
    monkeypatch.setenv("BOTTLENECK_SCHEDULER", "tcp://127.0.0.1:9")
    monkeypatch.setattr("core.jobs.cluster.CONNECT_SECONDS", 1)
    cluster = Cluster()
    with pytest.raises(ClusterUnavailable, match="tcp://127.0.0.1:9"):
        cluster.client()
    assert "unset" in cluster.status().problem


def test_an_unreachable_scheduler_keeps_nobody_waiting_a_second_time(monkeypatch):
    monkeypatch.setattr("core.jobs.cluster.RETRY_SECONDS", 60)
    monkeypatch.setenv("BOTTLENECK_SCHEDULER", "tcp://127.0.0.1:9")
    cluster = Cluster()
    for _ in range(2):
        with pytest.raises(ClusterUnavailable, match="the connection is refused"):
            cluster.client()
        assert cluster.connected() is None
        assert "the connection is refused" in cluster.status().problem
    cluster.close()


class Stranded:
    """A client whose event loop has ended."""

    status = "running"

    @property
    def loop(self):
        raise RuntimeError("the loop is not running")


def test_a_client_without_an_event_loop_is_no_connection():
    cluster = Cluster()
    cluster._client = Stranded()
    assert cluster.connected() is None
    assert cluster.status() == (0, 0, None)


def test_a_scheduler_that_says_nothing_is_a_sentence_before_the_attempt_ends(monkeypatch):
    monkeypatch.setattr("core.jobs.cluster.GRACE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("BOTTLENECK_SCHEDULER", address)
        cluster = Cluster()
        with pytest.raises(ClusterUnavailable, match=f"{address} .no answer yet"):
            cluster.client()
        assert cluster._starting.is_alive()
        cluster.close()


def test_a_scheduler_that_comes_later_is_found(monkeypatch):
    monkeypatch.setattr("core.jobs.cluster.RETRY_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    monkeypatch.setenv("BOTTLENECK_SCHEDULER", f"tcp://127.0.0.1:{port}")
    there = threading.Event()
    connect_to = Cluster._connect_to

    def connect_when_there(cluster, address):
        return CLUSTER.client() if there.is_set() else connect_to(cluster, address)

    monkeypatch.setattr(Cluster, "_connect_to", connect_when_there)
    cluster = Cluster()
    with pytest.raises(ClusterUnavailable):
        cluster.client()
    there.set()
    wait_for(lambda: cluster.connected() is not None)
    assert cluster.status().problem is None


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_question_never_waits_for_a_connection(monkeypatch):
    job = start(SMALL)
    wait(job)
    monkeypatch.setattr(CLUSTER, "connected", lambda: None)
    monkeypatch.setattr(CLUSTER, "client", lambda: pytest.fail("a page waited"))
    assert job.ask(Weights()) is None
    monkeypatch.undo()
    assert len(job.ask(Weights())) == 4


@pytest.fixture
def checkpoints(tmp_path):
    """Those of a server that has just been started: nothing was seen on it."""
    ANSWERS.clear()
    return Checkpoints(lambda: tmp_path)


def replay(experiment, checkpoints, *, skip=False, views=()):
    job = Job(experiment, views, lambda: True, checkpoints)
    if skip:
        job.skip()
    job.play()
    return job


def finish(job):
    wait(job)
    return wait(job, lambda _: not job.is_at_work)


def numbers(records):
    """Without what a checkpoint leaves out: arrays of all but its last record."""
    return [r._replace(readings={k: v for k, v in r.readings.items() if isinstance(v, float)})
            for r in records]  # fmt: skip


def test_what_was_trained_before_is_shown_and_not_trained(bare, checkpoints):
    first = replay(SMALL, checkpoints)
    assert finish(first).records == bare
    trained = first._seconds_per_update
    second = replay(SMALL, checkpoints, views=(Reconstructions(),))
    during = wait(second, lambda s: s.replaying)
    assert 0 < len(during.records) < 30
    assert during.view(Reconstructions())
    snapshot = finish(second)
    assert snapshot.phase == "finished"
    assert not snapshot.replaying
    assert numbers(snapshot.records) == numbers(bare)
    assert (trained is None, second._seconds_per_update) == (False, None)
    for ours, theirs in zip(
        second.checkpoint().loaded.weights, first.checkpoint().loaded.weights, strict=True
    ):
        assert (ours == theirs).all()


def test_a_replay_can_be_skipped_to_the_end(bare, checkpoints):
    finish(replay(SMALL, checkpoints))
    job = replay(SMALL, checkpoints, skip=True)
    assert wait(job, has_epochs(1)).update == SMALL.num_updates
    assert numbers(wait(job).records) == numbers(bare)
    job = replay(SMALL, checkpoints)
    wait(job, lambda s: s.replaying)
    job.skip()
    assert numbers(wait(job, seconds=2).records) == numbers(bare)


def test_what_was_seen_lately_needs_no_worker(bare, checkpoints, monkeypatch):
    views = (Reconstructions(),)
    finish(replay(SMALL, checkpoints))
    first = replay(SMALL, checkpoints, views=views)
    finish(first)
    answer = first.ask(Weights())

    def fail(*_, **__):
        raise AssertionError("a worker was asked")

    with monkeypatch.context() as without_workers:
        without_workers.setattr(CLUSTER.client(), "submit", fail)
        second = replay(SMALL, checkpoints, views=views)
        snapshot = finish(second)
        again = second.ask(Weights())
    assert snapshot.phase == "finished"
    assert numbers(snapshot.records) == numbers(bare)
    ours, theirs = (seen.view(Reconstructions()) for seen in (snapshot, first.snapshot()))
    assert np.array_equal(ours.x_hat, theirs.x_hat)
    assert all(np.array_equal(again[name], array) for name, array in answer.items())


def test_nothing_of_own_images_is_remembered():
    x = load_dataset("digits8").x_train[:200]
    images = Dataset(x, x[:20], image_shape=(8, 8))
    own = replace(SMALL, dataset=name_own(images), num_epochs=2)
    ANSWERS.clear()
    job = start(own, (Reconstructions(),))
    finish(job)
    job.look_at((Weights(),))
    wait(job, lambda snapshot: snapshot.view(Weights()))
    assert len(job.ask(Weights())) == 4
    assert len(ANSWERS) > 0
    other = start(own, (Weights(),))
    finish(other)
    assert other._owner != job._owner
    del job, other
    gc.collect()
    assert len(ANSWERS) == 0, "they are gone with their owners"


def test_training_goes_on_from_what_was_seen_lately(checkpoints):
    longer = replace(SMALL, num_epochs=40)
    finish(replay(SMALL, checkpoints))
    finish(replay(SMALL, checkpoints, skip=True))
    job = replay(longer, checkpoints, skip=True)
    finish(job)
    other = start(longer)
    assert numbers(wait(other).records) == numbers(job.snapshot().records)


def test_a_longer_run_goes_on_where_the_replay_ends(bare, checkpoints):
    finish(replay(replace(SMALL, num_epochs=10), checkpoints))
    job = replay(SMALL, checkpoints, skip=True)
    assert numbers(wait(job).records) == numbers(bare)
    assert job._seconds_per_update is not None


def test_a_knob_that_moves_during_a_replay_acts_from_there(checkpoints):
    finish(replay(SMALL, checkpoints))
    job = replay(SMALL, checkpoints)
    wait(job, lambda s: s.replaying and s.records)
    job.steer({"learning_rate": 0.02})
    records = wait(job).records
    (move,) = job.experiment.moves
    assert 0 < move.update < SMALL.num_updates
    assert records[-1].coefficients["learning_rate"] == 0.02
    again = wait(start(replace(SMALL, moves=(move,))))
    assert numbers(again.records) == numbers(records)


def of_another_layout(state):
    """As an older version might have written it: the bias before the kernel."""
    weights = list(state.weights)
    weights[:2] = reversed(weights[:2])
    return replace(state, weights=tuple(weights))


def with_fewer_slots(state):
    """As another optimizer might have written it."""
    return replace(state, optimizer=state.optimizer[:-1])


def test_checkpoints_with_records_of_another_layout_are_trained_anew(bare, checkpoints, tmp_path):
    finish(replay(SMALL, checkpoints))
    paths = list(tmp_path.glob("checkpoints/*.npz"))
    for number, path in enumerate(paths):
        found = read(path)
        last = found.records[-1]
        damage = last._replace(validation={"error": 1.0}, epoch=None) if number % 2 else [[1], [2]]
        write(path, found._replace(records=[damage]))
    snapshot = finish(replay(SMALL, checkpoints))
    assert (snapshot.phase, snapshot.problem) == ("finished", None)
    assert numbers(snapshot.records) == numbers(bare)


@pytest.mark.parametrize("damage", [of_another_layout, with_fewer_slots])
def test_checkpoints_of_another_layout_are_forgotten_and_trained_anew(
    damage, bare, checkpoints, tmp_path, caplog
):
    finish(replay(SMALL, checkpoints))
    update = 0
    while found := checkpoints.next(SMALL, update, SMALL.num_updates):
        update = found.state.update
        (path,) = tmp_path.glob(f"checkpoints/*-{update}.npz")
        write(path, found._replace(state=damage(found.loaded)))
    snapshot = finish(replay(SMALL, checkpoints))
    assert (snapshot.phase, snapshot.problem) == ("finished", None)
    assert numbers(snapshot.records) == numbers(bare)
    assert "does not fit and is forgotten" in caplog.text
    again = replay(SMALL, checkpoints, skip=True)
    assert numbers(finish(again).records) == numbers(bare)
    assert again._seconds_per_update is None


def test_a_layout_that_changes_on_the_way_costs_what_follows_only(bare, checkpoints, tmp_path):
    finish(replay(SMALL, checkpoints))
    paths = sorted(tmp_path.glob("checkpoints/*.npz"), key=lambda p: int(p.stem.split("-")[1]))
    middle = paths[len(paths) // 2]
    found = read(middle)
    write(middle, found._replace(state=of_another_layout(found.state)))
    job = replay(SMALL, checkpoints, views=(Weights(),))
    wait(job, lambda s: s.replaying)
    assert numbers(finish(job).records) == numbers(bare)
    assert checkpoints.next(SMALL, 0, found.state.update - 1)


def test_a_bad_checkpoint_on_a_disk_that_cannot_be_written_is_passed_over(
    bare, checkpoints, tmp_path, monkeypatch
):
    finish(replay(SMALL, checkpoints))
    for path in tmp_path.glob("checkpoints/*.npz"):
        write(path, read(path)._replace(state=of_another_layout(read(path).state)))
    monkeypatch.setattr(checkpoints, "forget", lambda *_: None)
    monkeypatch.setattr(checkpoints, "save", lambda *_: None)
    assert numbers(finish(replay(SMALL, checkpoints)).records) == numbers(bare)


def test_a_loss_that_diverges_is_no_fault_of_the_checkpoint(checkpoints, tmp_path):
    linear = StackedConfig(
        hidden_units=(), latent_dim=4, activation="linear", output_activation="linear",
        optimizer="sgd", learning_rate=0.01,
    )  # fmt: skip
    early = replace(SMALL, config=linear, num_epochs=1)
    finish(replay(early, checkpoints))
    before = sorted(tmp_path.glob("checkpoints/*.npz"))
    move = Move(early.num_updates, "learning_rate", 10.0)
    job = replay(replace(early, num_epochs=20, moves=(move,)), checkpoints)
    snapshot = finish(job)
    assert "learning rate of 10" in snapshot.problem
    assert before
    assert set(before) <= set(tmp_path.glob("checkpoints/*.npz"))


def test_a_run_at_rest_lies_on_the_disk_and_comes_back_from_there(checkpoints, tmp_path):
    job = replay(replace(SMALL, seed=21), checkpoints, views=(Reconstructions(),))
    before = finish(job)
    file = job.checkpoint().state
    assert isinstance(file, StateFile)
    assert file.path.parent == tmp_path / "checkpoints"
    weights = job.ask(Weights())
    file.path.unlink()
    _cache.clear()
    ANSWERS.clear()
    assert wait_for(lambda: job.ask(Weights()) is not None, seconds=60) is None
    after = finish(job)
    assert (after.phase, after.update, after.records) == ("finished", before.update, before.records)
    assert all(np.array_equal(job.ask(Weights())[name], array) for name, array in weights.items())


def test_states_that_no_disk_takes_have_a_budget(monkeypatch):
    monkeypatch.setattr(visits, "VISIT_BYTES", 10_000)
    visit = Visit()
    jobs = []
    for seed in (31, 32, 33):
        job = Job(replace(SMALL, seed=seed, num_epochs=2), (), lambda: True, visit=visit)
        job.play()
        finish(job)
        wait_for(lambda job=job: job.is_at_rest)
        jobs.append(job)
    assert 5_000 < jobs[2].bytes_here < 10_000
    assert [job.bytes_here > 0 for job in jobs] == [False, False, True]
    weights = start(replace(SMALL, seed=31, num_epochs=2))
    finish(weights)
    assert jobs[0].ask(Weights()) is None
    finish(jobs[0])
    wait_for(lambda: jobs[0].is_at_rest)
    ours, theirs = (job.ask(Weights())["kernel_0"] for job in (jobs[0], weights))
    assert np.array_equal(ours, theirs), "it was trained to there again"


def test_weights_trained_on_own_data_lie_in_a_private_folder_until_the_visit_ends():
    rows = np.random.default_rng(0).random((60, 16), np.float32)
    images = Dataset(rows[:40], rows[40:])
    visit = Visit()
    own = replace(SMALL, dataset=name_own(images), num_epochs=2)
    job = Job(own, (), lambda: True, visit.store, visit)
    job.play()
    finish(job)
    wait_for(lambda: job.is_at_rest)
    path = job.checkpoint().state.path
    assert path.is_file()
    assert path.parents[1].stat().st_mode & 0o777 == 0o700
    visit.end()
    assert not path.exists()
    assert job.ask(Weights()) is None


def test_a_large_state_is_written_and_read_by_workers_alone(bare, checkpoints, monkeypatch):
    monkeypatch.setattr(runner, "LARGE_BYTES", 1000)
    monkeypatch.setattr(stored, "LARGE_BYTES", 1000)
    monkeypatch.setattr(StateFile, "load", lambda _: pytest.fail("the server read it"))
    job = replay(SMALL, checkpoints, views=(Reconstructions(),))
    assert finish(job).records == bare
    assert isinstance(job.checkpoint().state, StateFile)
    assert len(job.ask(Weights())) == 4
    again = replay(replace(SMALL, num_epochs=31), checkpoints, skip=True)
    assert numbers(finish(again).records)[:30] == numbers(bare)


def test_a_large_state_on_a_disk_that_the_server_does_not_see_stays_with_its_worker(
    bare, checkpoints, monkeypatch
):
    monkeypatch.setattr(runner, "LARGE_BYTES", 1000)
    monkeypatch.setattr(checkpoints, "enter", lambda *_: None)
    job = replay(SMALL, checkpoints)
    assert finish(job).records == bare
    wait_for(lambda: job.is_at_rest)
    assert job.checkpoint() is None, "no server holds it"
    assert len(job.ask(Weights())) == 4
    job.extend(num_epochs=31, early_stopping=False)
    job.play()
    assert finish(job).phase == "finished"


def test_states_are_kept_by_the_time_that_training_took(checkpoints):
    replaying = Replay(checkpoints)
    assert not replaying.lacks(0, 10, 5)
    assert replaying.lacks(1, 10, 5), "the first picture"
    replaying._count_anew()
    for seconds, is_due in ((0.3, False), (0.3, True)):
        replaying.land(Chunk(0, 5, None, ()), seconds)
        assert replaying.lacks(1, 10_000, 100) == is_due
    assert not replaying.lacks(1, 25_000_000, 20), "a run has a share of the disk"
    replaying.land(Chunk(5, 5, None, ()), 2)
    assert replaying.lacks(1, 25_000_000, 20)


def test_only_a_run_at_rest_can_be_kept(checkpoints):
    job = replay(LONG, checkpoints)
    wait(job, has_epochs(1))
    assert job.checkpoint() is None
    job.pause()
    snapshot = finish(job)
    state, records = job.checkpoint()
    assert state.update == snapshot.update
    assert records == snapshot.records


TOY = TextExperiment(
    config=CharacterConfig(filters=8, kernel_sizes=(2, 3), char_embedding_dim=4),
    dataset="toy",
    num_epochs=40,
    early_stopping=False,
)


def test_a_character_model_trains_in_the_same_job_layer_and_answers(checkpoints):
    job = replay(TOY, checkpoints)
    assert job.ask(Read("hello world")) is None
    snapshot = finish(job)
    assert snapshot.phase == "finished", snapshot.problem
    assert snapshot.records == list(train_characters(TOY.config, load_task("toy"), num_epochs=40))
    answer = job.ask(Read("hello wörld"))
    assert [number is None for _, number in answer.characters] == [False] * 7 + [True] + [False] * 3
    assert answer.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert answer.probabilities.argmax() == 0
    assert len(answer.vectors) == len(answer.occlusion) == 11
    again = replay(TOY, checkpoints, skip=True)
    assert numbers(finish(again).records) == numbers(snapshot.records)


@pytest.mark.parametrize("text", ["", "😀" * 50_000, "\u202e\x00<b>", "é" * 3])
def test_any_text_gets_an_answer(text, checkpoints):
    job = replay(TOY, checkpoints)
    finish(job)
    assert np.isfinite(job.ask(Read(text)).probabilities).all()


def test_a_job_owes_the_answer_for_which_no_worker_had_time(monkeypatch):
    job = start(replace(SMALL, seed=2))
    wait(job)
    with monkeypatch.context() as patched:
        patched.setattr(queries, "PATIENT_SECONDS", 0)
        assert job.ask(Weights()) is None
    assert job.owes
    assert len(job.ask(Weights())) == 4
    assert not job.owes


def test_what_nobody_asks_again_is_owed_to_nobody(monkeypatch):
    job = start(replace(SMALL, seed=83))
    wait(job)
    with monkeypatch.context() as patched:
        patched.setattr(queries, "PATIENT_SECONDS", 0)
        assert job.ask(Weights()) is None
    assert job.owes
    later = time.monotonic() + runner.OWED_SECONDS
    monkeypatch.setattr(runner.time, "monotonic", lambda: later)
    assert not job.owes


class Waiting:
    """A job as the line sees it."""

    is_at_work = True
    is_held_back = False

    def __init__(self, silent_seconds):
        self.silent_seconds = silent_seconds


def test_the_line_counts_those_who_have_waited_longer_and_are_not_served(monkeypatch):
    served, first, second, last, rests = jobs = [Waiting(x) for x in (9.0, 5.0, 3.0, 2.0, 0.0)]
    monkeypatch.setattr(registry, "JOBS", set(jobs))
    monkeypatch.setattr(registry.CLUSTER, "status", lambda: ClusterStatus(1, 1, None))
    assert [registry.place(job) for job in (served, first, second, last)] == [
        (1, 3), (1, 3), (2, 3), (3, 3),
    ]  # fmt: skip


def test_whoever_gives_up_waiting_takes_nothing_from_others():
    """Dask gathers for several threads in one request."""
    client = CLUSTER.client()
    futures = [client.submit(int, number, pure=False) for number in range(3)]
    chunks.result_of(futures[0])

    async def hold():
        for _ in range(5):
            await client._gather_semaphore.acquire()

    async def let_go():
        for _ in range(5):
            client._gather_semaphore.release()

    client.sync(hold)
    try:
        with ThreadPoolExecutor() as threads:
            impatient = threads.submit(chunks.result_of, futures[1], 0.3)
            time.sleep(0.1)
            patient = threads.submit(chunks.result_of, futures[2], 60)
            assert isinstance(impatient.exception(), TimeoutError)
            client.sync(let_go)
            assert patient.result() == 2
    finally:
        assert client._gather_semaphore._value == 5


def test_an_answer_that_takes_longer_than_a_page_waits_is_found_later(monkeypatch):
    job = start(replace(SMALL, seed=3))
    wait(job)
    asked = []
    submit = queries._submit
    monkeypatch.setattr(
        queries, "_submit", lambda *given: asked.append(type(given[1].question)) or submit(*given)
    )
    with monkeypatch.context() as hasty:
        hasty.setattr(queries, "PATIENT_SECONDS", 0)
        assert job.ask(Weights()) is None
    found = job.ask(Weights())
    assert asked == [Weights]
    assert len(found) == 4
    job.extend(num_epochs=31, early_stopping=False)
    ANSWERS.clear()
    with monkeypatch.context() as hasty:
        hasty.setattr(queries, "PATIENT_SECONDS", 0)
        assert job.ask(Weights()) is None
    job.play()
    wait(job)
    later = job.ask(Weights())
    assert asked == [Weights] * 3
    assert not all(np.array_equal(found[name], later[name]) for name in found)


def stand(checkpoint, experiment, checkpoints=None, **settings):
    return Job.from_checkpoint(
        checkpoint, experiment, (Reconstructions(),), lambda: True, checkpoints, **settings
    )


def test_a_run_that_was_kept_stands_where_it_stood_on_own_images_too():
    rows = np.random.default_rng(0).random((60, 16), np.float32)
    own = Dataset(rows[:40], rows[40:])
    for experiment in (SMALL, replace(SMALL, dataset=name_own(own))):
        job = start(replace(experiment, num_epochs=3))
        before = finish(job)
        kept = job.checkpoint()
        again = stand(kept, replace(experiment, num_epochs=4))
        snapshot = wait(again)
        assert (snapshot.phase, snapshot.update) == ("paused", before.update)
        assert snapshot.records == before.records
        assert snapshot.view(Reconstructions()).x_hat.shape[0] == 10
        assert again._seconds_per_update is None, "nothing was trained"
        ours, theirs = again.ask(Weights()), job.ask(Weights())
        assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)
        again.play()
        job.extend(num_epochs=4, early_stopping=False)
        job.play()
        assert finish(again).records == finish(job).records


def test_weights_of_another_layout_are_trained_again(bare):
    job = start(SMALL)
    wait(job)
    kept = finish(job) and job.checkpoint()
    odd = kept._replace(state=replace(kept.loaded, weights=kept.loaded.weights[:1]))
    again = stand(odd, SMALL)
    assert finish(again).records == bare
    assert again.snapshot().phase == "finished"


def test_nothing_of_another_version_is_taken_for_one_of_this():
    job = start(SMALL, (Reconstructions(),))
    wait(job)
    kept = finish(job) and job.checkpoint()
    other = replace(kept.loaded, weights=tuple(0 * array for array in kept.loaded.weights))
    ANSWERS.clear()
    theirs = stand(kept._replace(state=other), SMALL, kept_by="0.9")
    assert not wait(theirs).view(Reconstructions()).x_hat.std(axis=0).any()
    assert not theirs.ask(Weights())["kernel_0"].any()
    ours = stand(kept, SMALL)
    assert wait(ours).view(Reconstructions()).x_hat.std(axis=0).any()
    assert ours.ask(Weights())["kernel_0"].any()


def test_views_that_were_lost_with_their_worker_are_asked_for_again():
    job = start(replace(SMALL, seed=11))
    wait(job)
    finish(job)
    job.look_at((Weights(),))
    with job._lock:
        job._go_back()
        job._start_thread()
    assert "kernel_0" in wait(job, lambda snapshot: snapshot.view(Weights())).view(Weights())


def test_one_visitor_with_six_runs_leaves_another_with_one_their_share():
    """A worker each two, or one for all: the share of the visit, not of the job."""
    greedy, modest = Visit(), Visit()
    experiment = replace(LONG, config=replace(LONG.config, batch_size=32))
    many = [
        Job(replace(experiment, seed=seed), (), lambda: True, visit=greedy)
        for seed in range(20, 26)
    ]
    one = Job(replace(experiment, seed=30), (), lambda: True, visit=modest)
    for job in (*many, one):
        job.play()
    wait(one, has_epochs(2))
    before = one.update
    others = [job.update for job in many]
    time.sleep(6)
    gained = one.update - before
    theirs = [job.update - at for job, at in zip(many, others, strict=True)]
    for job in (*many, one):
        job.pause()
    assert gained > 0.5 * sum(theirs) / 2, (gained, theirs)
    assert min(theirs) > 0, "each of the six goes on too"


def test_a_job_that_failed_holds_no_turn(monkeypatch):
    visit = Visit()
    failed = Job(replace(SMALL, seed=51), (), lambda: True, visit=visit)
    failed.prepare()
    wait(failed)
    monkeypatch.setattr(failed, "_has_turn", lambda: (setattr(failed, "waits_since", 1.0), 1 / 0))
    failed.play()
    assert wait(failed).phase == "failed"
    wait_for(lambda: failed.waits_since is None)
    other = Job(replace(SMALL, seed=52), (), lambda: True, visit=visit)
    other.play()
    assert wait(other).phase == "finished"
