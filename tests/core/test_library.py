"""The library of kept runs: they survive, and only those who may can change them."""

import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.characters.experiment import TextExperiment
from core.configs import CharacterConfig, SpellerConfig, StackedConfig
from core.configs.labels import LabelConfig
from core.configs.maps import MapConfig
from core.datasets import Dataset, name_own, own_data
from core.experiments import Experiment, Move
from core.families import values_of
from core.maps.experiment import MapExperiment
from core.pretraining.experiment import ARMS, LabelExperiment
from core.results import Curve, Results
from core.spelling.experiment import SpellingExperiment
from core.store.checkpoints import Checkpoint
from core.store.library import DELETED_SECONDS, Library, LibraryProblem, clean_name
from core.store.own_files import Picture
from core.text.tasks import TextTask, own_task
from core.text.tasks import name_own as name_own_task
from core.training import advance, init_state

pytestmark = pytest.mark.trains

SMALL = Experiment(
    config=StackedConfig(hidden_units=(), latent_dim=4, batch_size=128, learning_rate=0.003),
    dataset="digits8",
    num_epochs=9,
    seed=5,
    moves=(Move(3, "learning_rate", 0.01),),
)
MINE, THEIRS = "a" * 32, "b" * 32


@pytest.fixture
def library(tmp_path):
    return Library(lambda: tmp_path)


@pytest.fixture(scope="module")
def trained(easy):
    config = SMALL.config
    state = init_state(config, easy.input_dim, 5)
    state, records = advance(config, easy, state, config.coefficients(), num_updates=2)
    return Checkpoint(state, records)


