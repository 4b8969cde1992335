"""What a run has come to: the number by which the runs of a family are compared, and what its page
measures once it rests. Imports no TensorFlow.
"""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from core.configs import CONFIGS
from core.engine.state import Record
from core.pretraining.experiment import best_arm

MOST_POINTS = 100
MOST_LINES = 20
MOST_NAME = 60


class Score(NamedTuple):
    """The number by which the runs of a family are compared.

    Attributes:
        label: What an axis calls it.
        short: What stands over the number.
        of: Reads it off a record. Raises KeyError where the record has none.
        is_accuracy: Whether it is a share of right answers, and more is better; else less is.
    """

    label: str
    short: str
    of: Callable[[Record], float]
    is_accuracy: bool = False


def _reading(record: Record) -> float:
    return float(record.readings["accuracy"])  # type: ignore[arg-type]


ERROR = Score(
    "reconstruction error on test images",
    "Error",
    lambda record: record.validation["reconstruction"],
)
SCORES = {
    **dict.fromkeys(CONFIGS, ERROR),
    "character": Score("accuracy on held-out texts", "Accuracy", _reading, True),
    "speller": Score("accuracy among 2,048 words", "Accuracy", _reading, True),
    "map": Score(
        "KL divergence of the map", "KL divergence", lambda record: record.parts["tsne_kl"]
    ),
    "labels": Score(
        "accuracy of the best method", "Accuracy", lambda record: best_arm(record)[1], True
    ),
}
"""By family."""


def kind(family: str, config: Any, dataset: str) -> tuple[str, ...]:
    """Equal for runs whose scores can be compared: what they learn from, and the loss of an
    autoencoder or the family of others.
    """
    if family in CONFIGS:
        return dataset, config.reconstruction_loss
    if family == "map":
        points = f"{config.num_points} {config.space} {config.perplexity:g}"
        return dataset, family, config.source, points
    if family == "labels":
        return ("words" if config.source == "words" else dataset), family
    return dataset, family


class Curve(NamedTuple):
    """Accuracies of a run at rest, against something other than time.

    Attributes:
        x: Typo rates, lengths of a word list, or numbers of labels, by the family.
        lines: Accuracies at each x, by what the line is called.
    """

    x: tuple[float, ...]
    lines: dict[str, tuple[float, ...]]


class Results(NamedTuple):
    """What is known of a run beside its records.

    Attributes:
        seconds: That its training takes on one worker of the server that trained it; None for
            unknown.
        parameters: The number of trained parameters; None for unknown or none.
        marks: Numbers by name, such as "trustworthiness".
        curve: None where the family has none, or none was measured.
    """

    seconds: float | None = None
    parameters: int | None = None
    marks: Mapping[str, float] = {}
    curve: Curve | None = None


def to_text(results: Results) -> str:
    """Results as JSON."""
    values = results._asdict() | {"marks": dict(results.marks)}
    return json.dumps(values | {"curve": results.curve and results.curve._asdict()})


def from_text(text: str | None) -> Results:
    """Results from JSON, which is untrusted; none from None.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: It holds something else.
    """
    if text is None:
        return Results()
    values = json.loads(text)
    marks = {str(name)[:MOST_NAME]: _number(value) for name, value in values["marks"].items()}
    curve = values["curve"]
    return Results(
        None if values["seconds"] is None else _number(values["seconds"]),
        None if values["parameters"] is None else int(_number(values["parameters"])),
        marks,
        None if curve is None else _curve(curve),
    )


def record_to_text(record: Record) -> str:
    """A record as JSON, with the readings that are scalars."""
    readings = record.readings.items()
    scalars = {name: value for name, value in readings if not isinstance(value, tuple)}
    return json.dumps(record._asdict() | {"readings": scalars})


def record_from_text(text: str, family: str) -> Record:
    """A record from JSON, which is untrusted.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: It holds anything but numbers, or lacks the
            score of its family.
    """
    values = json.loads(text)
    parts, readings, validation, coefficients = (
        {str(key): float(value) for key, value in values[name].items()}
        for name in ("parts", "readings", "validation", "coefficients")
    )
    record = Record(int(values["epoch"]), parts, {**readings}, validation, coefficients)
    SCORES[family].of(record)
    return record


def _curve(values: dict[str, Any]) -> Curve:
    x = tuple(map(_number, values["x"]))
    lines = {
        str(name)[:MOST_NAME]: tuple(map(_number, line)) for name, line in values["lines"].items()
    }
    fits = len(x) <= MOST_POINTS and len(lines) <= MOST_LINES
    if not fits or any(len(line) != len(x) for line in lines.values()):
        raise ValueError("curve")
    return Curve(x, lines)


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("number")
    return number
