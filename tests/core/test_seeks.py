"""Any moment of a run can be seen, and nobody else notices."""

import time
from dataclasses import replace

import numpy as np
import pytest

from core.configs import StackedConfig
from core.datasets import load_dataset
from core.experiments import Experiment, Move
from core.jobs import seeks
from core.jobs.answers import ANSWERS
from core.jobs.cluster import CLUSTER
from core.jobs.runner import Job
from core.jobs.visits import Visit
from core.models.trainer import shared_model
from core.moments import state_of
from core.queries.autoencoder import VIEWS
from core.queries.questions import Reconstructions, Weights
from core.store.checkpoints import Checkpoints, StateGone

pytestmark = pytest.mark.trains

SMALL = Experiment(
    config=StackedConfig(hidden_units=(), latent_dim=4, batch_size=128),
    dataset="digits8",
    num_epochs=20,
    early_stopping=False,
    moves=(Move(50, "learning_rate", 0.01),),
)
ASKED = (Reconstructions(), Weights())


def wait(look, until=bool, seconds=60):
    deadline = time.monotonic() + seconds
    while not until(found := look()):
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    return found


def finished(experiment, checkpoints=None):
    job = Job(experiment, (Reconstructions(),), lambda: True, checkpoints)
    job.play()
    wait(job.snapshot, lambda snapshot: not snapshot.is_running)
    wait(lambda: job.is_at_rest)
    return job


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stored")
    return Checkpoints(lambda: folder)


@pytest.fixture(scope="module")
def job(stored):
    return finished(SMALL, stored)


@pytest.fixture(autouse=True)
def unknown():
    ANSWERS.clear()


def seek(job, visit, epoch, questions=ASKED):
    return wait(lambda: job.seek(visit, epoch, questions))


@pytest.mark.parametrize("epoch", [0, 1, 7, 20])
def test_a_moment_is_the_state_of_bare_training_there(job, epoch):
    found = seek(job, Visit(), epoch)
    model = shared_model(SMALL.config, load_dataset("digits8"), state_of(SMALL, epoch))
    weights = VIEWS[Weights](model, load_dataset("digits8"))
    assert all(np.array_equal(found.answers[Weights()][name], weights[name]) for name in weights)
    assert (found.epoch, found.problem) == (epoch, "")
    assert found.record == (job.snapshot().records[epoch - 1] if epoch else None)


def test_neither_the_training_nor_another_visitor_notices():
    experiment = replace(SMALL, moves=(), num_epochs=4000)
    running = Job(experiment, (), lambda: True)
    running.play()
    wait(lambda: len(running.snapshot().records) > 3)
    before = seek(running, Visit(), 2)
    assert before.epoch == 2
    assert running.snapshot().phase == "training"
    running.pause()
    snapshot = wait(running.snapshot, lambda snapshot: not snapshot.is_running)
    assert snapshot.update > 2 * experiment.updates_per_epoch
    assert len(snapshot.records) == snapshot.update // experiment.updates_per_epoch
    alone = finished(replace(experiment, num_epochs=len(snapshot.records)))
    assert alone.snapshot().records == snapshot.records


@pytest.mark.parametrize(("epoch", "nearest"), [(-3, 0), (21, 20), (10**12, 20)])
def test_beyond_the_run_is_a_sentence_and_the_nearest_moment(job, epoch, nearest):
    found = seek(job, Visit(), epoch)
    assert found.epoch == nearest
    assert found.problem == (
        f"The run has the epochs 0 to 20 so far; received {epoch:,}. The nearest one is shown."
    )
    assert found.answers.keys() == set(ASKED)


@pytest.mark.parametrize("epoch", [1.5, True, "3", None])
def test_an_epoch_is_a_whole_number(job, epoch):
    with pytest.raises(ValueError, match="An epoch is a whole number; received"):
        job.seek(Visit(), epoch)


def test_states_that_are_gone_are_a_sentence_and_the_nearest_moment(job, monkeypatch):
    monkeypatch.setattr(seeks, "MOST_SECONDS", 0)
    for store in (None, _Unreadable()):
        monkeypatch.setattr(job, "_checkpoints", store)
        for epoch, nearest in ((4, 0), (15, 20)):
            found = seek(job, Visit(), epoch)
            assert found.epoch == nearest
            assert found.problem == (
                f"The states near epoch {epoch} are no longer kept on this server. The nearest "
                f"one is shown: epoch {nearest}."
            )
            assert found.answers.keys() == set(ASKED)


class _Unreadable:
    """A store that is full, or another user's: nothing is found in it."""

    def next(self, *_, **__):
        return None


