"""The class board on the screen: nothing without a click, names as text, changes by owners only."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.figures.colours import LIGHT
from components.parts.board.plots import MOST_POINTS, PLOTS, make_board, make_measured
from components.streamlit_adapter.session import VisitorState
from components.words.escaping import disarm
from core.characters.experiment import TextExperiment
from core.configs import CharacterConfig, StackedConfig, VariationalConfig
from core.engine.state import Record
from core.experiments import Experiment
from core.results import Curve, Results
from core.store.board import BOARD
from core.store.checkpoints import library_folder
from core.store.index import open_index
from core.store.library import digest

ROOT = Path(__file__).resolve().parents[2]
MINE, THEIRS, SECRET = "a" * 32, "b" * 32, "chalk and board"
HOSTILE = "<b>x</b> [y](z) $q$"
PARTS = {"reconstruction": 0.02, "total": 0.03}
RECORD = Record(7, PARTS, {"l0": 3.5, "latent_kl": 20.0}, PARTS, {"learning_rate": 0.01})


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("BOTTLENECK_LIBRARY", str(tmp_path))
    monkeypatch.setenv("BOTTLENECK_TEACHER", SECRET)


@pytest.fixture
def page():
    def visit(token=MINE):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        app.session_state["visitor"] = VisitorState(token=token)
        return app.switch_page("pages/board.py").run()

    return visit


COST = Results(12.5, 4_000)


def share(nickname, token=MINE, config=None):
    BOARD.share(nickname, Experiment(config=config or StackedConfig()), RECORD, token, COST)


def labels(app):
    return [button.label for button in app.button]


def test_an_empty_board_says_how_to_fill_it(page):
    assert "press **Share**" in page().info[0].value


def test_a_hostile_nickname_is_text_in_the_list_and_on_the_plot(page):
    share(HOSTILE)
    app = page(THEIRS)
    assert not app.exception
    assert any(r"\<b\>x\</b\> \[y\]\(z\) \$q\$" in one.value for one in app.markdown)
    figure = make_board(PLOTS["bottleneck"], BOARD.entries(), digest(MINE), LIGHT)
    disarm(figure)
    shown = [text for trace in figure.data for text in trace.hovertext]
    assert shown == ["&lt;b>x&lt;/b> [y](z) &#36;q&#36;"]


def test_only_the_owner_sees_how_to_change_an_entry(page):
    share("Ada")
    assert "Take it off the board" in labels(page(MINE))
    assert "Take it off the board" not in labels(page(THEIRS))
    assert "Remove every run from the board" not in labels(page(MINE))


def test_an_owner_takes_a_run_off_and_the_teacher_clears(page):
    share("Ada")
    share("Bob", THEIRS)
    app = page(MINE)
    next(one for one in app.button if one.label == "Take it off the board").click().run()
    assert [entry.nickname for entry in BOARD.entries()] == ["Bob"]
    app.text_input(key="teacher_secret").set_value(SECRET).run()
    app.button(key="board_clear").click().run()
    assert BOARD.entries() == []
    assert not app.exception


def test_a_chosen_data_set_stays_when_others_share(page):
    share("Ada")
    share("Eve", THEIRS, StackedConfig(reconstruction_loss="bce"))
    app = page(MINE)
    box = app.selectbox(key="board_data")
    other = next(label for label in box.options if "bce" in label)
    box.select(other).run()
    share("Bob", "c" * 32, StackedConfig(reconstruction_loss="bce", latent_dim=5))
    app.run()
    assert app.session_state["board_data"][1] == "bce"
    assert "Runs, latest first: 2" in [one.value for one in app.caption]


def test_each_plot_shows_the_families_that_have_its_numbers():
    share("Ada")
    share("Vera", THEIRS, VariationalConfig())
    drawn = [plot for name, plot in PLOTS.items() if name != "curves"]
    for plot in drawn:
        figure = make_board(
            plot,
            [e for e in BOARD.entries() if e.experiment.config.family in plot.families],
            digest(MINE),
            LIGHT,
        )
        shown = {text for trace in figure.data for text in trace.hovertext or ()}
        assert shown == {
            name
            for name, family in (("Ada", "stacked"), ("Vera", "variational"))
            if family in plot.families
        }
    figure = make_board(PLOTS["epochs"], BOARD.entries(), digest(MINE), LIGHT)
    names = [text for trace in figure.data for text in trace.text]
    assert names.count("") == 1, "two points on one spot: one name, the other on hover"
    rate = make_board(PLOTS["rate"], BOARD.entries()[:1], digest(MINE), LIGHT)
    ((x,), (y,)) = next((trace.x, trace.y) for trace in rate.data if trace.text)
    assert (x, y) == (20.0, pytest.approx(784 * 0.02))


def share_of_characters(nickname, accuracy, curve=None, token=MINE):
    experiment = TextExperiment(config=CharacterConfig(), seed=round(100 * accuracy))
    record = RECORD._replace(readings={"accuracy": accuracy})
    BOARD.share(nickname, experiment, record, token, Results(10 * accuracy, 900, {}, curve))


def test_runs_of_every_family_are_listed_and_have_their_score(page):
    share_of_characters("Ada", 0.8)
    app = page(THEIRS)
    assert not app.exception
    app.segmented_control(key="board_lens").set_value("epochs").run()
    assert not app.exception
    assert any("accuracy on held-out texts: 80.0%" in caption.value for caption in app.caption)


def test_a_line_leads_through_the_runs_than_which_none_is_cheaper_and_better():
    for accuracy, nickname in ((0.5, "a"), (0.9, "b"), (0.7, "c")):
        share_of_characters(nickname, accuracy)
    figure = make_board(PLOTS["seconds"], BOARD.entries(), digest(THEIRS), LIGHT)
    edge = figure.data[-1]
    assert (list(edge.x), list(edge.y)) == ([5.0, 7.0, 9.0], [0.5, 0.7, 0.9])
    figure = make_board(PLOTS["parameters"], BOARD.entries(), digest(THEIRS), LIGHT)
    assert list(figure.data[-1].y) == [0.9], "equally large: the best alone"


def test_what_was_measured_is_drawn_where_it_was(page):
    share_of_characters("Ada", 0.8, Curve((0.0, 1.0), {"character": (0.8, 0.3)}))
    share_of_characters("Bob", 0.7)
    holds = [entry.nickname for entry in BOARD.entries() if PLOTS["curves"].holds(entry)]
    assert holds == ["Ada"]
    app = page(THEIRS)
    app.segmented_control(key="board_lens").set_value("curves").run()
    assert not app.exception
    figure = make_measured(BOARD.entries(), "character", LIGHT)
    assert [list(trace.y) for trace in figure.data] == [[0.8, 0.3]]


def test_ten_thousand_entries_are_listed_and_drawn_at_once():
    share("Ada")
    rows = BOARD._do("SELECT * FROM board")
    columns = "id, nickname, family, knobs, record, owner, created, results"
    with open_index(library_folder()) as index:
        index.executemany(
            f"INSERT INTO board ({columns}) SELECT ?, nickname, family, knobs, record, owner, "
            "created, results FROM board WHERE id = ?",
            [(f"{number}", rows[0][0]) for number in range(10_000)],
        )
    entries = BOARD.entries()
    assert len(entries) == 10_001
    figure = make_board(PLOTS["epochs"], entries, digest(MINE), LIGHT)
    assert sum(len(trace.x) for trace in figure.data) == MOST_POINTS
