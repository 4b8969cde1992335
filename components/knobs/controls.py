"""A class of knobs -> widgets -> an experiment. The only module that makes sliders."""

from collections.abc import Sequence
from typing import Any, TypeVar

import streamlit as st

from components.knobs import lesson, link
from components.knobs.values import in_words
from components.streamlit_adapter import session
from components.words.errors import say
from components.words.language import in_all_languages, sentence, t
from core import families, knobs, links
from core.experiments import Experiment
from core.knobs import Param, parse, to_text

Stop = TypeVar("Stop")


def show(
    config_class: type, rows: Sequence[Sequence[str]], key: str, first: Experiment | None = None
) -> Experiment | None:
    """Draws every knob and returns the experiment they describe; None, with a sentence, when there
    is none such.

    Args:
        rows: Names of the knobs to show at once, row by row; all others wait behind "More knobs".
        key: Prefix of every widget key and link parameter.
        first: What a page without a link opens with; None for the defaults.
    """
    names = [
        *knobs.params(families.experiment_class(config_class)),
        *knobs.params(config_class),
    ]
    shown = {name for row in rows for name in row}
    more = [name for name in names if name not in shown]
    texts = _texts_at_first(config_class, key, first, more)
    held = lesson.of(key)
    for row in rows:
        drawn = [name for name in row if not held.hides(name)]
        for name, place in zip(drawn, st.columns(len(drawn)) if drawn else (), strict=True):
            with place:
                texts[name] = _show_knob(config_class, name, texts, key)
    drawn = [name for name in more if not held.hides(name)]
    if drawn:
        with st.expander(t("More knobs"), icon=":material/tune:"):
            for name in drawn:
                texts[name] = _show_knob(config_class, name, texts, key)
    session.page(key).knobs = texts
    return _read(config_class, texts)


def fill(experiment: Experiment, key: str) -> None:
    """Turns every knob to where it stands in an experiment; only from a callback."""
    config_class = type(experiment.config)
    texts = _texts(experiment)
    session.page(key).opening = experiment
    for name, text in texts.items():
        _turn(config_class, name, text, key)
    session.page(key).knobs = texts


def _turn(config_class: type, name: str, text: str, key: str) -> None:
    owner = families.owner(config_class, name)
    declared = knobs.params(owner)[name]
    default = knobs.defaults(owner)[name]
    value: Any = text
    if isinstance(default, bool):
        value = text == "on"
    elif isinstance(default, int) and not declared.stops and declared.options is None:
        value = int(text)
    session.set_widget(f"{key}_{name}", value)


def fill_live(experiment: Experiment, update: int, key: str) -> None:
    """Turns the live knobs to where they stood after an update of a run; only before they are
    drawn.
    """
    declared = knobs.params(experiment.config)
    texts = {
        name: to_text(value)
        for name, value in experiment.coefficients_at(update).items()
        if name in declared
    }
    for name, text in texts.items():
        _turn(type(experiment.config), name, text, key)
    session.page(key).knobs = (session.page(key).knobs or {}) | texts


def _texts_at_first(
    config_class: type, key: str, first: Experiment | None, more: Sequence[str]
) -> dict[str, str]:
    """Where the knobs stand: as they were left, else as the link says after its moves, else as in
    `first`, else at their defaults. With the link begins its lesson.
    """
    kept = session.page(key).knobs
    if kept is not None:
        return dict(kept)
    experiment = link.read(config_class, key, first)
    session.page(key).opening = experiment
    texts = _texts(experiment)
    ignored = lesson.enter(key, texts, more, link.lens_in(key))
    session.page(key).notices = [*session.page(key).notices, *ignored]
    return texts


def refusal(experiment: Experiment, key: str, part: str = "") -> str:
    """Why the lesson of a page does not let its knobs be turned to an experiment, or ""."""
    held = lesson.of(key)
    present = session.page(key).knobs or {}
    declared = knobs.params(experiment) | knobs.params(experiment.config)
    labels = [
        t(declared[name].label)
        for name, text in _texts(experiment).items()
        if held.holds(name) and present.get(name, text) != text
    ]
    labels += [t("Look at")] if part and held.holds(lesson.PARTS) and part != held.part else []
    return t("The lesson fixes {labels}.", labels=", ".join(labels)) if labels else ""


def _texts(experiment: Experiment) -> dict[str, str]:
    """Where the knobs of an experiment stand after its moves."""
    texts = links.to_params(experiment)
    texts.pop("moves", None)
    return texts | {move.name: to_text(move.value) for move in experiment.moves}


