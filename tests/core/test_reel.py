"""What a run says all along its way: for the bar, for a curve that is opened late, for a film."""

import io
import time

import numpy as np
import pytest
from PIL import Image, ImageSequence

from core.characters.questions import CharacterMap
from core.configs import StackedConfig
from core.engine.state import Past, Record, Snapshot
from core.experiments import Experiment, Move
from core.export import film
from core.jobs.reel import BATCH, Reel
from core.jobs.runner import Job
from core.jobs.visits import Visit
from core.queries.questions import Pca, Reconstructions
from core.store.checkpoints import Checkpoints

SMALL = Experiment(
    config=StackedConfig(hidden_units=(), latent_dim=4, batch_size=128, output_activation="linear"),
    dataset="digits8",
    num_epochs=20,
    early_stopping=False,
    moves=(Move(50, "learning_rate", 0.01),),
)
PER_EPOCH = SMALL.updates_per_epoch
COPIES = Reconstructions()


def wait(look, until=bool, seconds=60):
    deadline = time.monotonic() + seconds
    while not until(found := look()):
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    return found


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stored")
    job = Job(SMALL, (COPIES,), lambda: True, Checkpoints(lambda: folder))
    job.play()
    wait(lambda: job.is_at_rest and job.snapshot().phase == "finished")
    return job


def over(reel):
    wait(lambda: reel.is_over)
    return reel


@pytest.mark.trains
def test_a_reel_says_what_a_seek_says_at_each_moment(job):
    epochs = (0, 3, 7, 20)
    reel = over(Reel(job.run(), [epoch * PER_EPOCH for epoch in epochs], (COPIES,)))
    assert (list(reel.found), reel.problem) == ([epoch * PER_EPOCH for epoch in epochs], "")
    visit = Visit()
    for epoch in epochs:
        there = wait(lambda epoch=epoch: job.seek(visit, epoch, (COPIES,)))
        shown = reel.found[epoch * PER_EPOCH][COPIES]
        assert np.array_equal(shown.x_hat, there.answers[COPIES].x_hat)


@pytest.mark.trains
def test_moments_beyond_the_run_are_left_out_and_one_that_stops_asks_for_no_more(job):
    assert Reel(job.run(), [-1, 5, 10**9], (COPIES,)).updates == [5]
    stopped = Reel(job.run(), range(0, 5 * BATCH), (COPIES,), finish=len)
    stopped.stop()
    over(stopped)
    assert len(stopped.found) <= BATCH
    assert stopped.made is None
    nobody = over(Reel(job.run(), range(9), (COPIES,), is_wanted=lambda: False))
    assert nobody.found == {}


@pytest.mark.trains
def test_what_is_kept_of_the_answers_is_chosen_and_made_into_something(job):
    reel = Reel(
        job.run(), [0, PER_EPOCH], (COPIES,),
        keep=lambda answers: answers[COPIES].x_hat.shape, finish=sorted,
    )  # fmt: skip
    assert set(over(reel).found.values()) == {(10, 64)}
    assert reel.made == [0, PER_EPOCH]


@pytest.mark.trains
def test_what_a_model_cannot_say_is_a_sentence(job):
    reel = over(Reel(job.run(), [0], (CharacterMap(),)))
    assert "cannot be had now" in reel.problem


@pytest.mark.trains
def test_a_curve_that_nobody_looked_at_is_filled_from_the_kept_states(job):
    kept = job.kept()
    assert kept == sorted(kept)
    assert kept[-1] == SMALL.num_updates
    assert "largest_angle" not in job.snapshot().traces
    reel = over(Reel(job.run(), [0, *kept], (Pca(),)))
    for update, answers in reel.found.items():
        job.fill(update, [("largest_angle", answers[Pca()].largest_angle)])
        job.fill(update, [("largest_angle", -1.0)])
    told = job.snapshot().traces["largest_angle"]
    assert [update for update, _ in told] == sorted({0, *kept})
    assert all(0 <= angle <= 90 for _, angle in told), "a moment is told once"


