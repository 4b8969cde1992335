"""The trainer of the character models (docs/architecture.md) and its answers to questions.

K classes, C char_embedding_dim, V known characters, W width of a text's vector.
"""

import functools
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.characters.classifier import Classifier
from core.characters.robustness import robustness
from core.characters.tensors import tensors as tensors_of
from core.characters.training import advance, init_state
from core.configs.characters import CharacterConfig, is_cnn, reads_characters
from core.engine.state import State
from core.queries import codings
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


def read(model: Classifier, _: TextTask, text: str) -> dict[str, Any]:
    """The answer to a typed text, and what explains it.

    Returns:
        characters: (character, id or None) of the folded text, as far as the model reads.
        words: (word, id) with 1 for an unknown one.
        length: T, to which it is padded.
        probabilities: [K].
        And for a model that reads characters: vectors [characters, C] (0 for an unknown one),
        occlusion [characters]; for a CNN windows, see `_windows`.
    """
    characters = model.characters(text)
    answer: dict[str, Any] = {
        "characters": characters,
        "words": model.reader.vocabulary.read(text)[: model.reader.num_slots],
        "length": model.reader.length,
        "probabilities": model.predict([text])[0],
    }
    if not reads_characters(model.config):
        return answer
    vectors = model.char_vectors()[1]  # [V, C]
    first_id = model.reader.alphabet.first_id
    rows = [vectors[i - first_id] if i and i >= first_id else 0 * vectors[0] for _, i in characters]
    answer |= {"vectors": rows, "occlusion": model.occlusion(text)[: len(characters)]}
    return answer | (_windows(model, text) if is_cnn(model.config) else {})


def _windows(model: Classifier, text: str, count: int = 4) -> dict[str, Any]:
    """windows: the `count` windows with the most evidence for the predicted class, as (start,
    width, log-odds of all filters with their maximum there, number of these filters), largest
    first.
    """
    windows = model.windows(text)
    evidence_of = defaultdict(list)
    for start, width, evidence in zip(
        windows.starts, windows.widths, windows.evidence, strict=True
    ):
        if evidence:
            evidence_of[int(start), int(width)].append(float(evidence))
    summed = [(*window, sum(parts), len(parts)) for window, parts in evidence_of.items()]
    best = sorted(summed, key=lambda window: -window[2])[:count]
    return {"windows": [window for window in best if window[2] > 0]}


def break_it(
    model: Classifier,
    task: TextTask,
    rates: Sequence[float],
    only_unknown: bool,
    num_texts: int,
) -> dict[str, Any]:
    """accuracies [rates] on some test texts with typos, the same for every model; see
    `core.characters.robustness`.
    """
    some = replace(task, splits={**task.splits, "test": task.splits["test"][:num_texts]})
    return {"accuracies": robustness(model, some, rates=rates, only_unknown=only_unknown)}


def char_map(model: Classifier, _: TextTask) -> dict[str, Any]:
    """characters (V) and positions [V, 2]: their vectors along two principal components."""
    characters, vectors = model.char_vectors()
    centred = vectors - vectors.mean(axis=0)  # [V, C]
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]  # [2, C]
    return {"characters": characters, "positions": centred @ directions.T}


def tensors(model: Classifier, _: TextTask, text: str) -> dict[str, Any]:
    """tensors: (name, array) of a text, see `core.characters.tensors`; characters: the T characters
    that the network reads, "" for padding.
    """
    characters = [character for character, id_ in model.characters(text) if id_]
    padding = [""] * (model.reader.length - len(characters))
    return {"tensors": tensors_of(model, text), "characters": characters + padding}


def codes(model: Classifier, task: TextTask, num_points: int, _: str) -> dict[str, Any]:
    """The vectors of the first test texts, see `core.queries.codings.of_words`."""
    texts, labels = task.rows("test")
    words = texts[:num_points]
    return codings.of_words(
        words, model.embed(words), np.array(labels[:num_points]), task.class_names
    )


def encoded(model: Classifier, _: TextTask, text: str, __: str) -> dict[str, Any]:
    """codes: the vector of a text, [1, W]."""
    return {"codes": model.embed([text])}


ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    answer.__name__: answer for answer in (read, break_it, char_map, tensors, codes, encoded)
}
