"""The trainer of phase 2 (docs/architecture.md) and its answers to questions.

N rows, K classes, D pixels, Z codes.
"""

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from core.configs.labels import LabelConfig
from core.datasets import load_dataset
from core.engine.advance import Readings, TrainingLoop
from core.engine.advance import advance as advance_loop
from core.engine.state import Record, State, TrainingDiverged
from core.pretraining import arms, labelled, material, words
from core.pretraining.arms import Scores
from core.pretraining.encoders import Encoder
from core.pretraining.experiment import ARMS, NEURAL, Labelling
from core.pretraining.material import Material
from core.pretraining.net_loop import NetLoop
from core.pretraining.nets import Net
from core.pretraining.questions import (
    Candidates,
    JudgeArm,
    Judgement,
    LabelledRows,
    Labels,
    Offer,
    Vote,
    Votes,
)
from core.question import Question

MAX_TESTED = 2_000
NUM_MISTAKES = 12
MAX_SHOWN = 200
MAX_BRIGHTNESS = 255


@dataclass(frozen=True)
class LabelledMaterial:
    """Material, and the training rows of it that are labelled."""

    material: Material
    rows: tuple[int, ...]


class Model(NamedTuple):
    """The nets of the neural arms in a state of training, and the data of all arms."""

    nets: tuple[Net, ...]
    data: LabelledMaterial

    def scores(self, arm: str) -> Scores:
        """The trained arm, a function to scores."""
        if arm in NEURAL:
            return arms.scores_of(arm, self.nets[NEURAL.index(arm)], self.data.material)
        return _baseline(arm, self.data)


@functools.lru_cache(maxsize=4)
def labelled_material_of(labelling: Labelling) -> LabelledMaterial:
    """The material of an experiment with its labelled rows.

    Raises:
        ValueError: Data without labels, or labels that the data cannot give; see `labelled.check`.
    """
    data = material_of(labelling.encoder, labelling.dataset)
    labels = data.y_train
    if labelling.bought:
        rows = np.array([row for row in labelling.bought if row < len(labels)], int)
    else:
        count = labelling.num_labels
        labelled.check(labels, data.class_names, count, balanced=labelling.balanced)
        rows = labelled.draw(labels, count, labelling.seed, balanced=labelling.balanced)
    labelled.check_rows(labels[rows], data.class_names)
    return LabelledMaterial(data, tuple(rows.tolist()))


@functools.lru_cache(maxsize=4)
def material_of(encoder: Encoder, dataset: str | None) -> Material:
    """The material of a data set, or of the words; the last few stay in memory."""
    if dataset is None:
        return material.of_words(encoder)
    return material.of_images(load_dataset(dataset), encoder)


def begin(_: LabelConfig, labelling: Labelling, seed: int) -> State:
    """The state before the first update: the nets of the three neural arms."""
    loop = _loop_of(labelled_material_of(labelling), seed)
    return loop.join([each.first_state(each.net.weights, seed) for each in loop.loops])


class LabelLoop(TrainingLoop):
    """The neural arms on their labelled rows; at a record every arm is tested, on at most 2,000
    rows.

    A state holds the arrays of one net after the other's, in the order of `NEURAL`.

    Args:
        seed: Of the first weights.
    """

    sums = NEURAL
    told = NetLoop.told
    updates_at_once = NetLoop.updates_at_once

    def __init__(self, data: LabelledMaterial, seed: int) -> None:
        self.data = data
        rows = np.array(data.rows)
        self.loops = [arms.loop_of(arm, data.material, rows, seed) for arm in NEURAL]
        self.updates_a_record = self.loops[0].updates_a_record

    def join(self, states: list[State]) -> State:
        """The state of all nets, from one of each."""
        weights = tuple(array for state in states for array in state.weights)
        optimizer = tuple(array for state in states for array in state.optimizer)
        sums = tuple(total for state in states for total in state.sums)
        return State(weights, optimizer, states[0].seed, states[0].update, sums)

    def split(self, state: State) -> Iterator[State]:
        """The inverse of `join`."""
        weights = iter(state.weights)
        optimizer = iter(state.optimizer)
        for loop, total in zip(self.loops, state.sums, strict=True):
            count = len(loop.net.weights)
            yield State(
                tuple(itertools.islice(weights, count)),
                tuple(itertools.islice(optimizer, 2 * count)),
                state.seed,
                state.update,
                (total,),
            )

    def load(self, state: State) -> None:
        for loop, part in zip(self.loops, self.split(state), strict=True):
            loop.load(part)

    def state(self, seed: int, update: int, sums: tuple[np.float32, ...]) -> State:
        return self.join(
            [
                loop.state(seed, update, (total,))
                for loop, total in zip(self.loops, sums, strict=True)
            ]
        )

    def batches(
        self, seed: int, base: int, updates: range, coefficients: Mapping[str, float]
    ) -> list[Any]:
        """Those of every net."""
        return [loop.batches(seed, base, updates, coefficients) for loop in self.loops]

    def run(
        self, batches: Any, bounds: Mapping[str, Any], coefficients: Mapping[str, Any], sums: Any
    ) -> Any:
        return [
            loop.run(part, bounds, coefficients, [total])[0]
            for loop, part, total in zip(self.loops, batches, sums, strict=True)
        ]

    def diverged(self, epoch: int, rate: float) -> TrainingDiverged:
        return self.loops[0].diverged(epoch, rate)

    def evaluate(
        self, coefficients: Mapping[str, Any], means: dict[str, float]
    ) -> tuple[dict[str, float], dict[str, float], Readings]:
        """The mean cross-entropy of each neural arm, and the accuracy of every arm."""
        model = Model(tuple(loop.trained() for loop in self.loops), self.data)
        x = self.data.material.x_test[:MAX_TESTED]
        raw = self.data.material.raw_test[:MAX_TESTED]
        y = self.data.material.y_test[:MAX_TESTED]  # [N]
        accuracies: Readings = {}
        losses = {}
        for arm in ARMS:
            is_neural = arm in NEURAL
            scores = model.scores(arm)(x, raw) if is_neural else _test_scores(arm, self.data)
            accuracies[arm] = float(np.mean(scores.argmax(axis=1) == y))
            if is_neural:
                probability = scores[np.arange(len(y)), y]  # [N], of the true class
                losses[arm] = float(-np.log(np.maximum(probability, 1e-12)).mean())
        return means, losses, accuracies


