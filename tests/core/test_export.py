"""What is exported works without this project: scripts and models run in processes that cannot see
it."""

import csv
import dataclasses
import functools
import io
import json
import os
import runpy
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.build import build
from core.configs import (
    AutoencoderConfig,
    DenoisingConfig,
    SparseConfig,
    StackedConfig,
    VariationalConfig,
)
from core.datasets import Dataset, load_dataset
from core.engine.state import Record, State
from core.experiments import Experiment, Move
from core.export.script import make_csv, make_keras, make_script
from core.training import Run, advance, init_state

pytestmark = pytest.mark.trains

FILES = {"train.py", "run.npz", "README.txt"}
PER_EPOCH = 45
"""Updates in an epoch of digits8: 1,438 rows in batches of 32, the last one filled up."""


def experiment(config: AutoencoderConfig, num_epochs: int = 4, *moves: Move) -> Experiment:
    return Experiment(config=config, dataset="digits8", num_epochs=num_epochs, moves=moves)


def rate(update: int, value: float) -> Move:
    return Move(update, "learning_rate", value)


CASES = {
    "default": (experiment(StackedConfig()), 3 * PER_EPOCH + 20),
    "tied": (
        experiment(
            StackedConfig(
                tied_weights=True,
                reconstruction_loss="bce",
                optimizer="nadam",
                learning_rate=0.005,
                learning_rate_decay="cosine",
            )
        ),
        3 * PER_EPOCH,
    ),
    "moved": (
        experiment(StackedConfig(weight_decay=0.01), 4, rate(60, 0.01), rate(110, 0.0005)),
        3 * PER_EPOCH,
    ),
}


def trained(wanted: Experiment, data: Dataset, update: int) -> tuple[State, list[Record]]:
    """As a job trains: a stretch ends where a knob moves."""
    state, records = init_state(wanted.config, data.input_dim, wanted.seed), []
    stops = sorted({move.update for move in wanted.moves if move.update < update} | {update})
    for stop in stops:
        coefficients = wanted.coefficients_at(state.update)
        count = stop - state.update
        state, new = advance(wanted.config, data, state, coefficients, num_updates=count)
        records += new
    return state, records


@functools.cache
def run_of(case: str) -> tuple[State, list[Record]]:
    wanted, update = CASES[case]
    return trained(wanted, load_dataset("digits8"), update)


def script_of(case: str) -> bytes:
    wanted, update = CASES[case]
    return make_script(wanted, update, run_of(case)[1], load_dataset("digits8"))


