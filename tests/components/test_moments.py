"""The past of a run on a page: what is asked there, the bar, a fork, two runs in step."""

import base64
import dataclasses
import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from components.figures import charts, drawing, run_figures
from components.figures.colours import LIGHT
from components.knobs import link
from components.runs import bar, film, fork, moments, pair
from components.streamlit_adapter import session
from core.characters.questions import Read
from core.configs import SparseConfig, StackedConfig, VariationalConfig
from core.configs.maps import MapConfig
from core.engine.state import Record, Snapshot
from core.experiments import MAX_MOVES, Experiment, Move
from core.jobs.seeks import Sought
from core.maps.experiment import MapExperiment
from core.queries.questions import Positions, Reconstructions
from core.results import SCORES

EXPERIMENT = Experiment(config=SparseConfig(l1=1e-4), dataset="digits8", num_epochs=20)
PER_EPOCH = EXPERIMENT.updates_per_epoch
COPIES = Reconstructions()


def record(epoch, loss=1.0, **readings):
    parts = {"reconstruction": loss, "total": loss}
    return Record(epoch, parts, readings, parts, {})


class FakeJob:
    """A run that has come to some epoch, and remembers what it was told."""

    kept_by = ""
    is_at_rest = True

    def __init__(self, experiment=EXPERIMENT, epochs=10, phase="paused"):
        self.experiment, self.phase, self.told = experiment, phase, []
        self.records = [record(epoch, 1 / epoch) for epoch in range(1, epochs + 1)]

    def snapshot(self):
        update = len(self.records) * self.experiment.updates_per_epoch
        return Snapshot(
            self.phase, update, self.records, {}, {}, None, 0.0, False, False, None
        )  # fmt: skip

    def ask(self, question):
        return f"now: {type(question).__name__}"

    def __getattr__(self, name):
        return lambda *values, **_: self.told.append((name, *values))


@pytest.fixture
def state(monkeypatch):
    state = {}
    monkeypatch.setattr(session.st, "session_state", state)
    return state


@pytest.fixture
def job(state):
    assert not state
    job = FakeJob()
    session.page("sparse").job = job
    return job


@pytest.fixture
def seek(monkeypatch):
    """What is found at once, of any moment up to the tenth."""
    asked = []

    def found(_, epoch, questions):
        asked.append((epoch, questions))
        nearest = min(epoch, 10)
        problem = "The nearest one is shown." if nearest != epoch else ""
        return Sought(nearest, None, {each: f"then: {nearest}" for each in questions}, problem)

    monkeypatch.setattr(session, "seek", found)
    return asked


def test_a_page_shows_now_unless_a_moment_is_chosen(job):
    assert moments.shown("sparse") is job
    assert moments.of_own("sparse") is None
    moments.go_to(6, "sparse")
    then = moments.shown("sparse")
    assert (then.epoch, then.update) == (6, 6 * PER_EPOCH)
    assert moments.shown("sparse") is then, "what it has been told is not asked again"
    moments.go_to(None, "sparse")
    assert moments.shown("sparse") is job


@pytest.mark.usefixtures("job")
def test_a_question_about_the_past_is_asked_there_and_answered_when_it_is_found(seek):
    moments.go_to(6, "sparse")
    then = moments.shown("sparse")
    assert then.ask(COPIES) is None
    assert then.owes
    then.fetch()
    assert then.ask(COPIES) == "then: 6"
    assert not then.owes
    then.fetch()
    assert seek == [(6, (COPIES,))], "what is known is not asked again"
    snapshot = then.snapshot()
    assert (snapshot.update, snapshot.epoch, snapshot.is_running) == (6 * PER_EPOCH, 6, False)
    assert snapshot.view(COPIES) == "then: 6"
    assert snapshot.record.epoch == 6
    assert len(snapshot.records) == 10, "curves keep their whole length"


@pytest.mark.usefixtures("job", "seek")
def test_a_moment_beyond_the_run_is_a_sentence_and_the_nearest_one():
    moments.go_to(50, "sparse")
    then = moments.shown("sparse")
    then.ask(COPIES)
    then.fetch()
    assert (then.epoch, then.ask(COPIES)) == (10, "then: 10")
    assert then.problem == "The nearest one is shown."


