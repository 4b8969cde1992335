"""The map page without a browser: what is sent to the pad, what is refused, whose codes."""

import base64
import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from components import live, session
from components.live import board
from components.mapping import bundle, marks, place, sources
from components.mapping.sources import Mapped
from core.configs import CharacterConfig, StackedConfig
from core.experiments import Experiment, TextExperiment
from core.library import LibraryProblem
from core.maps import points
from core.maps.config import MapConfig, MapExperiment

NUM = 12
SETTINGS = MapExperiment(config=MapConfig(num_points=NUM))


@pytest.fixture
def here():
    """Twelve small digits with known pictures and codes."""
    rng = np.random.default_rng(0)
    pictures = {
        "x": rng.integers(0, 256, (NUM, 64), dtype=np.uint8),
        "labels": np.arange(NUM) % 3,
        "class_names": ("a", "<b>", "c"),
        "num_test": 8,
    }
    copies = {"x_hat": 255 - pictures["x"], "errors": np.linspace(0, 1, NUM)}
    made = points.make(rng.normal(size=(NUM, 5)).astype(np.float32), pictures["labels"])
    codes = {"codes": made.x, "basis": None, "dimensions": 5}
    source = SimpleNamespace(experiment=Experiment(config=StackedConfig(), dataset="digits8"))
    return Mapped(made, codes, pictures, copies, source)


def unpack(packed):
    values = np.frombuffer(base64.b64decode(packed["base64"]), packed["dtype"])
    return values.reshape(packed["shape"])


def picture(url):
    return np.array(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))))


def test_the_pad_gets_every_picture_and_its_copy(here):
    rows = np.arange(NUM * 4).reshape(NUM, 4) % NUM
    data = bundle.make(here, {"rows": rows})
    sheet, copies = picture(data["sheet"]), picture(data["copies"])
    for i in range(NUM):
        top, left = 8 * (i // data["columns"]), 8 * (i % data["columns"])
        tile = np.s_[top : top + 8, left : left + 8]
        assert np.array_equal(sheet[tile].ravel(), here.pictures["x"][i])
        assert np.array_equal(copies[tile].ravel(), here.copies["x_hat"][i])
    assert np.array_equal(unpack(data["rows"]), rows)
    assert np.array_equal(unpack(data["labels"]), here.pictures["labels"])
    assert np.allclose(unpack(data["latents"]), here.points.x, atol=1e-2)
    assert data["names"] == ["a", "<b>", "c"]


def test_the_sheet_of_many_large_images_is_made_of_smaller_ones(here, monkeypatch):
    monkeypatch.setattr(bundle, "MOST_PIXELS", NUM * 64 // 4)
    data = bundle.make(here, {"rows": np.zeros((NUM, 4))})
    assert tuple(data["tile"]) == (4, 4)
    first = here.pictures["x"][0].reshape(4, 2, 4, 2).mean(axis=(1, 3)).astype(np.uint8)
    assert np.array_equal(picture(data["sheet"])[:4, :4], first)


def test_words_come_without_pictures(here):
    words = {"words": ["one", "<i>"], "labels": None, "class_names": ()}
    source = SimpleNamespace(experiment=TextExperiment(config=CharacterConfig()))
    two = here._replace(
        points=points.make(here.points.x[:2]), pictures=words, copies=None, source=source
    )
    data = bundle.make(two, {"rows": np.array([[1], [0]])})
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


def test_a_drawing_is_coded_and_placed(here, state):
    asked = []

    class Source:
        experiment = here.source.experiment

        def ask(self, *question):
            asked.append(question)
            return {"codes": here.points.x[:1]}

    class Map:
        experiment = SETTINGS

        def snapshot(self):
            return SimpleNamespace(update=100)

        def ask(self, *question):
            asked.append(question)
            rows = np.arange(3)
            return {"position": np.array([1.5, 2]), "rows": rows, "distances": np.arange(3.0)}

    drawing = np.ones(64, np.float32)
    place._place(drawing, here._replace(source=Source()), Map(), SETTINGS, "map")
    placed = state["map_placed"]
    assert placed["position"] == [1.5, 2]
    assert placed["rows"] == [0, 1, 2]
    assert placed["points"] == here.points.name
    assert asked[0][0] == "encoded"
    assert asked[1][0] == "place"
    assert np.array_equal(asked[1][1], here.points.x[0])


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
    from core.maps import config

    config.offer_source(source)
    monkeypatch.setattr(session, "job", lambda _: None)
    wanted = MapExperiment(config=MapConfig(source=source))
    with pytest.raises(LibraryProblem, match=r"Open it first|is gone"):
        sources.job_of(wanted, "map")


def test_packed_arrays_are_read_back():
    assert live.read({"x": live.pack(np.array([0.5, 1]))["base64"]}, "x").tolist() == [0.5, 1]