@pytest.mark.trains
def test_a_fork_is_the_same_run_on_a_server_that_knows_nothing_of_it(job, tmp_path):
    """It goes on from a kept state here, and from the beginning there."""
    forked = SMALL.steered(7 * PER_EPOCH, {"learning_rate": 0.003})
    assert forked.moves == (*SMALL.moves[:1], Move(7 * PER_EPOCH, "learning_rate", 0.003))
    found = []
    for store in (job.run().store, Checkpoints(lambda: tmp_path)):
        again = Job(forked, (COPIES,), lambda: True, store)
        again.skip()
        again.play()
        wait(lambda again=again: again.is_at_rest and again.snapshot().phase == "finished")
        found.append(again.snapshot().records)
    assert found[0] == found[1]
    assert found[0][:7] == job.snapshot().records[:7]
    assert found[0][7:] != job.snapshot().records[7:]


def record(epoch):
    return Record(epoch, {"total": 1.0}, {}, {"total": 1.0}, {})


@pytest.mark.parametrize(("epoch", "shown"), [(None, 3), (0, None), (1, 1), (3, 3), (9, 3)])
def test_a_snapshot_has_the_record_of_the_moment_that_is_looked_at(epoch, shown):
    records = [record(1), record(2), record(3)]
    at = Snapshot("paused", 30, records, {}, {}, None, 0.0, False, False, None, epoch)
    assert (at.record and at.record.epoch) == shown


def test_a_number_is_that_of_the_moment_and_none_where_nobody_has_told_it():
    traces = {"hoyer": [(0, 0.1), (10, 0.2), (20, 0.3)]}
    at = Snapshot("paused", 15, [], {}, traces, None, 0.0, False, False, None, 1)
    assert at.traced("hoyer") == 0.2
    assert np.isnan(at.traced("largest_angle"))


def test_a_filled_number_stands_in_order_and_changes_none_that_is_there():
    past = Past()
    past.fill([("a", 3.0)], 30)
    past.fill([("a", 1.0)], 10)
    past.fill([("a", 9.0)], 30)
    assert past.traces == {"a": [(10, 1.0), (30, 3.0)]}


STRIP = [film.Frame(f"epoch {i}", np.full((8, 80), 9 * i, np.uint8)) for i in range(12)]
POINTS = [
    film.Frame(f"iteration {i}", positions=np.random.default_rng(i).normal(size=(50, 2)))
    for i in range(5)
]


@pytest.mark.parametrize("kind", film.KINDS)
@pytest.mark.parametrize("frames", [STRIP, POINTS, STRIP[:1] * 12], ids=["strip", "map", "same"])
def test_a_film_has_all_its_frames_and_each_its_time(kind, frames):
    frames = [frame._replace(words=f"{i}") for i, frame in enumerate(frames)]
    data = film.make(frames, kind, colours=("#D55E00", "#0072B2"), labels=np.arange(50) % 2)
    opened = Image.open(io.BytesIO(data))
    assert opened.n_frames == len(frames)
    pictures, durations = [], []
    for picture in ImageSequence.Iterator(opened):
        pictures.append(np.asarray(picture.convert("RGB")))
        picture.load()
        durations.append(picture.info["duration"])
    assert not np.array_equal(pictures[0], pictures[-1])
    assert min(durations) > 0
    assert durations[-1] > durations[0]
    assert len(data) <= film.MOST_BYTES


@pytest.mark.parametrize(
    ("frames", "kind", "match"),
    [
        (STRIP[:1], "gif", "2 to 120 frames; received 1"),
        (STRIP * 11, "gif", "2 to 120 frames; received 132"),
        (STRIP, "mp4", "received 'mp4'"),
    ],
)
def test_a_film_that_cannot_be_is_a_sentence(frames, kind, match):
    with pytest.raises(ValueError, match=match):
        film.make(frames, kind, colours=("#000000",))


def test_a_film_that_is_too_large_is_drawn_smaller_and_then_refused(monkeypatch):
    whole = film.make(STRIP, "gif", colours=("#D55E00",))
    monkeypatch.setattr(film, "MOST_BYTES", len(whole) - 1)
    smaller = film.make(STRIP, "gif", colours=("#D55E00",))
    assert len(smaller) < len(whole)
    monkeypatch.setattr(film, "MOST_BYTES", 10)
    with pytest.raises(ValueError, match="Choose fewer frames"):
        film.make(STRIP, "gif", colours=("#D55E00",))
