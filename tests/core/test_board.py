"""The class board: what is shared, by whom, and who may change it."""

import sqlite3
import unicodedata
from dataclasses import replace

import numpy as np
import pytest

from core.configs import SparseConfig, StackedConfig
from core.datasets import Dataset, name_own
from core.engine.state import Record
from core.experiments import Experiment, Move
from core.store import board as board_module
from core.store.board import Board
from core.store.library import LibraryProblem

SMALL = Experiment(
    config=StackedConfig(hidden_units=(), latent_dim=4), moves=(Move(3, "learning_rate", 0.01),)
)
PARTS = {"reconstruction": 0.02, "total": 0.03}
RECORD = Record(
    7, PARTS, {"l0": 3.5, "mean_activations": (0.1, 0.2)}, PARTS, {"learning_rate": 0.01}
)
MINE, THEIRS, SECRET = "a" * 32, "b" * 32, "chalk and board"


@pytest.fixture
def board(tmp_path, monkeypatch):
    monkeypatch.setenv("BOTTLENECK_TEACHER", SECRET)
    return Board(lambda: tmp_path)


def nicknames(board):
    return [entry.nickname for entry in board.entries()]


def test_a_shared_run_is_seen_from_another_server_with_its_knobs_and_numbers(board, tmp_path):
    board.share("  Ada \n L. ", SMALL, RECORD, MINE)
    (entry,) = Board(lambda: tmp_path).entries()
    assert (entry.nickname, entry.experiment) == ("Ada L.", SMALL)
    assert entry.record == RECORD._replace(readings={"l0": 3.5})
    assert MINE not in str(entry)


def test_the_same_run_shared_again_moves_its_point(board):
    board.share("Ada", SMALL, RECORD, MINE)
    board.share("Ada", SMALL, RECORD._replace(epoch=9), MINE)
    board.share("Bob", SMALL, RECORD, THEIRS)
    assert [(e.nickname, e.record.epoch) for e in board.entries()] == [("Bob", 7), ("Ada", 9)]


def test_nobody_speaks_under_another_ones_nickname(board):
    board.share("Ada", SMALL, RECORD, MINE)
    with pytest.raises(LibraryProblem, match="as ADA already"):
        board.share("ADA", SMALL, RECORD, THEIRS)
    board.share("Ada", replace(SMALL, seed=2), RECORD, MINE)
    assert nicknames(board) == ["Ada", "Ada"]


@pytest.mark.parametrize(
    "nickname",
    ["Ａｄａ", "\u0410d\u0430", "A\u3164da", "Ada\u2800", "A\u034fda", "Ada\ufe0f", "A\u200bda"],
    ids=ascii,
)
def test_a_nickname_that_looks_like_another_ones_is_taken(board, nickname):
    board.share("Ada", SMALL, RECORD, MINE)
    board.share("Bob", SMALL, RECORD, THEIRS)
    with pytest.raises(LibraryProblem, match="already"):
        board.share(nickname, SMALL, RECORD, THEIRS)
    with pytest.raises(LibraryProblem, match="already"):
        board.rename(board.entries()[0].id, nickname, THEIRS)
    assert nicknames(board) == ["Bob", "Ada"]


@pytest.mark.parametrize("nickname", ["\u3164", "\u2800", "\u034f", "\ufe0f"], ids=ascii)
def test_a_nickname_that_nobody_sees_is_refused(board, nickname):
    with pytest.raises(LibraryProblem, match="1 to 24 characters that can be seen; received 0"):
        board.share(nickname, SMALL, RECORD, MINE)


def test_a_korean_nickname_of_single_jamo_is_shown_in_syllables(board):
    board.share(unicodedata.normalize("NFD", "김하늘"), SMALL, RECORD, MINE)
    assert nicknames(board) == ["김하늘"]
    with pytest.raises(LibraryProblem, match="as 김하늘 already"):
        board.share("김하늘", SMALL, RECORD, THEIRS)


def test_only_the_browser_that_shared_a_run_or_the_teacher_may_change_it(board):
    board.share("Ada", SMALL, RECORD, MINE)
    (entry,) = board.entries()
    for keys in ((), ("",), (THEIRS, "guess")):
        with pytest.raises(LibraryProblem, match="Only the browser that shared"):
            board.rename(entry.id, "stolen", *keys)
        with pytest.raises(LibraryProblem, match="Only the browser that shared"):
            board.delete(entry.id, *keys)
    board.rename(entry.id, "Grace", MINE)
    board.rename(entry.id, "Linus", THEIRS, SECRET)
    assert nicknames(board) == ["Linus"]
    board.delete(entry.id, MINE)
    with pytest.raises(LibraryProblem, match="gone already"):
        board.delete(entry.id, MINE)


def test_only_the_teacher_clears_the_board(board):
    board.share("Ada", SMALL, RECORD, MINE)
    for secret in ("", MINE, "chalk"):
        with pytest.raises(LibraryProblem, match="Only the teacher"):
            board.clear(secret)
    board.clear(SECRET)
    assert board.entries() == []


@pytest.mark.parametrize("nickname", ["", " \n\t", "\u202e\u200b", "x" * 25])
def test_a_nickname_is_one_short_readable_line(board, nickname):
    with pytest.raises(LibraryProblem, match="1 to 24 characters"):
        board.share(nickname, SMALL, RECORD, MINE)


def test_own_images_are_not_shared(board):
    images = np.zeros((8, 4), np.float32)
    data = Dataset(images, images, None, None, (2, 2), ())
    run = replace(SMALL, dataset=name_own(data))
    with pytest.raises(LibraryProblem, match="data of your own"):
        board.share("Ada", run, RECORD, MINE)


def test_a_browser_shares_a_bounded_number_of_runs(board, monkeypatch):
    monkeypatch.setattr(board_module, "MAX_SHARED_A_BROWSER", 2)
    for seed in (1, 2):
        board.share("Ada", replace(SMALL, seed=seed), RECORD, MINE)
    with pytest.raises(LibraryProblem, match="shares 2 runs already"):
        board.share("Ada", replace(SMALL, seed=3), RECORD, MINE)
    board.share("Bob", replace(SMALL, config=SparseConfig()), RECORD, THEIRS)


def test_runs_of_knobs_that_are_gone_are_not_shown(board, tmp_path):
    board.share("Ada", SMALL, RECORD, MINE)
    with sqlite3.connect(tmp_path / "index.sqlite3") as index:
        index.execute("""UPDATE board SET knobs = '{"width_of_old": "3"}'""")
    assert board.entries() == []
    assert board.listing().num_unreadable == 1


@pytest.mark.parametrize(
    "damage",
    ["record = '{}'", "record = '[1]'", "record = NULL", "knobs = 'x'", "created = NULL",
     """record = '{"epoch": "x"}'""", "family = 'nobody'", "created = 1e300",
     """record = '{"epoch":1,"parts":{},"readings":{},"validation":{},"coefficients":{}}'"""],
)  # fmt: skip
def test_a_damaged_row_is_left_out_and_counted(board, tmp_path, damage):
    board.share("Ada", SMALL, RECORD, MINE)
    board.share("Bob", SMALL, RECORD, THEIRS)
    with sqlite3.connect(tmp_path / "index.sqlite3") as index:
        index.execute(f"UPDATE board SET {damage} WHERE nickname = 'Ada'")
    entries, num_unreadable = board.listing()
    assert ([entry.nickname for entry in entries], num_unreadable) == (["Bob"], 1)
