"""A character model while it trains: what the job layer asks for, and what a page asks it.

K classes, E char_embedding_dim, V known characters.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.characters.classifier import Classifier
from core.characters.config import CharacterConfig, is_cnn, reads_characters
from core.characters.robustness import robustness
from core.characters.tasks import TextTask
from core.characters.training import advance, init_state
from core.progress import State

__all__ = ["ANSWERS", "advance", "begin", "shared_model"]


def begin(config: CharacterConfig, task: TextTask, seed: int) -> State:
    """The state before the first update."""
    return init_state(config, task, seed)


def shared_model(config: CharacterConfig, task: TextTask, state: State) -> Classifier:
    """A classifier with the weights of `state`, only good until the next call."""
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
    """What the model makes of a typed text.

    Returns:
        characters: (character, id or None) of the folded text, as far as the model reads.
        words: (word, id) with 1 for an unknown one.
        length: T, to which it is padded.
        probabilities: [K].
        And for a model that reads characters: vectors [characters, E] (0 for an unknown one),
        occlusion [characters]; for a CNN windows: (starts, widths, evidence), strongest first.
    """
    characters = model.reader.alphabet.read(text)[: model.reader.length]
    found: dict[str, Any] = {
        "characters": characters,
        "words": model.reader.vocabulary.read(text)[: model.reader.num_slots],
        "length": model.reader.length,
        "probabilities": model.predict([text])[0],
    }
    if not reads_characters(model.config):
        return found
    vectors, first = model.char_vectors()[1], model.reader.alphabet.first_id
    rows = [vectors[i - first] if i and i >= first else 0 * vectors[0] for _, i in characters]
    found |= {"vectors": rows, "occlusion": model.occlusion(text)[: len(characters)]}
    return found | (_windows(model, text) if is_cnn(model.config) else {})


def _windows(model: Classifier, text: str, count: int = 5) -> dict[str, Any]:
    windows = model.windows(text)
    best = np.argsort(-windows.evidence)[:count]
    best = best[windows.evidence[best] > 0]
    return {"windows": [(int(windows.starts[i]), int(windows.widths[i])) for i in best]}


def break_it(
    model: Classifier, task: TextTask, rates: Sequence[float], seed: int, only_unknown: bool
) -> dict[str, Any]:
    """accuracies [rates] on test texts with typos; see `core.characters.robustness`."""
    values = robustness(model, task, rates=rates, seed=seed, only_unknown=only_unknown)
    return {"accuracies": values}


def char_map(model: Classifier, _: TextTask) -> dict[str, Any]:
    """characters (V) and positions [V, 2]: their vectors along the two main directions."""
    characters, vectors = model.char_vectors()
    centred = vectors - vectors.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]
    return {"characters": characters, "positions": centred @ directions.T}


ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    answer.__name__: answer for answer in (read, break_it, char_map)
}