def test_a_kept_run_survives_the_server(library, tmp_path, trained):
    run_id = library.keep(" My  first run ", SMALL, trained, MINE)
    (run,) = Library(lambda: tmp_path).runs()
    assert (run.id, run.name, run.experiment) == (run_id, "My first run", SMALL)
    assert (run.epoch, run.loss) == (2, trained.records[-1].validation["total"])
    found = Library(lambda: tmp_path).load(run_id)
    state, records = found.loaded, found.records
    assert records[-1] == trained.records[-1]
    for ours, theirs in zip(state.weights, trained.state.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_latest_comes_first(library, trained):
    for name in ("one", "two", "three"):
        library.keep(name, SMALL, trained, MINE)
    assert [run.name for run in library.runs()] == ["three", "two", "one"]


def test_only_the_browser_that_kept_a_run_may_change_it(library, trained, tmp_path):
    run_id = library.keep("mine", SMALL, trained, MINE)
    for keys in ((), ("",), (THEIRS,), (THEIRS, "")):
        with pytest.raises(LibraryProblem, match="Only the browser that kept"):
            library.rename(run_id, "stolen", *keys)
        with pytest.raises(LibraryProblem, match="Only the browser that kept"):
            library.delete(run_id, *keys)
    library.rename(run_id, "still mine", MINE)
    assert [run.name for run in library.runs()] == ["still mine"]
    library.delete(run_id, THEIRS, MINE)
    assert library.runs() == []
    after_ten_minutes(library)
    assert not list(tmp_path.glob("runs/*"))
    with pytest.raises(LibraryProblem, match="gone already"):
        library.delete(run_id, MINE)


def test_the_teacher_may_change_any_run(library, trained, monkeypatch):
    run_id = library.keep("theirs", SMALL, trained, THEIRS)
    monkeypatch.setenv("BOTTLENECK_TEACHER", "open sesame")
    with pytest.raises(LibraryProblem):
        library.delete(run_id, MINE, "open sesam")
    library.delete(run_id, MINE, "open sesame")
    assert library.runs() == []


def test_no_token_is_kept_as_it_is(library, trained, tmp_path):
    library.keep("secret", SMALL, trained, MINE)
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(MINE.encode() in content for content in files)


@pytest.mark.parametrize("name", ["", "   ", "\n\t\x00", "x" * 81])
def test_a_name_that_cannot_be_read_is_refused(name, library, trained):
    with pytest.raises(LibraryProblem, match="1 to 80 characters"):
        library.keep(name, SMALL, trained, MINE)
    assert library.runs() == []


def test_names_are_one_line_of_any_language():
    assert clean_name("오토인코더\u202e\n 1") == "오토인코더 1"
    assert clean_name("<b>x</b>'; DROP TABLE runs;--") == "<b>x</b>'; DROP TABLE runs;--"


def test_what_cannot_be_kept_is_a_sentence(library, trained, monkeypatch):
    with pytest.raises(LibraryProblem, match="trained for an epoch"):
        library.keep("x", SMALL, Checkpoint(trained.state, []), MINE)
    with pytest.raises(LibraryProblem, match="no token"):
        library.keep("x", SMALL, trained, "")
    monkeypatch.setattr("core.store.library.MAX_RUNS_A_BROWSER", 1)
    library.keep("x", SMALL, trained, MINE)
    with pytest.raises(LibraryProblem, match="keeps 1 runs already"):
        library.keep("y", SMALL, trained, MINE)
    library.keep("y", SMALL, trained, THEIRS)
    monkeypatch.setattr("core.store.library.MAX_STATE_BYTES", 10)
    with pytest.raises(LibraryProblem, match="Choose narrower layers"):
        library.keep("z", SMALL, trained, THEIRS)


def test_a_disk_that_fails_is_a_sentence(tmp_path, trained, library):
    (tmp_path / "file").write_text("")
    broken = Library(lambda: tmp_path / "file")
    for attempt in (broken.runs, lambda: broken.keep("x", SMALL, trained, MINE)):
        with pytest.raises(LibraryProblem, match="out of reach"):
            attempt()
    run_id = library.keep("x", SMALL, trained, MINE)
    (tmp_path / "runs" / f"{run_id}.npz").write_bytes(b"half a f")
    with pytest.raises(LibraryProblem, match="are gone"):
        library.load(run_id)


def test_a_run_of_another_version_is_left_out_and_not_lost(library, trained, tmp_path):
    library.keep("old", SMALL, trained, MINE)
    library.keep("new", SMALL, trained, MINE)
    with sqlite3.connect(tmp_path / "index.sqlite3") as index:
        index.execute("""UPDATE runs SET knobs = '{"no_such_knob": "1"}' WHERE name = 'old'""")
    assert [run.name for run in library.runs()] == ["new"]
    assert library.listing().num_unreadable == 1


@pytest.mark.parametrize(
    "damage",
    ["knobs = '{'", "knobs = '[]'", "knobs = NULL", "epoch = 'x'", "loss = NULL", "created = 'x'",
     "family = 'nobody'", "family = NULL", "epoch = 1e999", "created = 1e300", "created = 1e999",
     "knobs = CAST(x'ff7b' AS TEXT)", f"knobs = '{'[' * 100_000}'"],
)  # fmt: skip
def test_a_damaged_row_is_left_out_and_counted(library, trained, tmp_path, damage):
    library.keep("damaged", SMALL, trained, MINE)
    library.keep("good", SMALL, trained, MINE)
    with sqlite3.connect(tmp_path / "index.sqlite3") as index:
        index.execute(f"UPDATE runs SET {damage} WHERE name = 'damaged'")
    runs, num_unreadable = library.listing()
    assert ([run.name for run in runs], num_unreadable) == (["good"], 1)


def test_a_name_with_damaged_characters_hides_no_other_run(library, trained, tmp_path):
    library.keep("damaged", SMALL, trained, MINE)
    library.keep("good", SMALL, trained, MINE)
    with sqlite3.connect(tmp_path / "index.sqlite3") as index:
        index.execute("UPDATE runs SET name = CAST(x'66ff' AS TEXT) WHERE name = 'damaged'")
    assert [run.name for run in library.runs()] == ["good", "f\N{REPLACEMENT CHARACTER}"]


def test_a_run_whose_files_belong_to_another_account_is_left_out(library, trained, monkeypatch):
    library.keep("theirs", SMALL, trained, MINE)

    def refuse(path):
        raise PermissionError(f"Permission denied: {path}")

    monkeypatch.setattr(Path, "is_file", refuse)
    assert library.listing() == ([], 1)


def test_the_index_is_private(library, trained, tmp_path):
    library.keep("mine", SMALL, trained, MINE)
    assert (tmp_path / "index.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_run_that_cannot_be_kept_leaves_no_file(library, trained, tmp_path, monkeypatch):
    monkeypatch.setattr("core.store.library.build", object)
    with pytest.raises(LibraryProblem, match="out of reach"):
        library.keep("x", SMALL, trained, MINE)
    assert list((tmp_path / "runs").iterdir()) == []


def test_kept_pictures_are_private(library, trained, tmp_path):
    data = Dataset(np.zeros((8, 16)), np.zeros((4, 16)), image_shape=(4, 4))
    library.keep("own", replace(SMALL, dataset=name_own(data), moves=()), trained, MINE)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "runs").iterdir()}
    assert modes == {0o600}