@pytest.mark.usefixtures("state")
def test_a_run_on_its_way_to_the_moment_of_a_link_is_shown_as_it_stands():
    running = session.page("sparse").job = FakeJob(epochs=3, phase="training")
    session.page("sparse").moment = 6
    assert moments.shown("sparse") is running
    running.records += [record(epoch) for epoch in (4, 5, 6)]
    assert moments.shown("sparse").epoch == 6


@pytest.mark.usefixtures("job")
def test_a_failure_in_the_past_is_told_once_and_not_tried_for_ever(monkeypatch):
    tried = []

    def fail(*_):
        tried.append(1)
        return Sought(6, None, {}, "The state of this epoch is no longer kept.")

    monkeypatch.setattr(session, "seek", fail)
    moments.go_to(6, "sparse")
    then = moments.shown("sparse")
    then.ask(COPIES)
    for _ in range(3):
        then.fetch()
    assert (then.problem, len(tried), then.owes) == (
        "The state of this epoch is no longer kept.", 1, False,
    )  # fmt: skip


@pytest.mark.usefixtures("job", "seek")
def test_typed_questions_do_not_pile_up():
    moments.go_to(6, "sparse")
    then = moments.shown("sparse")
    for number in range(3 * moments.MOST_ASKED):
        then.ask(Read(str(number)))
        then.fetch()
    assert len(then._asked) <= moments.MOST_ASKED


def test_live_knobs_stand_as_they_stood_at_the_moment(job):
    job.experiment = dataclasses.replace(EXPERIMENT, moves=(Move(6 * PER_EPOCH, "l1", 1e-3),))
    for epoch, expected in ((3, "0.0001"), (8, "0.001"), (None, "0.001")):
        moments.go_to(epoch, "sparse")
        moments.settle("sparse")
        assert session.widget_value("sparse_l1", None) == expected
    session.set_widget("sparse_l1", "0.01")
    moments.settle("sparse")
    assert session.widget_value("sparse_l1", None) == "0.01", "once only"


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [(None, True), (0, True), (10, True), (11, False), (-1, False), (True, False), ("3", False),
     (2.0, False), ({}, False)],
)  # fmt: skip
def test_what_a_browser_must_not_send_is_no_moment(chosen, expected):
    assert bar.is_a_moment(chosen, 10) == expected


def test_pictures_under_the_bar_are_small_and_at_most_48(job):
    for count in (0, 1, 40, 47, 1_000, 5_000):
        kept = [update for update in range(1, count + 1)]
        session.st.session_state.clear()
        job.kept = lambda kept=kept: kept
        chosen = bar._chosen(job, "sparse")
        assert len(chosen) <= bar.MOST_PICTURES
        assert {0, 10 * PER_EPOCH} <= set(chosen)


def test_pictures_of_a_longer_run_are_among_those_that_were_there(job):
    before, last = None, 0
    for count in (60, 90, 100, 300):
        session.st.session_state.clear()
        job.kept = lambda count=count: list(range(1, count + 1))
        chosen = set(bar._chosen(job, "sparse")) - {0, 10 * PER_EPOCH, count}
        if before:
            assert {each for each in chosen if each <= last} <= before | {last}
        before, last = chosen, count


def test_a_picture_is_a_row_of_the_copies_or_a_cloud_of_points():
    view = SimpleNamespace(x_hat=np.random.default_rng(0).random((10, 64)))
    url = bar.picture_of(view, EXPERIMENT)["url"]
    picture = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))
    assert picture.size == (90, 8)
    points = Positions(np.array([[-1.0, 5.0], [3.0, 9.0]]), 0.1)
    there = bar.picture_of(points, MapExperiment(config=MapConfig()))["points"]
    assert list(base64.b64decode(there)) == [0, 255, 255, 0], "up is up on a canvas too"


def test_48_pictures_of_anything_stay_below_400_kilobytes():
    noise = SimpleNamespace(x_hat=np.random.default_rng(0).random((10, 784)))
    large = Experiment(config=SparseConfig(), dataset="mnist5k")
    assert bar.MOST_PICTURES * len(bar.picture_of(noise, large)["url"]) < 400_000


