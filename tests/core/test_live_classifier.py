"""A character model in the job layer: its answers to a page."""

from typing import Any

import keras
import numpy as np
import pytest

from core.characters import stock, trainer
from core.characters.classifier import Classifier
from core.characters.questions import Read, Tensors
from core.configs.characters import CharacterConfig
from core.text.tasks import (
    LECTURE,
    TextTask,
    load_task,
)

pytestmark = [pytest.mark.trains, pytest.mark.usefixtures("eagerly")]

SMALL: dict[str, Any] = {
    "char_embedding_dim": 4,
    "word_embedding_dim": 3,
    "filters": 3,
    "kernel_sizes": (1, 4),
    "units": 5,
}
TEXT = "deep hello"
T = max(map(len, LECTURE))


@pytest.fixture(scope="module")
def toy() -> TextTask:
    return load_task("toy")


def model_of(task: TextTask, **changes: Any) -> Classifier:
    config = CharacterConfig(**SMALL | changes)
    state, _ = trainer.advance(
        config, task, trainer.begin(config, task, 0), config.coefficients(), num_updates=3
    )
    return trainer.shared_model(config, task, state)


def tensors_of(model: Classifier, task: TextTask) -> dict[str, np.ndarray]:
    return dict(trainer.ANSWERS[Tensors](model, task, Tensors(TEXT)).tensors)


@pytest.mark.parametrize("mask_padding", [True, False])
@pytest.mark.parametrize("architecture", ["lstm", "gru", "bidirectional"])
def test_hidden_states_are_those_of_the_keras_layer(
    toy: TextTask, architecture: str, mask_padding: bool
) -> None:
    model = model_of(toy, architecture=architecture, mask_padding=mask_padding)
    found = tensors_of(model, toy)
    (layer,) = model.network.readers
    again = type(layer).from_config(layer.get_config())
    for part in (
        again,
        *(getattr(again, f"{way}_layer", again) for way in ("forward", "backward")),
    ):
        part.return_sequences = True
    x = found["char_embedding"][None]
    again.build(x.shape)
    again.set_weights(layer.get_weights())
    mask = found["characters"][None] != 0 if mask_padding else None
    states = np.array(again(x, mask=mask))[0]
    assert found["hidden states"].shape == (T, model.network.output.kernel.shape[0])
    read = slice(0, len(TEXT) if mask_padding else T)
    np.testing.assert_allclose(found["hidden states"][read], states[read], atol=1e-6)


@pytest.mark.parametrize("changes", [{}, {"inputs": "hybrid"}, {"inputs": "word"}], ids=str)
def test_tensors_are_what_the_keras_layers_answer(toy: TextTask, changes: dict[str, str]) -> None:
    model = model_of(toy, **changes)
    found, plain = tensors_of(model, toy), stock.to_keras(model.network)
    inputs = [found[name][None] for name in ("characters", "words") if name in found]
    layers = {layer.name: layer.output for layer in plain.layers}
    answers = dict(
        zip(layers, keras.Model(plain.inputs, list(layers.values()))(inputs), strict=True)
    )
    np.testing.assert_allclose(found["sigmoid"], np.array(answers["output"])[0], atol=1e-6)
    np.testing.assert_allclose(found["sigmoid"], 1 / (1 + np.exp(-found["logit"])), atol=1e-6)
    if model.config.inputs != "word":
        embedding = np.array(answers["char_embedding"])[0]
        np.testing.assert_allclose(found["char_embedding"], embedding, atol=1e-6)
        assert found["characters"].tolist() == [
            *(i for _, i in model.reader.alphabet.read(TEXT)), *[0] * (T - len(TEXT))
        ]  # fmt: skip
        assert found["maxima"].shape == (2, 3)
    if model.config.inputs != "character":
        assert found["words"].shape == (2,)
        pooled = next(answer for name, answer in answers.items() if "average" in name)
        np.testing.assert_allclose(found["word_embedding"], np.array(pooled)[0], atol=1e-6)


def test_several_classes_end_in_a_softmax_and_any_text_has_tensors() -> None:
    texts = tuple(f"{stem}{end}" for stem in "abcdefgh" for end in ("ing", "ed", "ly"))
    task = TextTask(texts, np.arange(24) % 3, ("a", "b", "c"))
    model = model_of(task)
    for text in ("", "\u202e😀\x00", "x" * 1000):
        answer = trainer.ANSWERS[Tensors](model, task, Tensors(text))
        tensors = dict(answer.tensors)
        assert len(answer.characters) == len(tensors["characters"])
        assert tensors["softmax"].sum() == pytest.approx(1)
        np.testing.assert_allclose(tensors["softmax"], model.predict([text])[0], atol=1e-6)


def test_windows_stand_once_with_all_their_filters_strongest_first(toy: TextTask) -> None:
    model = model_of(toy)
    found = trainer.ANSWERS[Read](model, toy, Read(TEXT)).windows
    places = [(start, width) for start, width, _, _ in found]
    assert found
    assert len(set(places)) == len(places)
    assert [window[2] for window in found] == sorted((w[2] for w in found), reverse=True)
    windows = model.windows(TEXT)
    start, width, evidence, filters = found[0]
    same = (windows.starts == start) & (windows.widths == width)
    assert evidence == pytest.approx(windows.evidence[same].sum(), abs=1e-6)
    assert filters == np.count_nonzero(windows.evidence[same])
