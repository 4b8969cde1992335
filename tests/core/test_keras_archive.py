"""The `.keras` files hold nothing that Keras 3.8 does not know."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from core import knobs
from core.configs import (
    AutoencoderConfig,
    DenoisingConfig,
    SparseConfig,
    StackedConfig,
    VariationalConfig,
)
from core.export import keras_archive
from core.export.keras_archive import known_keys, without_newer_keys
from core.training import Run, init_state

SMALL: dict[str, Any] = {"hidden_units": (5,), "latent_dim": 2}
NO_LAYERS = {"optimizer", "learning_rate_decay", "reconstruction_loss", "corruption"}
"""Knobs with options that decide how a network is trained and not what it is made of."""


def configs(config_class: type[AutoencoderConfig], count: int) -> Iterator[AutoencoderConfig]:
    """Configs of which number i has the i-th option of every knob that a layer may depend on; a
    knob with fewer options begins again.
    """
    options = {
        name: knob.options
        for name, knob in knobs.params(config_class).items()
        if knob.options and name not in NO_LAYERS
    }
    for i in range(count):
        chosen = {name: each[i % len(each)] for name, each in options.items()}
        yield config_class(**SMALL | chosen)


def config_of(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("config.json"))


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a class, in any depth."""
    if isinstance(value, dict):
        if "module" in value:
            yield value
        for item in value.values():
            yield from objects(item)
    if isinstance(value, list):
        for item in value:
            yield from objects(item)


@pytest.mark.parametrize(
    ("config_class", "count"),
    [(SparseConfig, 5), (StackedConfig, 1), (DenoisingConfig, 1), (VariationalConfig, 1)],
)
def test_every_key_that_is_written_was_known_to_keras_3_8(
    config_class: type[AutoencoderConfig], count: int, tmp_path: Path
) -> None:
    """A sparse autoencoder has every kind of layer, so all options are tried on it."""
    path, found = tmp_path / "run.keras", set()
    for config in configs(config_class, count):
        Run(config, 6, init_state(config, 6, 0), []).save(path)
        for each in objects(config_of(path)):
            found.add(each["class_name"])
            unknown = set(each["config"]) - set(known_keys()[each["class_name"]])
            assert not unknown, f"{each['class_name']}: {unknown} of {config}"
    assert {"Functional", "InputLayer", "Dense", "GlorotUniform", "Zeros"} <= found
    if config_class is SparseConfig:
        assert {"LecunNormal", "UnitNorm"} <= found


def test_the_options_that_are_tried_are_all() -> None:
    tried = list(configs(SparseConfig, 5))
    for name, knob in knobs.params(SparseConfig).items():
        if knob.options and name not in NO_LAYERS:
            assert {getattr(config, name) for config in tried} == set(knob.options)


def test_only_newer_keys_that_switch_something_off_are_left_out() -> None:
    config = {"units": 0, "use_bias": False, "bias_constraint": None}
    newer = {"quantization_config": None, "lora_new": False, "kept": 0, "also_kept": "x"}
    layer = {"module": "keras.layers", "class_name": "Dense", "config": config | newer}
    unknown = {"class_name": "Unknown", "config": {"anything": None}}
    cleaned = without_newer_keys({"layers": [layer, unknown], "mask": None})
    assert cleaned["layers"][0]["config"] == config | {"kept": 0, "also_kept": "x"}
    assert cleaned["layers"][1] == unknown
    assert cleaned["mask"] is None


def test_a_cleaned_file_is_the_same_model(tmp_path: Path) -> None:
    """As Keras itself writes it, and without the newer keys."""
    x = keras.Input((4,))
    hidden = keras.layers.Dense(3, "selu", kernel_constraint=keras.constraints.UnitNorm())(x)
    model = keras.Model(
        x, keras.layers.Dense(2, kernel_regularizer=keras.regularizers.L2())(hidden)
    )
    model.save(tmp_path / "theirs.keras")
    keras_archive.save(model, tmp_path / "ours.keras")
    ours, theirs = (keras.models.load_model(tmp_path / f"{w}.keras") for w in ("ours", "theirs"))
    assert ours.get_config() == theirs.get_config()
    rows = np.random.default_rng(0).random((5, 4), np.float32)
    assert np.array_equal(ours(rows), theirs(rows))
    with zipfile.ZipFile(tmp_path / "ours.keras") as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {"metadata.json", "config.json", "model.weights.h5"}