def test_flags_name_the_knob_and_its_value():
    moved = dataclasses.replace(EXPERIMENT, moves=(Move(6 * PER_EPOCH, "l1", 1e-3),))
    ((at, words),) = bar._flags(moved)
    assert at == 6
    assert words.endswith("→ 0.001 at epoch 6.0")


@pytest.mark.parametrize(
    ("experiment", "titles"),
    [
        (EXPERIMENT, ["The copies"]),
        (Experiment(config=VariationalConfig(latent_dim=2)), ["The copies", "The latent map"]),
        (Experiment(config=VariationalConfig(latent_dim=1)), ["The copies"]),
        (MapExperiment(config=MapConfig()), ["The t-SNE map"]),
    ],
)
def test_what_there_is_to_film(experiment, titles):
    assert [subject.title for subject in film.subjects_of(experiment)] == titles


@pytest.mark.parametrize(
    ("num_records", "asked", "frames"), [(60, 24, 24), (1, 24, 2), (11, 12, 12), (500, 120, 120)]
)
def test_a_film_has_as_many_frames_as_asked_or_one_an_epoch(num_records, asked, frames):
    epochs = film.moments_of(num_records, asked)
    assert len(epochs) == len(set(epochs)) == frames
    assert (epochs[0], epochs[-1]) == (0, num_records)


@pytest.mark.usefixtures("state")
def test_knobs_that_differ_from_then_are_named():
    wanted = dataclasses.replace(EXPERIMENT, config=SparseConfig(l1=1e-3))
    (named,) = fork.changed_knobs(EXPERIMENT, wanted, 6 * PER_EPOCH)
    assert named.endswith("0.0001 → 0.001")
    moved = dataclasses.replace(EXPERIMENT, moves=(Move(2 * PER_EPOCH, "l1", 1e-3),))
    assert fork.changed_knobs(moved, wanted, 6 * PER_EPOCH) == []
    assert fork.changed_knobs(moved, wanted, PER_EPOCH) == [named]


def test_a_fork_is_the_run_with_one_move_more_and_remembers_where_it_comes_from(job, monkeypatch):
    made = []
    monkeypatch.setattr(session, "make_job", lambda each, _: made.append(FakeJob(each)) or made[-1])
    wanted = dataclasses.replace(EXPERIMENT, config=SparseConfig(l1=1e-3))
    moments.go_to(6, "sparse")
    fork.begin(job, wanted, 6, lambda _: (), "sparse")
    (forked,) = made
    assert forked.experiment.moves == (Move(6 * PER_EPOCH, "l1", 1e-3),)
    assert forked.experiment.config == EXPERIMENT.config
    assert session.job("sparse") is forked
    assert [told[0] for told in forked.told] == ["skip", "play"]
    assert session.page("sparse").moment is None
    assert fork.came_from("sparse") == job.records
    assert job in session.other_jobs("sparse")


def test_later_moves_are_no_part_of_a_fork(job, monkeypatch):
    monkeypatch.setattr(session, "make_job", lambda each, _: FakeJob(each))
    job.experiment = dataclasses.replace(EXPERIMENT, moves=(Move(8 * PER_EPOCH, "l1", 1e-2),))
    wanted = dataclasses.replace(EXPERIMENT, config=SparseConfig(l1=1e-3))
    fork.begin(job, wanted, 6, lambda _: (), "sparse")
    assert session.job("sparse").experiment.moves == (Move(6 * PER_EPOCH, "l1", 1e-3),)


@pytest.mark.parametrize("act", [
    lambda *given: fork.begin(*given[:3], lambda _: (), given[3]), fork.compare,
])  # fmt: skip
def test_a_move_too_many_is_refused_with_the_way_out(job, monkeypatch, act):
    monkeypatch.setattr(session, "make_job", pytest.fail)
    moves = tuple(Move(i, "l1", i * 1e-4) for i in range(1, MAX_MOVES + 1))
    job.experiment = dataclasses.replace(EXPERIMENT, moves=moves)
    wanted = dataclasses.replace(EXPERIMENT, config=SparseConfig(l1=0.5))
    act(job, wanted, 9, "sparse")
    assert "at most 100 moves" in session.problem("sparse_fork")
    assert "*Start again*" in session.problem("sparse_fork")
    assert session.job("sparse") is job


