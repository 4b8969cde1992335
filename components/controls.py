"""A class of knobs -> widgets -> an experiment. The only module that makes sliders."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components import link, session
from components.errors import plain
from core import experiments, params
from core.experiments import Experiment
from core.params import Param, parse, to_text


def show(config_class: type, rows: Sequence[Sequence[str]], key: str) -> Experiment | None:
    """Draws every knob and returns the experiment they describe; None, with a sentence, when there
    is none such.

    Args:
        rows: Names of the knobs to show at once, row by row; all others wait behind "More knobs".
        key: Prefix of every widget key and link parameter.
    """
    texts = _texts_at_first(config_class, key)
    shown = {name for row in rows for name in row}
    names = [
        *params.params(experiments.experiment_class(config_class)),
        *params.params(config_class),
    ]
    for row in rows:
        for name, place in zip(row, st.columns(len(row)), strict=True):
            with place:
                texts[name] = _show_knob(config_class, name, texts, key)
    with st.expander("More knobs", icon=":material/tune:"):
        for name in names:
            if name not in shown:
                texts[name] = _show_knob(config_class, name, texts, key)
    session.keep_texts(key, texts)
    return _read(config_class, texts)


def fill(experiment: Experiment, key: str) -> None:
    """Turns every knob to where it stands in an experiment; only from a callback."""
    config_class = type(experiment.config)
    texts = _texts(experiment)
    session.keep_opening(key, experiment)
    for name, text in texts.items():
        owner = experiments.owner(config_class, name)
        declared, default = params.params(owner)[name], params.defaults(owner)[name]
        value: Any = text
        if isinstance(default, bool):
            value = text == "on"
        elif isinstance(default, int) and not declared.stops and declared.options is None:
            value = int(text)
        session.set_widget(f"{key}_{name}", value)
    session.keep_texts(key, texts)


def _texts_at_first(config_class: type, key: str) -> dict[str, str]:
    """Where the knobs stand: as they were left, else as the link says after its moves, else at
    their defaults.
    """
    kept = session.kept_texts(key)
    if kept is not None:
        return dict(kept)
    experiment = link.read(config_class, key)
    session.keep_opening(key, experiment)
    return _texts(experiment)


def _texts(experiment: Experiment) -> dict[str, str]:
    """Where the knobs of an experiment stand after its moves."""
    texts = experiments.to_params(experiment)
    texts.pop("moves", None)
    return texts | {move.name: to_text(move.value) for move in experiment.moves}


def _read(config_class: type, texts: dict[str, str]) -> Experiment | None:
    try:
        values = {
            name: parse(experiments.owner(config_class, name), name, text)
            for name, text in texts.items()
        }
        return experiments.make(config_class, values)
    except ValueError as error:
        st.error(plain(str(error)), icon=":material/block:")
        return None


def _show_knob(config_class: type, name: str, texts: dict[str, str], key: str) -> str:
    """One widget; returns its value as text.

    Every widget is told where it stands at every run: a browser that is late may see only the
    second one.
    """
    owner = experiments.owner(config_class, name)
    declared, default = params.params(owner)[name], params.defaults(owner)[name]
    widget_key, text = f"{key}_{name}", texts[name]
    common: dict[str, Any] = {
        "key": widget_key,
        "help": declared.help,
        "disabled": not _acts(config_class, name, texts),
    }
    if declared.options is not None and len(declared.options) == 1:
        return text
    if isinstance(default, bool):
        value = session.widget_value(widget_key, text == "on")
        return to_text(st.toggle(declared.label, value, **common))
    if declared.options is not None:
        return _show_choice(declared, text, common)
    if isinstance(default, int | float) and declared.stops:
        return _show_slider(declared, text, common)
    if isinstance(default, int):
        low, high = (int(limit) for limit in declared.limits or (0, 0))
        present = session.widget_value(widget_key, int(text))
        return to_text(st.number_input(declared.label, low, high, present, step=1, **common))
    return _show_widths(declared, text, common)


def _show_choice(declared: Param, text: str, common: dict[str, Any]) -> str:
    by_text = {
        to_text(option): declared.words.get(option, to_text(option))
        for option in declared.options or ()
    }
    if declared.also:
        by_text |= {name: title for name, title in session.own_titles() if declared.also(name)}
    index = list(by_text).index(session.widget_value(common["key"], text))
    return st.selectbox(
        declared.label, list(by_text), index, format_func=by_text.__getitem__, **common
    )


def _show_slider(declared: Param, text: str, common: dict[str, Any]) -> str:
    """The stops, and the present value between them if it is none of them (a link may hold any)."""
    stops = {to_text(stop): float(stop) for stop in declared.stops}
    present = session.widget_value(common["key"], text)
    options = sorted(stops | {present: float(present)}, key=lambda option: float(option))
    return st.select_slider(declared.label, options, present, **common)


def _show_widths(declared: Param, text: str, common: dict[str, Any]) -> str:
    """A menu of layer widths in which others can be typed."""
    options = [to_text(stop) for stop in declared.stops]
    present = session.widget_value(common["key"], text) or text
    options += [] if present in options else [present]
    index = options.index(present)
    chosen = st.selectbox(declared.label, options, index, accept_new_options=True, **common)
    return chosen if chosen is not None else text


def _acts(config_class: type, name: str, texts: dict[str, str]) -> bool:
    """Whether the knob changes anything beside the others as they stood a moment ago."""
    if name not in params.params(config_class):
        return True
    try:
        values = {
            other: parse(config_class, other, texts[other]) for other in params.params(config_class)
        }
        return params.is_active(config_class(**values), name)
    except ValueError:
        return True


def slide(label: str, stops: Sequence[int], key: str, help_text: str) -> int:
    """A slider that is no knob of an experiment; it begins at the first stop."""
    return st.select_slider(label, stops, key=key, help=help_text)
