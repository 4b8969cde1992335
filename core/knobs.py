"""One declaration of a hyper-parameter: default, limits, values to offer, label, help, live or not.

A dataclass whose fields are made by `param` is a *catalogue of knobs*: `check` refuses impossible
values with a sentence, `parse` reads a value from text (of a link, for example), `to_text` writes
it back, and whoever offers the knob to a reader builds the control from the same `Param`.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

from core.message import Message

MAX_LAYERS = 8


@dataclasses.dataclass(frozen=True)
class Param:
    """The declaration of one knob.

    Attributes:
        label: Its name for readers.
        help: What the reader will *see* change.
        options: The only values allowed, or None.
        limits: Lowest and highest number allowed (of each element, for a tuple), or None.
        stops: The values to offer; any other value inside `limits` is allowed too.
        live: Whether it can be changed in a running model.
        active_when: A predicate of a whole config: whether this knob has an effect in it.
        accepts: A predicate of a value that is no option: whether it is allowed all the same.
        value_names: Names of values whose own text reads badly, by value.
    """

    label: str
    help: str
    options: tuple[Any, ...] | None = None
    limits: tuple[float, float] | None = None
    stops: tuple[Any, ...] = ()
    live: bool = False
    active_when: Callable[[Any], bool] | None = None
    accepts: Callable[[Any], bool] | None = None
    value_names: Mapping[Any, str] = dataclasses.field(default_factory=dict)


def param(default: Any, *, label: str, help: str, **attributes: Any) -> Any:
    """Declares a dataclass field that is a knob; `attributes` are the others of `Param`."""
    return dataclasses.field(default=default, metadata={"param": Param(label, help, **attributes)})


def redeclare(config_class: type, name: str, default: Any, **changes: Any) -> Any:
    """A knob of `config_class` again in a subclass, with another default and changes to `Param`."""
    declared = dataclasses.replace(params(config_class)[name], **changes)
    return dataclasses.field(default=default, metadata={"param": declared})


class LiveKnobs:
    """A config some of whose knobs can be changed in a running model."""

    learning_rate_decay: str

    def coefficients(self, planned_updates: int | None = None) -> dict[str, float]:
        """The values of the live knobs by name, an argument of `advance`.

        Args:
            planned_updates: The length of the whole run, included where the schedule of the
                learning rate depends on it.
        """
        values = {name: getattr(self, name) for name, knob in params(self).items() if knob.live}
        if planned_updates and self.learning_rate_decay != "constant":
            values["planned_updates"] = float(planned_updates)
        return values

    def compiled(self) -> Any:
        """This config with its live knobs at their defaults, the key of its compilation: configs
        that differ in live knobs alone share one.
        """
        live = self.coefficients().keys()
        live_defaults = {k: value for k, value in defaults(type(self)).items() if k in live}
        return dataclasses.replace(self, **live_defaults)  # type: ignore[type-var]


def params(config: Any) -> dict[str, Param]:
    """Every knob of a config (or of its class) by name, in order of declaration."""
    return {
        field.name: field.metadata["param"]
        for field in dataclasses.fields(config)
        if "param" in field.metadata
    }


def defaults(config_class: type) -> dict[str, Any]:
    """The default of every knob by name."""
    return {
        field.name: field.default
        for field in dataclasses.fields(config_class)
        if "param" in field.metadata
    }


def is_active(config: Any, name: str) -> bool:
    """Whether the knob `name` has an effect in this config."""
    active_when = params(config)[name].active_when
    return active_when is None or active_when(config)


def check(config: Any) -> None:
    """Checks all values; turns whole numbers of float knobs into floats, and lists into tuples.

    Raises:
        ValueError: A sentence with the first knob that is wrong, its value and what is allowed.
    """
    for name, declared in params(config).items():
        default = defaults(type(config))[name]
        value = getattr(config, name)
        if isinstance(default, float) and type(value) is int and abs(value) < 1e300:
            object.__setattr__(config, name, float(value))
        if _is_widths(default) and isinstance(value, list):
            object.__setattr__(config, name, tuple(value))
        _check_value(name, getattr(config, name), default, declared)


def _check_value(name: str, value: Any, default: Any, declared: Param) -> None:
    if declared.options is not None:
        is_option = any(
            value == option and type(value) is type(option) for option in declared.options
        )
        if not is_option and not (declared.accepts and declared.accepts(value)):
            raise ValueError(not_an_option(name, value, declared))
    elif _is_widths(default):
        _check_units(name, value, declared, optional=default is None)
    elif isinstance(default, int | float):
        _check_number(name, value, declared, whole=isinstance(default, int))


def _is_widths(default: Any) -> bool:
    """Whether a knob with this default is a tuple of layer widths, or None (mirror the encoder)."""
    return default is None or isinstance(default, tuple)


def _check_number(name: str, value: Any, declared: Param, *, whole: bool) -> None:
    low, high = declared.limits or (-math.inf, math.inf)
    expected = Message("a whole number") if whole else Message("a number")
    is_number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:
        raise ValueError(
            Message(
                "{name} must be {expected} from {low:g} to {high:g}; received {received!r}.",
                name=name,
                expected=expected,
                low=low,
                high=high,
                received=value,
            )
        )


def _check_units(name: str, value: Any, declared: Param, *, optional: bool) -> None:
    if value is None and optional:
        return
    if not isinstance(value, tuple) or len(value) > MAX_LAYERS:
        raise ValueError(
            Message(
                "{name} must be a tuple of at most {most} layer widths, such as (100,) or "
                "(); received {received!r}.",
                name=name,
                most=MAX_LAYERS,
                received=value,
            )
        )
    for width in value:
        _check_number(Message("Each width of {name}", name=name), width, declared, whole=True)


def not_an_option(name: str, value: Any, declared: Param) -> str:
    """The sentence for a value that is none of a knob's options."""
    options = ", ".join(repr(option) for option in declared.options or ())
    return Message(
        "{name} must be one of {options}; received {received!r}.",
        name=name,
        options=options,
        received=value,
    )


def to_text(value: Any) -> str:
    """A value as text: tuples as "500-250", () as "none", None as "mirror", bools as "on"/"off"."""
    if value is None:
        return "mirror"
    if isinstance(value, tuple):
        return "-".join(str(width) for width in value) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float) and float(f"{value:g}") == value:
        return f"{value:g}"
    return str(value)


def parse(config_class: type, name: str, text: str) -> Any:
    """The value that `text` means for the knob `name`; inverse of `to_text`.

    Raises:
        ValueError: A sentence with the received text and what is allowed.
    """
    declared = params(config_class)[name]
    default = defaults(config_class)[name]
    value = _read(text[:200], default, declared)
    _check_value(name, value, default, declared)
    return value


def _read(text: str, default: Any, declared: Param) -> Any:
    """The value that `text` means, or the text itself where it means none."""
    text = text.strip()
    if declared.options is not None:
        return next((option for option in declared.options if to_text(option) == text), text)
    try:
        if isinstance(default, int):
            return int(text)
        if isinstance(default, float):
            return float(text)
        if default is None and text == "mirror":
            return None
        if text in ("none", ""):
            return ()
        return tuple(int(width) for width in text.replace(",", "-").split("-"))
    except ValueError:
        return text