def unpacked(archive: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        assert set(file.namelist()) == FILES
        file.extractall(folder)
    return folder


def arrays_of(folder: Path) -> dict[str, np.ndarray]:
    with np.load(folder / "run.npz", allow_pickle=False) as file:
        return dict(file)


def start_alone(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Python elsewhere, with no path to this project."""
    environment = os.environ | {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.Popen(
        [sys.executable, "-I", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def exit_code_here(folder: Path) -> int:
    """Of the script in this process, which has TensorFlow already."""
    with pytest.raises(SystemExit) as stopped:
        runpy.run_path(str(folder / "train.py"), run_name="__main__")
    return stopped.value.code


def losses_of(records: list[Record]) -> list[list[float]]:
    return [[r.parts["total"], r.validation["total"], r.readings["rmse"]] for r in records]


def history_of(folder: Path) -> np.ndarray:
    with open(folder / "history.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["epoch"]) for row in rows] == list(range(1, len(rows) + 1))
    columns = ("train_total", "test_total", "rmse")
    return np.array([[float(row[name]) for name in columns] for row in rows])


# The script, on its own.


TRAIN_ALL = """
import os, runpy, sys
for folder in sys.argv[1:]:
    os.chdir(folder)
    try:
        runpy.run_path("train.py", run_name="__main__")
    except SystemExit as end:
        print("ended with", end.code)
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of all scripts, trained one after the other: Keras starts once."""
    folders = {case: unpacked(script_of(case), tmp_path_factory.mktemp(case)) for case in CASES}
    here, names = tmp_path_factory.mktemp("here"), map(str, folders.values())
    process = start_alone(here, "-c", TRAIN_ALL, *names)
    printed, _ = process.communicate()
    assert process.returncode == 0, printed
    assert printed.count("ended with 0") == len(CASES), printed
    assert printed.count("Epochs within 0.001 of the record: 3 of 3") == len(CASES)
    assert printed.count("Relative differences: median") == len(CASES)
    return folders


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_script_trains_the_run_again(case: str, alone: dict[str, Path]) -> None:
    records = run_of(case)[1]
    assert len(records) == 3
    np.testing.assert_allclose(history_of(alone[case]), losses_of(records), rtol=1e-3)


# The script, in this process.


def test_another_order_of_the_examples_is_another_run(tmp_path: Path) -> None:
    folder = unpacked(script_of("default"), tmp_path)
    arrays = arrays_of(folder)
    arrays["order"] = np.random.default_rng(0).permuted(arrays["order"], axis=1)
    np.savez(folder / "run.npz", **arrays)
    assert exit_code_here(folder) == 1


def test_a_move_one_update_later_is_another_run(tmp_path: Path) -> None:
    folder = unpacked(script_of("moved"), tmp_path)
    text = (folder / "train.py").read_text()
    assert "(60, 0.01)" in text
    (folder / "train.py").write_text(text.replace("(60, 0.01)", "(61, 0.01)"))
    assert exit_code_here(folder) == 1


SMALL: dict[str, Any] = {"hidden_units": (8, 5), "latent_dim": 3}
OTHERS = {
    "another decoder, moved on a cosine": experiment(
        StackedConfig(
            **SMALL,
            activation="selu",
            latent_activation="tanh",
            decoder_hidden_units=(7,),
            learning_rate_decay="cosine",
        ),
        1,
        rate(0, 0.02),
        rate(4, 0.01),
        rate(4, 0.05),
        rate(8, 0.002),
    ),
    "shallow, with a linear output": experiment(
        StackedConfig(
            hidden_units=(),
            latent_dim=3,
            latent_activation="relu",
            output_activation="linear",
            optimizer="rmsprop",
            weight_decay=1e-05,
            batch_size=20,
        )
    ),
    "tied, all rows in one batch": experiment(
        StackedConfig(
            **SMALL,
            activation="sigmoid",
            latent_activation="sigmoid",
            tied_weights=True,
            optimizer="sgd",
            learning_rate=1.0,
            reconstruction_loss="bce",
            batch_size=128,
        )
    ),
}


@pytest.fixture(scope="module")
def half_grey(easy: Dataset) -> Dataset:
    """Training rows of grey levels k/255, which fit into bytes; test rows between them."""
    levels = (np.rint(easy.x_train * 255) / np.float32(255)).astype(np.float32)
    return dataclasses.replace(easy, x_train=levels)


FIRST, *MORE = OTHERS


@pytest.mark.parametrize(
    "name", [FIRST, *(pytest.param(name, marks=pytest.mark.slow) for name in MORE)]
)
def test_every_kind_of_run_becomes_a_script(name: str, tmp_path: Path, half_grey: Dataset) -> None:
    wanted = dataclasses.replace(OTHERS[name], seed=7)
    _, records = trained(wanted, half_grey, 9)
    folder = unpacked(make_script(wanted, 9, records, half_grey), tmp_path)
    arrays = arrays_of(folder)
    assert (arrays["x_train"].dtype, arrays["x_test"].dtype) == (np.uint8, np.float32)
    assert exit_code_here(folder) == 0
    np.testing.assert_allclose(history_of(folder), losses_of(records), rtol=1e-3)
    check_style(folder / "train.py", name)


# What is in the zip.


def check_style(path: Path, name: str) -> None:
    """Nothing of this project or this computer, nothing that this run does not need, well set."""
    text = path.read_text()
    words = ("core", "bottleneck", "$", str(Path.home()), str(path.parent), "if config")
    assert [word for word in words if word in text.lower().replace("record", "")] == []
    assert ("class Transposed" in text) == ("tied" in name)
    assert ("PiecewiseConstantDecay" in text) == ("moved" in name)
    for command in (["format", "--check"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", str(path)],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("case", CASES)
def test_the_script_reads_well(case: str, tmp_path: Path) -> None:
    check_style(unpacked(script_of(case), tmp_path) / "train.py", case)


def test_the_readme_says_which_version_has_made_it(tmp_path: Path) -> None:
    text = (unpacked(script_of("tied"), tmp_path) / "README.txt").read_text(encoding="utf-8")
    assert f"Bottleneck {build()}" in " ".join(text.split())


def test_the_arrays_are_small_and_complete(tmp_path: Path) -> None:
    wanted, data = CASES["default"][0], load_dataset("digits8")
    arrays = arrays_of(unpacked(script_of("default"), tmp_path))
    order = arrays["order"]
    assert (order.shape, order.dtype) == ((3, 1440), np.uint16)
    assert all(len(set(rows[:1438])) == 1438 for rows in order)
    assert np.array_equal(order[:, 1438:], order[:, :2])
    assert np.array_equal(arrays["x_train"], data.x_train)
    assert np.array_equal(arrays["x_test"], data.x_test)
    assert arrays["epoch"].tolist() == [1, 2, 3]
    weights = [array for name, array in arrays.items() if name.startswith("weights_")]
    start = init_state(wanted.config, data.input_dim, wanted.seed).weights
    assert [w.shape for w in weights] == [w.shape for w in start]
    assert all(np.array_equal(a, b) for a, b in zip(weights, start, strict=True))


def test_the_readme_says_how_to_run_and_what_it_is(tmp_path: Path) -> None:
    text = " ".join((unpacked(script_of("default"), tmp_path) / "README.txt").read_text().split())
    for words in (
        "pip install keras==",
        "python train.py",
        "64 -> 100 -> 30",
        "seed 0",
        "3 epochs",
    ):
        assert words in text


@pytest.mark.parametrize("config", [SparseConfig(), DenoisingConfig(), VariationalConfig()])
def test_other_families_are_refused_by_name(config: AutoencoderConfig, easy: Dataset) -> None:
    with pytest.raises(ValueError, match=f"received the family {config.family}.*CSV.*keras"):
        make_script(experiment(config), PER_EPOCH, [], easy)


def test_a_run_without_a_full_epoch_is_refused() -> None:
    wanted, data = CASES["default"][0], load_dataset("digits8")
    with pytest.raises(ValueError, match="at least one full epoch"):
        make_script(wanted, PER_EPOCH - 1, [], data)


def test_a_run_whose_order_fills_a_file_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.export.script.MAX_ORDER_BYTES", 3 * 1438 * 2 - 1)
    with pytest.raises(ValueError, match="1,438 rows in 3 epochs is too much"):
        script_of("default")


# The .keras file and the CSV.

LOAD = """
import sys, keras, numpy as np
x = np.load("x.npy")
for name in sys.argv[1:]:
    np.save(name + ".npy", keras.models.load_model(name + ".keras").predict(x, verbose=0))
"""


def test_the_keras_file_needs_nothing_of_this_project(tmp_path: Path) -> None:
    names, x = ("default", "tied"), load_dataset("digits8").x_test
    np.save(tmp_path / "x.npy", x)
    for name in names:
        (tmp_path / f"{name}.keras").write_bytes(make_keras(CASES[name][0], run_of(name)[0]))
    process = start_alone(tmp_path, "-c", LOAD, *names)
    printed, _ = process.communicate()
    assert process.returncode == 0, printed
    for name in names:
        run = Run(CASES[name][0].config, 64, *run_of(name))
        copies = np.load(tmp_path / f"{name}.npy")
        np.testing.assert_allclose(copies, run.reconstruct(x), atol=1e-5)


@pytest.mark.parametrize("config", [SparseConfig(), DenoisingConfig(), VariationalConfig()])
def test_every_family_has_a_keras_file(config: AutoencoderConfig) -> None:
    archive = make_keras(experiment(config), init_state(config, 64, 0))
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        assert "model.weights.h5" in file.namelist()
        assert b"bottleneck" not in file.read("config.json").lower()
        assert json.loads(file.read("metadata.json"))["bottleneck"] == build()


def rows_of(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode())))


def test_the_csv_holds_every_number_exactly() -> None:
    records = run_of("tied")[1]
    rows = rows_of(make_csv(records))
    assert len(rows) == 3
    for row, record in zip(rows, records, strict=True):
        expected = {"epoch": float(record.epoch)}
        expected |= {f"train_{name}": value for name, value in record.parts.items()}
        expected |= {f"test_{name}": value for name, value in record.validation.items()}
        numbers = {n: v for n, v in record.readings.items() if n != "mean_activations"}
        assert {name: float(text) for name, text in row.items()} == (
            expected | numbers | record.coefficients
        )
        assert list(row)[0] == "epoch"


def test_the_csv_has_a_column_for_what_only_some_epochs_have() -> None:
    total = {"total": 0.1}
    records = [
        Record(1, total, {"rmse": 0.5}, total, {"learning_rate": 1.0}),
        Record(2, total, {"rmse": 0.25, "l0": 3.0}, total, {"learning_rate": 1.0}),
    ]
    table = make_csv(records).decode().splitlines()
    assert table == [
        "epoch,train_total,test_total,rmse,learning_rate,l0",
        "1,0.1,0.1,0.5,1.0,",
        "2,0.1,0.1,0.25,1.0,3.0",
    ]
    assert make_csv([]) == b"epoch\n"