def test_one_seek_of_a_visitor_is_under_way_and_the_last_one_waits(job, monkeypatch):
    begun, ask = [], seeks._ask

    def noted(client, wanted, begin, end):
        begun.append(end // SMALL.updates_per_epoch)
        time.sleep(0.2)
        return ask(client, wanted, begin, end)

    monkeypatch.setattr(seeks, "_ask", noted)
    visit = Visit()
    assert [job.seek(visit, epoch, ASKED) for epoch in range(3, 12)] == [None] * 9
    assert seek(job, visit, 11).epoch == 11
    assert begun[-1] == 11
    assert len(begun) <= 2
    assert job.seek(visit, 11, ASKED) is not None, "at once"


def test_a_run_that_diverged_can_be_seen_up_to_there():
    wild = StackedConfig(
        hidden_units=(), latent_dim=4, activation="linear", output_activation="linear",
        optimizer="sgd", learning_rate=1e-4,
    )  # fmt: skip
    experiment = replace(SMALL, config=wild, moves=(Move(200, "learning_rate", 10.0),))
    diverged = Job(experiment, (), lambda: True)
    diverged.play()
    snapshot = wait(diverged.snapshot, lambda snapshot: not snapshot.is_running)
    assert snapshot.phase == "failed"
    count = len(snapshot.records)
    assert 0 < count < 20
    assert seek(diverged, Visit(), count).problem == ""
    assert seek(diverged, Visit(), 19).epoch == count


def test_a_run_of_another_version_has_the_moment_in_which_it_was_kept(job):
    kept = Job.from_checkpoint(
        job.checkpoint(), SMALL, (), lambda: True, kept_by="0.9", visit=Visit()
    )
    wait(lambda: kept.is_at_rest)
    found = seek(kept, Visit(), 5)
    assert found.epoch == 20
    assert "The nearest one is shown: epoch 20." in found.problem
    theirs, ours = (each.ask(Weights())["kernel_0"] for each in (kept, job))
    assert np.array_equal(found.answers[Weights()]["kernel_0"], theirs)
    assert np.array_equal(ours, theirs)


def test_without_workers_a_seek_is_a_sentence(job, monkeypatch):
    monkeypatch.setattr(CLUSTER, "client", lambda: (_ for _ in ()).throw(OSError("gone")))
    found = seek(job, Visit(), 6)
    assert found.problem == "This epoch cannot be shown now (OSError). Try it again."
    assert found.answers == {}


def test_a_file_that_is_gone_is_passed_over_for_the_next_nearest(job, monkeypatch):
    """Found by the index, and evicted before a worker reads it."""
    ask, gone = seeks._ask, []

    def without_files(client, wanted, begin, end):
        if begin.carried is not None and len(gone) < 2:
            gone.append(begin.update)
            raise StateGone
        return ask(client, wanted, begin, end)

    monkeypatch.setattr(seeks, "_ask", without_files)
    found = seek(job, Visit(), 6)
    assert gone
    assert (found.epoch, found.problem) == (6, "")
    assert found.answers.keys() == set(ASKED)


def test_where_no_state_is_left_a_seek_is_a_sentence(job, monkeypatch):
    def gone(*_):
        raise StateGone

    monkeypatch.setattr(seeks, "_ask", gone)
    found = seek(job, Visit(), 6)
    assert found.answers == {}
    assert "Train the run again." in found.problem


def test_states_of_a_longer_run_of_somebody_else_lead_not_beyond_this_one(stored, monkeypatch):
    long = finished(replace(SMALL, num_epochs=30), stored)
    monkeypatch.setattr(seeks, "MOST_SECONDS", 0)
    short = Job(replace(SMALL, num_epochs=30), (), lambda: True, stored)
    short.train_to(10 * SMALL.updates_per_epoch)
    wait(short.snapshot, lambda snapshot: not snapshot.is_running)
    wait(lambda: short.is_at_rest)
    for epoch in (8, 9, 10):
        assert seek(short, Visit(), epoch).epoch <= 10
    assert long.snapshot().phase == "finished"


def test_a_visit_that_is_over_leaves_no_answers(job):
    own = Job.from_checkpoint(job.checkpoint(), SMALL, (), lambda: True, kept_by="0.9")
    wait(lambda: own.is_at_rest)
    visit = Visit()
    own.seek(visit, 20, ASKED)
    visit.seeks.end()
    wait(lambda: visit.seeks._under_way is None)
    assert not any(place.owner == own._owner for place in _places_known())


def _places_known():
    ANSWERS.tidy()
    return list(ANSWERS._known)
