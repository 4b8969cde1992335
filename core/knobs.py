"""One declaration of a hyper-parameter: default, limits, slider stops, label, help, and whether it
acts live.

A dataclass whose fields are made by `param` is a *catalogue of knobs*: `check` refuses impossible
values with a
sentence, `parse` reads a value from text (a link, a text box), `to_text` writes it back, and the
user interface
builds its widgets from the same `Param`.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

MAX_LAYERS = 8


@dataclasses.dataclass(frozen=True)
class Param:
    """What is known of one knob.

    Attributes:
        label: What the widget, the axis and the legend say.
        help: What the user will *see* change.
        options: The only values allowed, or None.
        also: Says of a value that is no option whether it is allowed all the same.
        limits: Lowest and highest number allowed (of each element, for a tuple), or None.
        stops: The values a slider or a menu offers; any other value inside `limits` is allowed too.
        live: Whether it reaches a running model.
        active_when: Says of a whole config whether this knob acts in it.
        words: Names for values that read badly as they are.
    """

    label: str
    help: str
    options: tuple[Any, ...] | None = None
    limits: tuple[float, float] | None = None
    stops: tuple[Any, ...] = ()
    live: bool = False
    active_when: Callable[[Any], bool] | None = None
    also: Callable[[Any], bool] | None = None
    words: Mapping[Any, str] = dataclasses.field(default_factory=dict)


def param(default: Any, *, label: str, help: str, **what: Any) -> Any:
    """Declares a dataclass field that is a knob; `what` are further attributes of `Param`."""
    return dataclasses.field(default=default, metadata={"param": Param(label, help, **what)})


def redeclare(config_class: type, name: str, default: Any, **changes: Any) -> Any:
    """The same knob in a subclass, with another default and `changes` to its `Param`."""
    declared = dataclasses.replace(params(config_class)[name], **changes)
    return dataclasses.field(default=default, metadata={"param": declared})


class LiveKnobs:
    """A config some of whose knobs reach a running model."""

    learning_rate_decay: str

    def coefficients(self, planned_updates: int | None = None) -> dict[str, float]:
        """The live knobs by name: what the `advance` of its family takes anew at each call.

        With `planned_updates`, the length of the whole run, also that, if the schedule needs it.
        """
        values = {name: getattr(self, name) for name, knob in params(self).items() if knob.live}
        if planned_updates and self.learning_rate_decay != "constant":
            values["planned_updates"] = float(planned_updates)
        return values

    def compiled(self) -> Any:
        """This config with its live knobs at their defaults: two configs with equal ones share a
        compilation.
        """
        live = self.coefficients().keys()
        rest = {name: value for name, value in defaults(type(self)).items() if name in live}
        return dataclasses.replace(self, **rest)  # type: ignore[type-var]


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
    """Whether the knob `name` changes anything in this config."""
    active_when = params(config)[name].active_when
    return active_when is None or active_when(config)


def check(config: Any) -> None:
    """Refuses the first impossible value of a config.

    Raises:
        ValueError: A sentence with the knob, the received value and what is allowed.
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
        same = any(value == option and type(value) is type(option) for option in declared.options)
        if not same and not (declared.also and declared.also(value)):
            raise ValueError(not_an_option(name, value, declared))
    elif _is_widths(default):
        _check_units(name, value, declared, optional=default is None)
    elif isinstance(default, int | float):
        _check_number(name, value, declared, whole=isinstance(default, int))


def _is_widths(default: Any) -> bool:
    """Whether a knob is a row of layer widths; one of them means "like the encoder" by None."""
    return default is None or isinstance(default, tuple)


def _check_number(name: str, value: Any, declared: Param, *, whole: bool) -> None:
    low, high = declared.limits or (-math.inf, math.inf)
    kind = "a whole number" if whole else "a number"
    is_number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:
        raise ValueError(f"{name} must be {kind} from {low:g} to {high:g}; received {value!r}.")


def _check_units(name: str, value: Any, declared: Param, *, optional: bool) -> None:
    if value is None and optional:
        return
    if not isinstance(value, tuple) or len(value) > MAX_LAYERS:
        raise ValueError(
            f"{name} must be a tuple of at most {MAX_LAYERS} layer widths, such as (100,) or (); "
            f"received {value!r}."
        )
    for width in value:
        _check_number(f"Each width of {name}", width, declared, whole=True)


def not_an_option(name: str, value: Any, declared: Param) -> str:
    """The sentence that refuses a value which is none of a knob's options."""
    options = ", ".join(repr(option) for option in declared.options or ())
    return f"{name} must be one of {options}; received {value!r}."


def to_text(value: Any) -> str:
    """A value as it stands in a link: tuples as "500-250" ("none" when empty), None as "mirror"."""
    if value is None:
        return "mirror"
    if isinstance(value, tuple):
        return "-".join(str(width) for width in value) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def parse(config_class: type, name: str, text: str) -> Any:
    """The value that `text` means for the knob `name`; inverse of `to_text`.

    Raises:
        ValueError: A sentence with the received text and what is allowed.
    """
    declared, default = params(config_class)[name], defaults(config_class)[name]
    value = _read(text[:200], default, declared)
    _check_value(name, value, default, declared)
    return value


def _read(text: str, default: Any, declared: Param) -> Any:
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
        return (
            ()
            if text in ("none", "")
            else tuple(int(width) for width in text.replace(",", "-").split("-"))
        )
    except ValueError:
        return text