@functools.lru_cache(maxsize=4)
def _loop_of(data: LabelledMaterial, seed: int) -> LabelLoop:
    """The last few loops: what is read by a frozen encoder is read once."""
    return LabelLoop(data, seed)


def advance(
    _: LabelConfig,
    labelling: Labelling,
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
    loop = _loop_of(labelled_material_of(labelling), state.seed)
    return advance_loop(loop, state, coefficients, num_updates=num_updates)


@functools.lru_cache(maxsize=32)
def _baseline(arm: str, data: LabelledMaterial) -> Scores:
    """A baseline trained on the labelled rows."""
    return arms.BASELINES[arm](data.material, np.array(data.rows))


@functools.lru_cache(maxsize=32)
def _test_scores(arm: str, data: LabelledMaterial) -> np.ndarray:
    """The scores of a baseline on at most 2,000 test rows, [N, K]."""
    x = data.material.x_test[:MAX_TESTED]
    raw = data.material.raw_test[:MAX_TESTED]
    return _baseline(arm, data)(x, raw)


def shared_model(_: LabelConfig, labelling: Labelling, state: State) -> Model:
    """The model with the nets of `state`."""
    loop = _loop_of(labelled_material_of(labelling), state.seed)
    loop.load(state)
    return Model(tuple(each.trained() for each in loop.loops), loop.data)


def vote(model: Model, _: Labelling, question: Vote) -> Votes:
    """The answer to `Vote`."""
    if isinstance(question.given, str):
        x, raw = words.word_task().read([question.given])
    else:
        x = raw = np.asarray(question.given, np.float32)[None]  # [1, D]
    scores = {arm: model.scores(arm)(x, raw)[0] for arm in ARMS}  # [K] each
    answers = {arm: int(each.argmax()) for arm, each in scores.items()}
    return Votes(answers, {arm: float(scores[arm].max()) for arm in NEURAL})


def judge(model: Model, _: Labelling, question: JudgeArm) -> Judgement:
    """The answer to `JudgeArm`."""
    test = model.data.material
    y = test.y_test[:MAX_TESTED]  # [N]
    score = model.scores(question.arm)
    scores = score(test.x_test[:MAX_TESTED], test.raw_test[:MAX_TESTED])  # [N, K]
    predicted = scores.argmax(axis=1)  # [N]
    num_classes = len(test.class_names)
    confusion = np.zeros((num_classes, num_classes), int)
    np.add.at(confusion, (y, predicted), 1)
    lead = scores.max(axis=1) - scores[np.arange(len(y)), y]  # [N]
    wrong = np.flatnonzero(predicted != y)
    worst = wrong[np.argsort(-lead[wrong], kind="stable")[:NUM_MISTAKES]]
    return Judgement(
        confusion=confusion,
        rows=worst,
        predicted=predicted[worst],
        actual=y[worst],
        lead=lead[worst],
        num_tested=len(y),
        shown=_shown(test, "test", worst),
    )


def labels(model: Model, *_: Any) -> LabelledRows:
    """The answer to `Labels`."""
    train = model.data.material
    rows = np.array(model.data.rows[:MAX_SHOWN])
    shown = _shown(train, "train", rows)
    return LabelledRows(rows, train.y_train[rows], train.class_names, shown)


def candidates(model: Model, _: Labelling, question: Candidates) -> Offer:
    """The answer to `Candidates`."""
    train = model.data.material
    rows = np.arange(min(question.count, len(train.x_train)))
    codes = train.codes(train.x_train[rows])
    return Offer(codes, _shown(train, "train", rows), train.y_train[rows])


def _shown(data: Material, split: str, rows: np.ndarray) -> Any:
    """The rows of a split as they are looked at: images as brightness, uint8 [N, D], or words."""
    if data.encoder.activations is None:
        train, test = words.word_task().words
        texts = train if split == "train" else test
        return [texts[row] for row in rows]
    x = data.x_train if split == "train" else data.x_test
    return np.rint(MAX_BRIGHTNESS * np.clip(x[rows], 0, 1)).astype(np.uint8)


ANSWERS: dict[type[Question[Any]], Callable[[Any, Any, Any], Any]] = {
    Vote: vote,
    JudgeArm: judge,
    Labels: labels,
    Candidates: candidates,
}