def test_the_run_on_the_right_belongs_to_the_page_and_goes_where_the_left_one_goes(
    job, monkeypatch
):
    monkeypatch.setattr(session, "make_job", lambda each, _: FakeJob(each))
    wanted = dataclasses.replace(EXPERIMENT, config=SparseConfig(l1=1e-3))
    assert not pair.is_on("sparse")
    fork.compare(job, wanted, 6, "sparse")
    right = session.right_of("sparse")
    assert pair.is_on("sparse")
    assert session.job("sparse") is job
    assert session.job(right).experiment.moves == (Move(6 * PER_EPOCH, "l1", 1e-3),)
    assert session.leader(right) == "sparse"
    moments.go_to(4, "sparse")
    assert moments.shown(right).epoch == 4
    session.job(right).phase = "training"
    assert session.is_busy("sparse")
    beside = session.job(right)
    session.end_pair("sparse")
    assert not pair.is_on("sparse")
    assert beside in session.other_jobs("sparse")
    fork.compare(job, wanted, 6, "sparse")
    assert pair.is_on("sparse")
    session.keep_job("sparse", FakeJob())
    assert not pair.is_on("sparse"), "another run of the page has no pair yet"


def test_the_right_one_waits_for_the_left_where_workers_are_too_few(job, monkeypatch):
    right = session.page("sparse_right").job = FakeJob(phase="training")
    job.phase = "training"
    for training, waits in ((2, False), (3, True)):
        monkeypatch.setattr(pair.registry, "num_training", lambda training=training: training)
        monkeypatch.setattr(pair.CLUSTER, "status", lambda: SimpleNamespace(ready=2))
        pair._keep_in_step("sparse")
        assert session.page("sparse_right").waits == waits
    assert right.told == [("pause",)]
    job.phase, right.phase = "finished", "paused"
    pair._keep_in_step("sparse")
    assert right.told == [("pause",), ("play",)]
    assert not session.page("sparse_right").waits


def test_two_runs_are_compared_at_the_same_epoch(job):
    right = FakeJob(epochs=7)
    assert pair._common(job, right, "sparse") == 7
    moments.go_to(3, "sparse")
    assert pair._common(job, right, "sparse") == 3


def test_a_band_reaches_over_all_seeds():
    score = SCORES["sparse"]
    seeds = [[record(epoch, level / epoch) for epoch in (1, 2, 3)] for level in (2.0, 1.0, 3.0)]
    figure = run_figures.make_bands([("left", seeds), ("right", seeds[:1])], score, "epoch", LIGHT)
    band, left, right = figure.data
    assert (max(band.y), min(band.y)) == (3.0, 1 / 3)
    assert list(left.y) == list(right.y) == [2.0, 1.0, 2 / 3]


def test_every_curve_over_epochs_gets_a_cursor_and_no_other_figure(monkeypatch):
    drawn = []
    monkeypatch.setattr(drawing.st, "plotly_chart", lambda figure, **_: drawn.append(figure))
    monkeypatch.setattr(drawing.st, "caption", lambda *_: None)
    loss = charts.make_loss_curve([record(1), record(2)], EXPERIMENT, LIGHT)
    size = charts.make_size_curve([(4, 0.1, "")], None, LIGHT)
    token = drawing.CURSOR.set(drawing.Cursor(1, PER_EPOCH, LIGHT.ink))
    for figure in (loss, size):
        drawing.show_figure(figure, key="figure", alt="")
    drawing.CURSOR.reset(token)
    lines = [[(line.x0, line.x1) for line in figure.layout.shapes] for figure in drawn]
    assert lines[0] == [(1, 1)]
    assert (1, 1) not in lines[1]


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize(
    ("text", "moment", "told"),
    [("6", 6, 0), ("", None, 0), ("-1", None, 1), ("1e9", None, 1), ("9" * 400, None, 1),
     ("٣", None, 1), ("<b>", None, 1)],
)  # fmt: skip
def test_a_link_may_name_a_moment(monkeypatch, text, moment, told):
    params = {"stacked_moment": text} if text else {}
    monkeypatch.setattr(link.st, "query_params", params)
    experiment = link.read(StackedConfig, "stacked")
    assert experiment == Experiment(config=StackedConfig())
    assert session.page("stacked").moment == moment
    assert len(session.page("stacked").notices) == told
