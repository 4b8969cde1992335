"""Questions about what was learned from few labels, and their answers. Imports no TensorFlow.

N rows, K classes, D pixels, Z codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from core.question import Question


class Votes(NamedTuple):
    """The class that each arm answers, and the probability of that class, for the neural ones."""

    answers: dict[str, int]
    sure: dict[str, float]


@dataclass(frozen=True, eq=False)
class Vote(Question[Votes]):
    """What every arm says of an image [D] or of a typed word."""

    given: Any

    by_hand = True


class Judgement(NamedTuple):
    """An arm on at most 2,000 test rows.

    Attributes:
        confusion: int [K, K]; rows are the true classes.
        rows: Of its most confident mistakes, first the most confident.
        predicted, actual: Their classes.
        lead: The score of the predicted class minus that of the true one.
        num_tested: How many rows.
        shown: Those rows as they are looked at: brightness, uint8 [N, D], or words.
    """

    confusion: np.ndarray
    rows: np.ndarray
    predicted: np.ndarray
    actual: np.ndarray
    lead: np.ndarray
    num_tested: int
    shown: Any


@dataclass(frozen=True)
class JudgeArm(Question[Judgement]):
    """Where an arm errs."""

    arm: str


class LabelledRows(NamedTuple):
    """The labelled rows, at most 200 of them, with their labels, as they are looked at; the classes
    of the data.
    """

    rows: np.ndarray
    labels: np.ndarray
    class_names: Sequence[str]
    shown: Any


@dataclass(frozen=True)
class Labels(Question[LabelledRows]):
    """What was labelled."""

    of_data = True


class Offer(NamedTuple):
    """Training rows from which labels are bought: their scaled codes [N, Z], as they are looked at,
    and their labels [N].
    """

    codes: np.ndarray
    shown: Any
    labels: np.ndarray


@dataclass(frozen=True)
class Candidates(Question[Offer]):
    """The first training rows."""

    count: int

    of_data = True
