"""`.keras` files that Keras 3.8 and later open.

A class of Keras writes every key of its config, also those that an older Keras does not know and
refuses. `keras_keys.json` lists the keys that each class had in 3.8; `benchmarks/keras_keys.py`
writes that list.
"""

import functools
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras

from core.build import build
from core.models import FAMILIES

CONFIG = "config.json"
METADATA = "metadata.json"


def save_autoencoder(model: Any, path: str | Path) -> None:
    """Writes a `core.models.autoencoder.Autoencoder` as one model of Keras' own layers: encoder and
    decoder joined, weights untied.
    """
    untied_config = replace(model.config, tied_weights=False)
    untied = FAMILIES[untied_config.family].build(untied_config, model.encoder.input_shape[1], 0)
    untied.encoder.set_weights(model.encoder.get_weights())
    for to, layer in zip(untied.decoder.layers[1:], model.decoder.layers[1:], strict=True):
        is_tied = model.config.tied_weights
        to.set_weights(layer.dense_weights() if is_tied else layer.get_weights())
    x = untied.encoder.inputs[0]
    save(keras.Model(x, untied.decoder(untied.encoder(x)), name=untied_config.family), path)


def save(model: keras.Model, path: str | Path) -> None:
    """Writes a `.keras` file without config keys that are newer than Keras 3.8 and null or false;
    its metadata name the version of this project.
    """
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        members = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for info, content in members:
            if info.filename == CONFIG:
                content = json.dumps(without_newer_keys(json.loads(content))).encode()
            elif info.filename == METADATA:
                content = json.dumps(json.loads(content) | {"bottleneck": build()}).encode()
            archive.writestr(info, content)


def without_newer_keys(value: Any) -> Any:
    """A JSON value of a model's config, without newer keys that are null or false.

    A newer key with another value is kept: the model needs it, and an older Keras refuses it.
    """
    if isinstance(value, list):
        return [without_newer_keys(item) for item in value]
    if not isinstance(value, dict):
        return value
    cleaned = {key: without_newer_keys(item) for key, item in value.items()}
    old = known_keys().get(cleaned.get("class_name", ""))
    if old is not None:
        config = cleaned["config"].items()
        cleaned["config"] = {
            key: item for key, item in config if key in old or not (item is None or item is False)
        }
    return cleaned


@functools.cache
def known_keys() -> dict[str, list[str]]:
    """The config keys that each class had in Keras 3.8, by the name of the class."""
    path = Path(__file__).with_name("keras_keys.json")
    return json.loads(path.read_text(encoding="utf-8"))
