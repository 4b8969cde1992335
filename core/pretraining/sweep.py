"""A curve over numbers of labels for the job layer: an update is one number, at which every arm
learns to its end.
"""

from dataclasses import replace
from typing import Any

from core.configs.labels import LabelConfig
from core.engine.state import Record, State
from core.pretraining import efficiency, labelled
from core.pretraining.experiment import ARMS, Labelling, budgets
from core.pretraining.trainer import material_of

ANSWERS: dict[str, Any] = {}


def begin(_: LabelConfig, __: Labelling, seed: int) -> State:
    """Nothing is carried from one number of labels to the next."""
    return State((), (), seed, 0, ())


def advance(
    config: LabelConfig,
    labelling: Labelling,
    state: State,
    coefficients: dict[str, float],
    *,
    num_updates: int,
) -> tuple[State, list[Record]]:
    """Goes on for so many numbers of labels; a record for each, with the accuracy of every arm on
    all test rows as readings, and the number of labels.

    Raises:
        ValueError: Labelled rows from which nothing can be learned.
    """
    given, records = material_of(labelling.encoder, labelling.dataset), []
    rate = coefficients["learning_rate"]
    for number in range(state.update, state.update + num_updates):
        count = budgets(len(given.y_train))[number]
        rows = labelled.draw(given.y_train, count, state.seed, balanced=config.balanced)
        labelled.check_rows(given.y_train[rows], given.class_names)
        found = {arm: efficiency.accuracy(arm, given, rows, state.seed, rate) for arm in ARMS}
        readings: dict[str, float | tuple[float, ...]] = {"num_labels": float(count), **found}
        wrong = {"total": 1 - max(found.values())}
        records.append(Record(number + 1, wrong, readings, wrong, {"learning_rate": rate}))
    return replace(state, update=state.update + num_updates), records


def shared_model(_: LabelConfig, __: Labelling, ___: State) -> None:
    """There is no model to ask."""