def _read(config_class: type, texts: dict[str, str]) -> Experiment | None:
    try:
        values = {
            name: parse(families.owner(config_class, name), name, text)
            for name, text in texts.items()
        }
        return families.make(config_class, values)
    except ValueError as error:
        st.error(say(error), icon=":material/block:")
        return None


def _show_knob(config_class: type, name: str, texts: dict[str, str], key: str) -> str:
    """One widget; returns its value as text: as it stands, if the lesson holds it.

    Every widget is told where it stands at every run: a browser that is late may see only the
    second one.
    """
    owner = families.owner(config_class, name)
    declared = knobs.params(owner)[name]
    default = knobs.defaults(owner)[name]
    if declared.options is not None and len(declared.options) == 1:
        return texts[name]
    common: dict[str, Any] = {
        "key": f"{key}_{name}",
        "label": t(declared.label),
        "help": t(declared.help),
        "disabled": not _acts(config_class, name, texts),
    }
    if not lesson.of(key).holds(name):
        return _show_widget(declared, default, texts[name], common)
    words = f"{t('Fixed by the lesson.')} {common['help']}"
    with st.container(key=f"{key}_{name}_locked"):
        _show_widget(declared, default, texts[name], common | {"help": words, "disabled": True})
    return texts[name]


def _show_widget(declared: Param, default: Any, text: str, common: dict[str, Any]) -> str:
    if isinstance(default, bool):
        value = session.widget_value(common["key"], text == "on")
        return to_text(st.toggle(value=value, **common))
    if declared.options is not None:
        return _show_choice(declared, text, common)
    if isinstance(default, int | float) and declared.stops:
        return _show_slider(declared, text, common)
    if isinstance(default, int):
        low, high = (int(limit) for limit in declared.limits or (0, 0))
        value = session.widget_value(common["key"], int(text))
        return to_text(
            st.number_input(min_value=low, max_value=high, value=value, step=1, **common)
        )
    return _show_widths(declared, text, common)


def _show_choice(declared: Param, text: str, common: dict[str, Any]) -> str:
    by_text = {to_text(option): in_words(declared, option) for option in declared.options or ()}
    if declared.accepts:
        own = session.own_titles()
        by_text |= {name: sentence(title) for name, title in own if declared.accepts(name)}
    present = session.widget_value(common["key"], text)
    index = list(by_text).index(present) if present in by_text else 0
    return st.selectbox(
        options=list(by_text), index=index, format_func=by_text.__getitem__, **common
    )


def _show_slider(declared: Param, text: str, common: dict[str, Any]) -> str:
    """The stops, and the present value between them if it is none of them (a link may hold any)."""
    words = {to_text(stop): t(word) for stop, word in declared.value_names.items()}
    present = session.widget_value(common["key"], text)
    options = sorted({*map(to_text, declared.stops), present}, key=float)
    return st.select_slider(
        options=options, value=present, format_func=lambda stop: words.get(stop, stop), **common
    )


def _show_widths(declared: Param, text: str, common: dict[str, Any]) -> str:
    """A menu of layer widths in which others can be typed."""
    options = [to_text(stop) for stop in declared.stops]
    held = session.widget_value(common["key"], text) or text
    present = _stop_called(held, declared)
    if present != held:
        session.set_widget(common["key"], present)
    options += [] if present in options else [present]
    index = options.index(present)
    words = {to_text(stop): t(word) for stop, word in declared.value_names.items()}
    chosen = st.selectbox(
        options=options,
        index=index,
        format_func=lambda text: words.get(text, text),
        accept_new_options=True,
        **common,
    )
    return _stop_called(chosen, declared) if chosen is not None else text


def _stop_called(text: str, declared: Param) -> str:
    """What a menu that takes new options says, as text. A browser sends the word that it shows:
    when the language has just changed, that is still the word of the other one.
    """
    for stop, word in declared.value_names.items():
        if text in in_all_languages(word):
            return to_text(stop)
    return text


def _acts(config_class: type, name: str, texts: dict[str, str]) -> bool:
    """Whether the knob changes anything beside the others as they stood a moment ago."""
    if name not in knobs.params(config_class):
        return True
    try:
        values = {
            other: parse(config_class, other, texts[other]) for other in knobs.params(config_class)
        }
        return knobs.is_active(config_class(**values), name)
    except ValueError:
        return True


def slide(
    label: str, stops: Sequence[Stop], key: str, help_text: str, first: Stop | None = None
) -> Stop:
    """A slider that is no knob of an experiment; it begins at `first`, else at the first stop."""
    value = session.widget_value(key, stops[0] if first is None else first)
    return st.select_slider(label, stops, value, key=key, help=help_text, bind="query-params")
