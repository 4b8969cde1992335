"""Serialisation of an experiment as the parameters of a link; links are untrusted input."""

from typing import Any

from core import knobs
from core.experiments import MAX_MOVES, Experiment, Move
from core.families import make, owner, values_of
from core.message import Message, message_of


def to_params(experiment: Experiment) -> dict[str, str]:
    """All knobs of the experiment, and its moves, as texts by name."""
    values = {name: knobs.to_text(value) for name, value in values_of(experiment).items()}
    if experiment.moves:
        values["moves"] = " ".join(
            f"{m.update}:{m.name}:{knobs.to_text(m.value)}" for m in experiment.moves
        )
    return values


def from_params(
    config_class: type, values: dict[str, str], defaults: dict[str, Any]
) -> tuple[Experiment, list[str]]:
    """The experiment that a link means, and a sentence for every value in it that was ignored.

    Args:
        values: Texts by name, untrusted.
        defaults: Values of knobs that the link leaves out, by name.
    """
    chosen = dict(defaults)
    notices = []
    for name, text in values.items():
        try:
            if name != "moves":
                chosen[name] = knobs.parse(owner(config_class, name), name, text)
        except ValueError as error:
            notices.append(message_of(error))
        except KeyError:
            notices.append(Message("there is no knob {name!r}.", name=name[:40]))
    try:
        experiment = make(config_class, chosen)
    except ValueError as error:
        return make(config_class, defaults), [*notices, message_of(error)]
    try:
        moves = _parse_moves(config_class, values.get("moves", ""))
        return make(config_class, chosen | {"moves": moves}), notices
    except ValueError as error:
        return experiment, [*notices, Message("moves: {reason}", reason=error)]


def _parse_moves(config_class: type, text: str) -> tuple[Move, ...]:
    """Moves from text such as "500:learning_rate:0.01 800:l1:0.1"; raises ValueError."""
    moves = []
    for item in text.split()[: MAX_MOVES + 1]:
        update, _, rest = item.partition(":")
        name, _, value = rest.partition(":")
        is_number = update.isascii() and update.isdigit() and len(update) < 10
        if not is_number or name not in knobs.params(config_class):
            raise ValueError(
                Message(
                    "a move reads update:knob:value, such as 500:learning_rate:0.01; received "
                    "{received!r}.",
                    received=item[:60],
                )
            )
        moves.append(Move(int(update), name, knobs.parse(config_class, name, value)))
    return tuple(moves)
