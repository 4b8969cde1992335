"""The trainer of a sweep over numbers of labels: an update is one number, at which every arm is
trained to the end.
"""

from dataclasses import replace
from typing import Any

from core.configs.labels import LabelConfig
from core.engine.state import Record, State
from core.pretraining import efficiency, labelled
from core.pretraining.experiment import ARMS, Labelling, budgets
from core.pretraining.trainer import material_of

ANSWERS: dict[type[Any], Any] = {}


def begin(_: LabelConfig, __: Labelling, seed: int) -> State:
    """The state before the first number of labels: empty but for the seed."""
    return State((), (), seed, 0, ())


def advance(
    config: LabelConfig,
    labelling: Labelling,
    state: State,
    coefficients: dict[str, float],
    *,
    num_updates: int,
) -> tuple[State, list[Record]]:
    """Trains for `num_updates` numbers of labels; a record for each, whose readings are the number
    of labels and the accuracy of every arm on all test rows.

    Raises:
        ValueError: Labelled rows from which nothing can be learned.
        TrainingDiverged: The loss of a net is no longer a finite number.
    """
    material = material_of(labelling.encoder, labelling.dataset)
    rate = coefficients["learning_rate"]
    records = []
    for update in range(state.update, state.update + num_updates):
        count = budgets(len(material.y_train))[update]
        rows = labelled.draw(material.y_train, count, state.seed, balanced=config.balanced)
        labelled.check_rows(material.y_train[rows], material.class_names)
        accuracies = {
            arm: efficiency.accuracy(arm, material, rows, state.seed, rate) for arm in ARMS
        }
        readings: dict[str, float | tuple[float, ...]] = {"num_labels": float(count), **accuracies}
        error = {"total": 1 - max(accuracies.values())}
        records.append(Record(update + 1, error, readings, error, {"learning_rate": rate}))
    return replace(state, update=state.update + num_updates), records


def shared_model(_: LabelConfig, __: Labelling, ___: State) -> None:
    """None: a sweep answers no questions."""
