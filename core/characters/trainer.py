"""The trainer of the character models (docs/architecture.md) and its answers to questions.

K classes, C char_embedding_dim, V known characters, W width of a text's vector.
"""

import functools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from core.characters.classifier import Classifier
from core.characters.questions import (
    CharacterMap,
    CharacterPlaces,
    NamedTensors,
    Read,
    Reading,
    ReadWindow,
    Robustness,
    Tensors,
)
from core.characters.robustness import robustness
from core.characters.tensors import tensors as tensors_of
from core.characters.training import advance, init_state
from core.configs.characters import CharacterConfig, is_cnn, reads_characters
from core.engine.state import State
from core.queries import codings
from core.queries.questions import Codes, CodesOf, MapCodes
from core.question import Question
from core.text.tasks import TextTask

__all__ = ["ANSWERS", "advance", "begin", "shared_model"]


def begin(config: CharacterConfig, task: TextTask, seed: int) -> State:
    """The state before the first update."""
    return init_state(config, task, seed)


def shared_model(config: CharacterConfig, task: TextTask, state: State) -> Classifier:
    """A classifier with the weights of `state`, shared: the next call may change its weights."""
    classifier = _classifier_for(config.compiled(), task)
    if classifier.state is not state:
        for variable, array in zip(classifier.network.variables, state.weights, strict=True):
            variable.assign(array)
        classifier.state = state
    return classifier


@functools.lru_cache(maxsize=4)
def _classifier_for(config: CharacterConfig, task: TextTask) -> Classifier:
    return Classifier(config, task, init_state(config, task, 0), [])


def read(model: Classifier, _: TextTask, question: Read) -> Reading:
    """The answer to `Read`."""
    text = question.text
    characters = model.characters(text)
    reading = Reading(
        characters,
        model.reader.vocabulary.read(text)[: model.reader.num_slots],
        model.reader.length,
        model.predict([text])[0],
    )
    if not reads_characters(model.config):
        return reading
    vectors = model.char_vectors()[1]  # [V, C]
    first_id = model.reader.alphabet.first_id
    rows = [vectors[i - first_id] if i and i >= first_id else 0 * vectors[0] for _, i in characters]
    occlusion = model.occlusion(text)[: len(characters)]
    windows = _windows(model, text) if is_cnn(model.config) else []
    return reading._replace(vectors=rows, occlusion=occlusion, windows=windows)


def _windows(model: Classifier, text: str, count: int = 4) -> list[ReadWindow]:
    """The `count` windows with the most evidence for the predicted class, largest first."""
    windows = model.windows(text)
    evidence_of = defaultdict(list)
    for start, width, evidence in zip(
        windows.starts, windows.widths, windows.evidence, strict=True
    ):
        if evidence:
            evidence_of[int(start), int(width)].append(float(evidence))
    summed = [
        ReadWindow(start, width, sum(parts), len(parts))
        for (start, width), parts in evidence_of.items()
    ]
    best = sorted(summed, key=lambda window: -window.evidence)[:count]
    return [window for window in best if window.evidence > 0]


def break_it(model: Classifier, task: TextTask, question: Robustness) -> np.ndarray:
    """The answer to `Robustness`."""
    some = task.splits["test"][: question.num_texts]
    tested = replace(task, splits={**task.splits, "test": some})
    return robustness(model, tested, rates=question.rates, only_unknown=question.only_unknown)


def character_map(model: Classifier, *_: Any) -> CharacterPlaces:
    """The answer to `CharacterMap`."""
    characters, vectors = model.char_vectors()
    centred = vectors - vectors.mean(axis=0)  # [V, C]
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]  # [2, C]
    return CharacterPlaces(characters, centred @ directions.T)


def tensors(model: Classifier, _: TextTask, question: Tensors) -> NamedTensors:
    """The answer to `Tensors`."""
    characters = [character for character, id_ in model.characters(question.text) if id_]
    padding = [""] * (model.reader.length - len(characters))
    alphabet = model.reader.alphabet
    has_matrix = reads_characters(model.config)
    matrix = (alphabet.num_ids, model.config.char_embedding_dim) if has_matrix else None
    return NamedTensors(
        tensors_of(model, question.text), characters + padding, len(alphabet.characters), matrix
    )


def codes(model: Classifier, task: TextTask, question: Codes) -> MapCodes:
    """The answer to `Codes`: the vectors of the first test texts."""
    texts, labels = task.rows("test")
    words = texts[: question.num_points]
    return codings.of_words(
        words, model.embed(words), np.array(labels)[: len(words)], task.class_names
    )


def codes_of(model: Classifier, _: TextTask, question: CodesOf) -> np.ndarray:
    """The answer to `CodesOf`: the vector of a text, [1, W]."""
    return model.embed([question.given])


ANSWERS: dict[type[Question[Any]], Callable[[Any, Any, Any], Any]] = {
    Read: read,
    Robustness: break_it,
    CharacterMap: character_map,
    Tensors: tensors,
    Codes: codes,
    CodesOf: codes_of,
}