def test_own_images_are_kept_with_the_run_and_go_with_it(library, trained, tmp_path):
    rng = np.random.default_rng(1)
    data = Dataset(
        rng.integers(0, 256, (30, 16)) / 255, rng.integers(0, 256, (8, 16)) / 255,
        np.arange(30) % 2, np.arange(8) % 2, image_shape=(4, 4), class_names=("cat", "dog"),
    )  # fmt: skip
    name = name_own(data)
    run_id = library.keep("own", replace(SMALL, dataset=name, moves=()), trained, MINE)
    expected = {field: getattr(data, field) for field in ("x_train", "y_test")}
    del data
    assert own_data(name) is None
    (run,) = library.runs()
    assert own_data(name) is None, "the list reads no pictures"
    assert run.experiment.dataset == name
    assert run.own.class_names == ("cat", "dog")
    assert own_data(name) is run.own
    for field, array in expected.items():
        np.testing.assert_array_equal(getattr(run.own, field), array)
    library.delete(run_id, MINE)
    after_ten_minutes(library)
    assert not list(tmp_path.glob("runs/*"))


def test_own_texts_are_kept_with_the_run(library, trained):
    texts = ("talo", "house", "kissa", "cat", "koira", "dog", "é\ud800\u202e", "x,y\n")
    task = TextTask(texts, np.arange(8) % 2, ("Finnish", "English"))
    name = name_own_task(task)
    kept = TextExperiment(config=CharacterConfig(), dataset=name)
    readings = {"accuracy": 0.75}
    records = [trained.records[-1]._replace(readings=readings)]
    library.keep("own", kept, trained._replace(records=records), MINE)
    splits = {split: rows.tolist() for split, rows in task.splits.items()}
    del task
    assert own_task(name) is None
    (run,) = library.runs()
    assert run.own_path.suffix == ".json"
    assert run.experiment.dataset == name
    assert run.own.texts == texts
    assert {split: rows.tolist() for split, rows in run.own.splits.items()} == splits
    assert name_own_task(run.own) == name


def test_a_run_whose_own_data_are_gone_is_left_out(library, trained, tmp_path):
    data = Dataset(np.zeros((8, 16)), np.zeros((4, 16)), image_shape=(4, 4))
    library.keep("own", replace(SMALL, dataset=name_own(data), moves=()), trained, MINE)
    del data
    (path,) = tmp_path.glob("runs/*-images.npz")
    path.write_bytes(b"half a f")
    (run,) = library.runs()
    with pytest.raises(LibraryProblem, match="data of this run are gone"):
        run.experiment  # noqa: B018
    path.unlink()
    assert library.listing() == ([], 1)


def after_ten_minutes(library):
    """What was deleted is gone for good."""
    library._do("UPDATE runs SET deleted = deleted - ?", 2 * DELETED_SECONDS)
    library._sweep()


def test_a_deleted_run_comes_back_with_its_weights(library, trained, tmp_path):
    run_id = library.keep("once", SMALL, trained, MINE)
    library.delete(run_id, MINE)
    assert library.listing() == ([], 0)
    with pytest.raises(LibraryProblem, match="Only the browser that kept"):
        library.restore(run_id, THEIRS)
    library.restore(run_id, MINE)
    assert [run.id for run in library.runs()] == [run_id]
    assert library.load(run_id).state.update == 2
    library.delete(run_id, MINE)
    library._do("UPDATE runs SET deleted = deleted - ?", 2 * DELETED_SECONDS)
    with pytest.raises(LibraryProblem, match="gone already"):
        library.restore(run_id, MINE)
    assert not list(tmp_path.glob("runs/*"))


