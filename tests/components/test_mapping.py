"""The map page without a browser: what is sent to the pad, what is refused, whose codes."""

import base64
import dataclasses
import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from components import pads
from components.pads import board, network
from components.parts.maps import beside, bundle, epochs, marks, place, sources
from components.parts.maps.sources import Mapped
from components.runs import chained
from components.streamlit_adapter import session
from core.characters.experiment import TextExperiment
from core.configs import CharacterConfig, StackedConfig
from core.configs.maps import MapConfig
from core.experiments import Experiment
from core.maps import points
from core.maps.experiment import MapExperiment
from core.maps.questions import Place, Placed, PointNeighbours
from core.queries import codings
from core.queries.questions import CodesOf, PointCopies, PointPictures
from core.store.library import LibraryProblem

NUM = 12
SETTINGS = MapExperiment(config=MapConfig(num_points=NUM))


@pytest.fixture
def here():
    """Twelve small digits with known pictures and codes."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (NUM, 64), dtype=np.uint8)
    pictures = PointPictures(x, np.arange(NUM) % 3, ("a", "<b>", "c"), num_test=8)
    copies = PointCopies(255 - x, np.linspace(0, 1, NUM))
    made = points.make(rng.normal(size=(NUM, 5)).astype(np.float32), pictures.labels)
    codes = codings.reduced(made.x)
    source = SimpleNamespace(experiment=Experiment(config=StackedConfig(), dataset="digits8"))
    return Mapped(made, codes, pictures, copies, source)


def unpack(packed):
    values = np.frombuffer(base64.b64decode(packed["base64"]), packed["dtype"])
    return values.reshape(packed["shape"])


def picture(url):
    return np.array(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))))


def test_the_pad_gets_every_picture_and_its_copy(here):
    rows = np.arange(NUM * 4).reshape(NUM, 4) % NUM
    data = bundle.make(here, PointNeighbours(rows, rows, 1.0))
    sheet, copies = picture(data["sheet"]), picture(data["copies"])
    for i in range(NUM):
        top, left = 8 * (i // data["columns"]), 8 * (i % data["columns"])
        tile = np.s_[top : top + 8, left : left + 8]
        assert np.array_equal(sheet[tile].ravel(), here.pictures.x[i])
        assert np.array_equal(copies[tile].ravel(), here.copies.x_hat[i])
    assert np.array_equal(unpack(data["rows"]), rows)
    assert np.array_equal(unpack(data["labels"]), here.pictures.labels)
    assert np.allclose(unpack(data["latents"]), here.points.x, atol=1e-2)
    assert data["names"] == ["a", "<b>", "c"]


def test_the_sheet_of_many_large_images_is_made_of_smaller_ones(here, monkeypatch):
    monkeypatch.setattr(bundle, "MOST_PIXELS", NUM * 64 // 4)
    data = bundle.make(here, PointNeighbours(np.zeros((NUM, 4)), np.zeros((NUM, 2)), 1.0))
    assert tuple(data["tile"]) == (4, 4)
    first = here.pictures.x[0].reshape(4, 2, 4, 2).mean(axis=(1, 3)).astype(np.uint8)
    assert np.array_equal(picture(data["sheet"])[:4, :4], first)


def test_words_come_without_pictures(here):
    words = PointPictures(None, None, (), words=["one", "<i>"])
    source = SimpleNamespace(experiment=TextExperiment(config=CharacterConfig()))
    two = here._replace(
        points=points.make(here.points.x[:2]), pictures=words, copies=None, source=source
    )
    data = bundle.make(two, PointNeighbours(np.array([[1], [0]]), np.zeros((2, 2)), 1.0))
    assert data["words"] == ["one", "<i>"]
    assert "sheet" not in data
    assert sources.words_of(two, SETTINGS) == "2 words"


def test_the_sample_is_stated(here):
    assert sources.words_of(here, SETTINGS) == (
        "codings of 8 test and 4 training images, 1,797 small digits"
    )


def test_marks_in_words():
    assert marks.in_words((0.9734, 0.95)) == "trust 0.973 · 10-NN 0.950"
    assert marks.in_words((1.0, None)) == "trust 1.000 · 10-NN –"
    assert marks.in_words(None) == "trust – · 10-NN –"


@pytest.fixture
def state(monkeypatch):
    kept = {}
    monkeypatch.setattr(session, "widget_value", lambda key, default: kept.get(key, default))
    monkeypatch.setattr(session, "set_widget", kept.__setitem__)
    monkeypatch.setattr(session, "latest", lambda *given: given[-1]())
    monkeypatch.setattr(session, "run_page_again", lambda: None)
    return kept


def test_a_drawing_is_coded_and_placed(here, state, monkeypatch):
    asked = []

    class Source:
        experiment = here.source.experiment

        def ask(self, question):
            asked.append(question)
            return here.points.x[:1]

    class Map:
        experiment = SETTINGS

        def snapshot(self):
            return SimpleNamespace(update=100, is_running=False)

        def ask(self, question):
            asked.append(question)
            return Placed(np.array([1.5, 2]), np.arange(3), np.arange(3.0))

    drawing, waited = np.ones(64, np.float32), []
    monkeypatch.setattr(session, "latest", lambda *given: waited.append(given[2]) or given[-1]())
    place._place(drawing, here._replace(source=Source()), Map(), SETTINGS, "map")
    assert waited == [0]
    placed = state["map_placed"]
    assert placed["position"] == [1.5, 2]
    assert placed["rows"] == [0, 1, 2]
    assert placed["points"] == here.points.name
    assert [type(question) for question in asked] == [CodesOf, Place]
    assert np.array_equal(asked[1].x, here.points.x[0])


def test_an_empty_board_takes_the_star_away(here, state, monkeypatch):
    state["map_placed"] = {"points": here.points.name}
    monkeypatch.setattr(place.stage, "current", lambda *_: (here, None))
    monkeypatch.setattr(place.board, "draw", lambda *_: None)
    place.show(SETTINGS, "map")
    assert state["map_placed"] is None


class Resting:
    """A job of which only its snapshot is asked."""

    def __init__(self, **known):
        known = {"phase": "paused", "update": 0, "is_running": False, "problem": None} | known
        self.seen = SimpleNamespace(view=lambda _: None, **known)

    def snapshot(self):
        return self.seen


def test_a_map_that_failed_says_why():
    failed = Resting(phase="failed", problem="Points have left the finite numbers.")
    assert marks.of_job("title", failed, None).problem == failed.seen.problem
    assert marks.of_job("title", Resting(), None).problem == ""
    assert epochs._job_at(failed, None, SETTINGS, "map") is failed


@pytest.mark.parametrize("num_latents", [1, 5])
def test_maps_of_all_epochs_begin_at_the_same_places(here, num_latents):
    here = here._replace(points=points.make(here.points.x[:, :num_latents]))
    made = epochs._points(here.codes.codes * 2, here)
    assert len(made.x) == len(made.start) == NUM == epochs._count(here)
    assert made.start.std(axis=0).min() > 0


@pytest.mark.usefixtures("state")
def test_the_map_of_pixels_beside_is_made_by_the_same_knobs(here):
    answer = codings.reduced(np.zeros((NUM, 64), np.float32))
    config = MapConfig(num_points=NUM, start="random", early_exaggeration=4.0)
    source = SimpleNamespace(
        experiment=here.source.experiment, snapshot=lambda: None, ask=lambda _: answer
    )
    settings = MapExperiment(config=config, seed=7)
    wanted = beside._of_pixels(here._replace(source=source), settings, "map")
    assert (wanted.seed, wanted.config.space) == (7, "pixels")
    assert (wanted.config.start, wanted.config.early_exaggeration) == ("random", 4.0)


def test_raw_pixels_wait_for_no_network(monkeypatch):
    begun = []
    job = SimpleNamespace(
        prepare=lambda: begun.append("prepare"), play=lambda: begun.append("play")
    )
    monkeypatch.setattr(session, "make_job", lambda *_: job)
    monkeypatch.setattr(session, "add_jobs", lambda *_: None)
    monkeypatch.setattr(sources.chained.series, "find", lambda *_: None)
    for space in ("pixels", "codes"):
        sources.begin(MapExperiment(config=MapConfig(space=space)), "map")
    assert begun == ["prepare", "play"]


def test_raw_pixels_come_with_pictures_but_without_copies(here):
    data = bundle.make(
        here._replace(copies=None),
        PointNeighbours(np.zeros((NUM, 4)), np.zeros((NUM, 2)), 1.0),
        "pixels",
    )
    assert picture(data["sheet"]).size
    assert "copies" not in data
    assert data["errors"] is None
    assert data["space"] == "pixels"


def test_a_move_too_many_is_a_sentence_in_the_panel(monkeypatch):
    told = {}

    def refuse(_):
        raise ValueError("A run holds at most 100 moves.")

    job = SimpleNamespace(experiment=SETTINGS, steer=refuse, extend=lambda **_: None)
    monkeypatch.setattr(session, "job", lambda _: job)
    monkeypatch.setattr(session, "keep_problem", told.__setitem__)
    for rate, expected in ((50.0, "A run holds at most 100 moves."), (0.0, "")):
        config = dataclasses.replace(SETTINGS.config, learning_rate=rate)
        chained.begin_second(dataclasses.replace(SETTINGS, config=config), "map")
        assert told["map_moves"] == expected


@pytest.mark.parametrize(
    "hostile",
    [None, {}, {"x": 3}, {"x": "§§§"}, {"x": "AAA="}, "text", [1], {"x": None},
     {"x": base64.b64encode(np.full(64, np.nan, "<f4").tobytes()).decode()}],
)  # fmt: skip
def test_what_a_browser_must_not_send_is_ignored(monkeypatch, hostile):
    monkeypatch.setattr(board, "_pad", lambda **_: SimpleNamespace(drawn=hostile))
    assert board.draw("digits8", "map") is None


def test_a_drawing_of_another_size_is_ignored(monkeypatch):
    for size, expected in ((63, False), (64, True), (100_000, False)):
        text = base64.b64encode(np.ones(size, "<f4").tobytes()).decode()
        drawn = SimpleNamespace(drawn={"x": text})
        monkeypatch.setattr(board, "_pad", lambda drawn=drawn, **_: drawn)
        assert (board.draw("digits8", "map") is not None) == expected


@pytest.mark.parametrize("source", ["page-stacked", "run-0123456789abcdef"])
@pytest.mark.usefixtures("state")
def test_a_source_that_is_gone_is_said_in_a_sentence(source, monkeypatch):
    monkeypatch.setattr(session, "job", lambda _: None)
    wanted = MapExperiment(config=MapConfig(source=source))
    with pytest.raises(LibraryProblem, match=r"Open it first|is gone"):
        sources.job_of(wanted, "map")


def test_layers_of_another_run_are_sent_at_once(monkeypatch):
    kept = {}
    monkeypatch.setattr(session.st, "session_state", kept)

    def packed(seed, update):
        experiment = dataclasses.replace(
            Experiment(config=StackedConfig(hidden_units=())), seed=seed
        )
        snapshot = SimpleNamespace(update=update, is_running=True)
        weights = {f"{kind}_{i}": np.zeros(2) for kind in ("kernel", "bias") for i in (0, 1)}
        job = SimpleNamespace(
            experiment=experiment, snapshot=lambda: snapshot, ask=lambda _: weights
        )
        return network.pack(job, "walk")["version"]

    first = packed(0, 10)
    assert packed(0, 20) == first
    assert packed(1, 20) != first


def test_packed_arrays_are_read_back():
    assert pads.read({"x": pads.pack(np.array([0.5, 1]))["base64"]}, "x").tolist() == [0.5, 1]
