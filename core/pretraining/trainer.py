"""Phase 2 while it trains: what the job layer asks for, and what a page asks it.

N rows, K classes, D pixels.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from core.configs.labels import LabelConfig
from core.datasets import load_dataset
from core.engine import advance as engine
from core.engine.advance import Readings, TrainingLoop
from core.engine.state import Record, State, TrainingDiverged
from core.pretraining import arms, labelled, material, words
from core.pretraining.arms import Scores
from core.pretraining.encoders import Encoder
from core.pretraining.experiment import ARMS, NEURAL, Labelling
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


@functools.lru_cache(maxsize=4)
def lesson_of(given: Labelling) -> Lesson:
    """The lesson of an experiment.

    Raises:
        ValueError: Data without labels, or labels that are not there; see `labelled.check`.
    """
    found = material_of(given.encoder, given.dataset)
    if given.bought:
        rows = np.array([row for row in given.bought if row < len(found.y_train)], int)
    else:
        count, balanced = given.num_labels, given.balanced
        labelled.check(found.y_train, found.class_names, count, balanced=balanced)
        rows = labelled.draw(found.y_train, count, given.seed, balanced=balanced)
    labelled.check_rows(found.y_train[rows], found.class_names)
    return Lesson(found, tuple(rows.tolist()))


@functools.lru_cache(maxsize=4)
def material_of(encoder: Encoder, dataset: str | None) -> Material:
    """The material of a data set, or of the words; the last few stay in memory."""
    if dataset is None:
        return material.of_words(encoder)
    return material.of_images(load_dataset(dataset), encoder)


def begin(_: LabelConfig, given: Labelling, seed: int) -> State:
    """The state before the first update: the nets of the three neural arms."""
    lesson = lesson_of(given)
    return _state([arms.begin(arm, lesson.material, seed) for arm in NEURAL], seed, 0)


class LabelLoop(TrainingLoop):
    """The neural arms on their labelled rows; at a record every arm is tested, on at most 2,000
    rows.
    """

    sums = NEURAL
    told = ("learning_rate",)

    def __init__(self, lesson: Lesson) -> None:
        self.lesson, self.rows = lesson, np.array(lesson.rows)
        self.nets: list[Net] = []
        self.updates_a_record = labelled.updates_a_record(len(lesson.rows))
        self.updates_at_once = self.updates_a_record

    def diverged(self, epoch: int, rate: float) -> TrainingDiverged:
        return TrainingDiverged(
            f"The loss left the finite numbers, at a learning rate of {rate:g}. Choose a smaller "
            "one."
        )

    def load(self, state: State) -> None:
        self.nets = _nets(self.lesson, state)

    def state(self, seed: int, update: int, sums: tuple[np.float32, ...]) -> State:
        nets = [net._replace(total=total) for net, total in zip(self.nets, sums, strict=True)]
        return _state(nets, seed, update)

    def batches(
        self, seed: int, base: int, updates: range, coefficients: Mapping[str, float]
    ) -> tuple[Stretch, float]:
        """Which updates they are, and the learning rate: `nets.train` makes the batches."""
        return Stretch(seed, updates.start, len(updates)), coefficients["learning_rate"]

    def run(
        self, batches: Any, bounds: Mapping[str, Any], coefficients: Mapping[str, Any], sums: Any
    ) -> Any:
        stretch, rate = batches
        self.nets = [
            arms.advance(
                arm, net._replace(total=total), self.lesson.material, self.rows, stretch, rate
            )
            for arm, net, total in zip(NEURAL, self.nets, sums, strict=True)
        ]
        return [net.total for net in self.nets]

    def evaluate(
        self, coefficients: Mapping[str, Any], means: dict[str, float]
    ) -> tuple[dict[str, float], dict[str, float], Readings]:
        """The mean cross-entropy of each neural arm, and the accuracy of every arm."""
        given, model = self.lesson.material, Model(tuple(self.nets), self.lesson)
        x, raw, y = (part[:MOST_TESTED] for part in (given.x_test, given.raw_test, given.y_test))
        accuracies: Readings = {}
        tested = {}
        for arm in ARMS:
            scores = model.scores(arm)(x, raw) if arm in NEURAL else _tested(arm, self.lesson)
            accuracies[arm] = float(np.mean(scores.argmax(axis=1) == y))
            if arm in NEURAL:
                right = scores[np.arange(len(y)), y]
                tested[arm] = float(-np.log(np.maximum(right, 1e-12)).mean())
        return means, tested, accuracies


def advance(
    _: LabelConfig,
    given: Labelling,
    state: State,
    coefficients: dict[str, float],
    *,
    num_updates: int,
) -> tuple[State, list[Record]]:
    """Trains the neural arms for `num_updates` updates each; a record every
    `labelled.updates_a_record`.

    Raises:
        TrainingDiverged: A loss is no longer a finite number.
    """
    loop = LabelLoop(lesson_of(given))
    return engine.advance(loop, state, coefficients, num_updates=num_updates)


@functools.lru_cache(maxsize=32)
def _baseline(arm: str, lesson: Lesson) -> Scores:
    return arms.BASELINES[arm](lesson.material, np.array(lesson.rows))


@functools.lru_cache(maxsize=32)
def _tested(arm: str, lesson: Lesson) -> np.ndarray:
    given = lesson.material
    return _baseline(arm, lesson)(given.x_test[:MOST_TESTED], given.raw_test[:MOST_TESTED])


def shared_model(_: LabelConfig, given: Labelling, state: State) -> Model:
    """The nets as they stand, and the lesson."""
    lesson = lesson_of(given)
    return Model(tuple(_nets(lesson, state)), lesson)


def vote(model: Model, _: Labelling, given: Any) -> dict[str, Any]:
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


def judge(model: Model, _: Labelling, arm: str) -> dict[str, Any]:
    """An arm on at most 2,000 test rows: confusion int [K, K] (rows are the true classes), and its
    most confident mistakes: rows, predicted, actual, lead (how far the answer's score is above the
    true class's), and shown, see `_shown`.
    """
    given = model.lesson.material
    y = given.y_test[:MOST_TESTED]
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


def labels(model: Model, _: Labelling) -> dict[str, Any]:
    """The labelled rows, at most 200 of them: rows, labels and shown; class_names."""
    given, rows = model.lesson.material, np.array(model.lesson.rows[:MOST_SHOWN])
    return {"rows": rows, "labels": given.y_train[rows], "class_names": given.class_names,
            "shown": _shown(given, "train", rows)}  # fmt: skip


def candidates(model: Model, _: Labelling, count: int) -> dict[str, Any]:
    """The first training rows, as nobody has labelled them yet: their scaled codes, shown, and the
    labels that would be paid for.
    """
    given = model.lesson.material
    rows = np.arange(min(count, len(given.x_train)))
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
