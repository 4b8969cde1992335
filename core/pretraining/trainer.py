"""Phase 2 while it trains: what the job layer asks for, and what a page asks it.

N rows, K classes, D pixels.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from core.datasets import load_dataset
from core.engine.state import Record, State, TrainingDiverged
from core.pretraining import arms, labelled, material, words
from core.pretraining.arms import Scores
from core.pretraining.config import ARMS, NEURAL, LabelConfig
from core.pretraining.encoders import Encoder
from core.pretraining.material import Material
from core.pretraining.nets import Net, Stretch

MOST_TESTED = 2_000
NUM_MISTAKES, MOST_SHOWN = 12, 200
HIGHEST = 255


@dataclass(frozen=True)
class Lesson:
    """Material, and the rows of it that are labelled."""

    material: Material
    rows: tuple[int, ...]


class Model(NamedTuple):
    """The nets of the neural arms as they stand, and the lesson from which the others learn."""

    nets: tuple[Net, ...]
    lesson: Lesson

    def scores(self, arm: str) -> Scores:
        """What classifies by an arm."""
        if arm in NEURAL:
            return arms.scores_of(arm, self.nets[NEURAL.index(arm)], self.lesson.material)
        return _baseline(arm, self.lesson)


def lesson(encoder: Encoder, dataset: str | None, experiment: Any) -> Lesson:
    """The lesson of a `core.pretraining.config.LabelExperiment`; of words without a data set.

    Raises:
        ValueError: Data without labels, or labels that are not there; see `labelled.check`.
    """
    found, config = material_of(encoder, dataset), experiment.config
    if experiment.bought:
        rows = np.array([row for row in experiment.bought if row < len(found.y_train)], int)
    else:
        count, balanced = experiment.num_labels, config.balanced
        labelled.check(found.y_train, found.class_names, count, balanced=balanced)
        rows = labelled.draw(found.y_train, count, experiment.seed, balanced=balanced)
    labelled.check_rows(found.y_train[rows], found.class_names)
    return Lesson(found, tuple(rows.tolist()))


@functools.lru_cache(maxsize=4)
def material_of(encoder: Encoder, dataset: str | None) -> Material:
    """The material of a data set, or of the words; the last few stay in memory."""
    if dataset is None:
        return material.of_words(encoder)
    return material.of_images(load_dataset(dataset), encoder)


def begin(_: LabelConfig, lesson: Lesson, seed: int) -> State:
    """The state before the first update: the nets of the three neural arms."""
    return _state([arms.begin(arm, lesson.material, seed) for arm in NEURAL], seed, 0)


def advance(
    _: LabelConfig,
    lesson: Lesson,
    state: State,
    coefficients: dict[str, float],
    *,
    num_updates: int,
) -> tuple[State, list[Record]]:
    """Trains the neural arms for `num_updates` updates each; a record every
    `labelled.updates_a_record`, with the accuracy of every arm on at most 2,000 test rows.

    Raises:
        TrainingDiverged: A loss is no longer a finite number.
    """
    per_record, rows = labelled.updates_a_record(len(lesson.rows)), np.array(lesson.rows)
    found, update, records = _nets(lesson, state), state.update, []
    last = update + num_updates
    while update < last:
        count = min(last - update, per_record - update % per_record)
        stretch = Stretch(state.seed, update, count)
        rate = coefficients["learning_rate"]
        found = [
            arms.advance(arm, net, lesson.material, rows, stretch, rate)
            for arm, net in zip(NEURAL, found, strict=True)
        ]
        update += count
        if not np.isfinite([net.total for net in found]).all():
            raise TrainingDiverged(
                "The loss left the finite numbers, at a learning rate of "
                f"{coefficients['learning_rate']:g}. Choose a smaller one."
            )
        if update % per_record == 0:
            model = Model(tuple(found), lesson)
            records.append(_record(model, update // per_record, per_record, coefficients))
            found = [net._replace(total=np.float32(0)) for net in found]
    return _state(found, state.seed, update), records


def _record(model: Model, number: int, per_record: int, coefficients: dict[str, float]) -> Record:
    """The mean cross-entropy of each neural arm, and the accuracy of every arm."""
    given = model.lesson.material
    x, raw, y = (part[:MOST_TESTED] for part in (given.x_test, given.raw_test, given.y_test))
    entropies = {arm: float(net.total) / per_record
                 for arm, net in zip(NEURAL, model.nets, strict=True)}  # fmt: skip
    accuracies: dict[str, float | tuple[float, ...]] = {}
    tested = {}
    for arm in ARMS:
        scores = model.scores(arm)(x, raw) if arm in NEURAL else _tested(arm, model.lesson)
        accuracies[arm] = float(np.mean(scores.argmax(axis=1) == y))
        if arm in NEURAL:
            right = scores[np.arange(len(y)), y]
            tested[arm] = float(-np.log(np.maximum(right, 1e-12)).mean())
    return Record(
        number,
        entropies | {"total": sum(entropies.values())},
        accuracies,
        tested | {"total": sum(tested.values())},
        {"learning_rate": coefficients["learning_rate"]},
    )


@functools.lru_cache(maxsize=32)
def _baseline(arm: str, lesson: Lesson) -> Scores:
    return arms.BASELINES[arm](lesson.material, np.array(lesson.rows))


@functools.lru_cache(maxsize=32)
def _tested(arm: str, lesson: Lesson) -> np.ndarray:
    given = lesson.material
    return _baseline(arm, lesson)(given.x_test[:MOST_TESTED], given.raw_test[:MOST_TESTED])


def shared_model(_: LabelConfig, lesson: Lesson, state: State) -> Model:
    """The nets as they stand, and the lesson."""
    return Model(tuple(_nets(lesson, state)), lesson)


def vote(model: Model, _: Lesson, given: Any) -> dict[str, Any]:
    """What every arm makes of an image [D] or of a typed word: answers (class by arm) and sure
    (probability of that class by arm, for those that have one).
    """
    if isinstance(given, str):
        x, raw = words.task().read([given])
    else:
        x = raw = np.asarray(given, np.float32)[None]
    scores = {arm: model.scores(arm)(x, raw)[0] for arm in ARMS}
    answers = {arm: int(each.argmax()) for arm, each in scores.items()}
    return {"answers": answers, "sure": {arm: float(scores[arm].max()) for arm in NEURAL}}


def judge(model: Model, lesson: Lesson, arm: str) -> dict[str, Any]:
    """An arm on at most 2,000 test rows: confusion int [K, K] (rows are the true classes), and its
    most confident mistakes: rows, predicted, actual, lead (how far the answer's score is above the
    true class's), and shown, see `_shown`.
    """
    given, y = lesson.material, lesson.material.y_test[:MOST_TESTED]
    scores = model.scores(arm)(given.x_test[:MOST_TESTED], given.raw_test[:MOST_TESTED])
    predicted, num_classes = scores.argmax(axis=1), len(given.class_names)
    confusion = np.zeros((num_classes, num_classes), int)
    np.add.at(confusion, (y, predicted), 1)
    lead = scores.max(axis=1) - scores[np.arange(len(y)), y]
    wrong = np.flatnonzero(predicted != y)
    worst = wrong[np.argsort(-lead[wrong], kind="stable")[:NUM_MISTAKES]]
    return {"confusion": confusion, "rows": worst, "predicted": predicted[worst],
            "actual": y[worst], "lead": lead[worst], "num_tested": len(y),
            "shown": _shown(given, "test", worst)}  # fmt: skip


def labels(_: Model, lesson: Lesson) -> dict[str, Any]:
    """The labelled rows, at most 200 of them: rows, labels and shown; class_names."""
    given, rows = lesson.material, np.array(lesson.rows[:MOST_SHOWN])
    return {"rows": rows, "labels": given.y_train[rows], "class_names": given.class_names,
            "shown": _shown(given, "train", rows)}  # fmt: skip


def candidates(_: Model, lesson: Lesson, count: int) -> dict[str, Any]:
    """The first training rows, as nobody has labelled them yet: their scaled codes, shown, and the
    labels that would be paid for.
    """
    given, rows = lesson.material, np.arange(min(count, len(lesson.material.x_train)))
    return {"codes": given.codes(given.x_train[rows]), "shown": _shown(given, "train", rows),
            "labels": given.y_train[rows]}  # fmt: skip


def _shown(given: Material, split: str, rows: np.ndarray) -> Any:
    """Images as bytes, uint8 [N, D], or words."""
    if given.encoder.activations is None:
        found = words.task().words[split == "test"]
        return [found[row] for row in rows]
    x = given.x_train if split == "train" else given.x_test
    return np.rint(HIGHEST * np.clip(x[rows], 0, 1)).astype(np.uint8)


ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    answer.__name__: answer for answer in (vote, judge, labels, candidates)
}


def _state(found: list[Net], seed: int, update: int) -> State:
    weights = tuple(array for net in found for array in net.weights)
    moments = tuple(array for net in found for array in (*net.means, *net.squares))
    return State(weights, moments, seed, update, tuple(net.total for net in found))


def _nets(lesson: Lesson, state: State) -> list[Net]:
    """The nets of a state, in the order of `NEURAL`."""
    found, weights, moments = [], list(state.weights), list(state.optimizer)
    for arm, total in zip(NEURAL, state.sums, strict=True):
        empty = arms.begin(arm, lesson.material, state.seed)
        count = len(empty.weights)
        ours, weights = weights[:count], weights[count:]
        theirs, moments = moments[: 2 * count], moments[2 * count :]
        found.append(
            empty._replace(weights=tuple(ours), means=tuple(theirs[:count]),
                           squares=tuple(theirs[count:]), total=total)
        )  # fmt: skip
    return found