def test_results_and_a_picture_are_kept_with_the_run(library, trained):
    x = np.random.default_rng(0).random((12, 64), np.float32)
    found = Results(3.5, 300, {}, Curve((1.0, 2.0), {"a": (0.5, 0.6)}))
    picture = Picture(x, 1 - x, (8, 8), "strokes")
    run_id = library.keep("full", SMALL, trained, MINE, found, picture)
    (run,) = library.runs()
    assert run.results == found
    assert run.record.validation == trained.records[-1].validation
    shown = library.picture(run_id)
    np.testing.assert_allclose(shown.x, x[:10], atol=0.003)
    np.testing.assert_allclose(shown.x_hat, 1 - x[:10], atol=0.003)
    assert shown[2:] == picture[2:]
    assert library.picture("0" * 16) is None
    plain = library.keep("plain", SMALL, trained, MINE)
    assert library.picture(plain) is None


def test_a_row_from_before_there_were_results_is_read(library, trained, tmp_path):
    library.keep("old", SMALL, trained, MINE)
    with sqlite3.connect(tmp_path / "index.sqlite3") as index:
        index.execute("UPDATE runs SET record = NULL, results = NULL")
    (run,) = library.runs()
    assert (run.record, run.results) == (None, Results())


@pytest.mark.parametrize(
    "experiment",
    [
        TextExperiment(config=CharacterConfig()),
        SpellingExperiment(config=SpellerConfig()),
        MapExperiment(config=MapConfig(), points="some points"),
        LabelExperiment(config=LabelConfig(), encoder="some encoder"),
    ],
    ids=lambda experiment: experiment.family,
)
def test_runs_of_all_families_are_kept(library, trained, experiment):
    readings = {"accuracy": 0.75, **dict.fromkeys(ARMS, 0.5)}
    parts = {"tsne_kl": 1.5, "total": 1.5}
    record = trained.records[-1]._replace(readings=readings, parts=parts)
    library.keep("kept", experiment, trained._replace(records=[record]), MINE)
    (run,) = library.runs()
    assert run.family == experiment.family
    assert run.config == experiment.config
    assert values_of(run.experiment) == values_of(experiment)


def test_what_nobody_else_could_repeat_is_not_kept(library, trained):
    here = MapExperiment(config=MapConfig(source="page-stacked"))
    with pytest.raises(LibraryProblem, match="Keep that run first"):
        library.keep("x", here, trained, MINE)
    chosen = LabelExperiment(config=LabelConfig(), bought=(3, 5))
    with pytest.raises(LibraryProblem, match="chosen by hand"):
        library.keep("x", chosen, trained, MINE)
    library.keep("x", MapExperiment(config=MapConfig(source="run-0123")), trained, MINE)


def test_a_list_of_many_runs_reads_no_pictures(library, trained, monkeypatch):
    data = Dataset(np.zeros((8, 16)), np.zeros((4, 16)), image_shape=(4, 4))
    own = replace(SMALL, dataset=name_own(data), moves=())
    for _ in range(5):
        library.keep("own", own, trained, MINE)
    monkeypatch.setattr(np, "load", None)
    assert len(library.runs()) == 5


def test_deleted_runs_count_too_and_the_oldest_goes(library, trained, monkeypatch, tmp_path):
    monkeypatch.setattr("core.store.library.MAX_RUNS_A_BROWSER", 2)
    first, second = (library.keep(name, SMALL, trained, MINE) for name in ("one", "two"))
    library.delete(first, MINE)
    library.keep("three", SMALL, trained, MINE)
    assert len(list(tmp_path.glob("runs/*"))) == 2
    with pytest.raises(LibraryProblem, match="gone already"):
        library.restore(first, MINE)
    assert second in {run.id for run in library.runs()}


def test_records_are_read_without_the_weights(library, trained):
    run_id = library.keep("x", SMALL, trained, MINE)
    assert library.records(run_id) == library.load(run_id).records
    with pytest.raises(LibraryProblem, match="are gone"):
        library.records("0" * 16)
