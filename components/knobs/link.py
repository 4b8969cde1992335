"""The address of a page <-> an experiment. Nothing in an address is trusted."""

import streamlit as st

from components.knobs import lesson
from components.streamlit_adapter import session
from core import families, knobs, links
from core.configs.sources import names_a_run
from core.datasets import OWN
from core.experiments import Experiment
from core.message import Message

LENS = "lens"
MOMENT = "moment"
MOST_DIGITS = 9
BESIDE = ("text_", "typos", "test_", "prior_")
"""How the widgets are called that Streamlit itself holds in the address: no knobs of a run."""


def read(config_class: type, key: str, first: Experiment | None = None) -> Experiment:
    """The experiment in the address, moves included; what is missing or impossible there is as in
    `first`, else the default.

    What was ignored is kept as the notices of the page.
    """
    values = {
        name.removeprefix(f"{key}_"): value
        for name, value in st.query_params.items()
        if name.startswith(f"{key}_")
    }
    for name in [name for name in values if name == LENS or name.startswith(BESIDE)]:
        del values[name]
    notices = _read_moment(values.pop(MOMENT, ""), key)
    defaults = families.values_of(first) if first else {}
    if values.get("dataset", "").startswith(OWN) and values["dataset"] not in dict(
        session.own_titles()
    ):
        del values["dataset"]
        own = Message("own data are in no link; only the browser that chose them has them.")
        notices.append(own)
    if names_a_run(values.get("source")) and values["source"] not in dict(session.own_titles()):
        declared = knobs.params(config_class)["source"]
        notices.append(knobs.not_an_option("source", values.pop("source"), declared))
    experiment, more = links.from_params(config_class, values, defaults)
    session.page(key).notices = notices + more
    return experiment


def _read_moment(text: str, key: str) -> list[str]:
    """Takes over the moment that the address names; returns why it was ignored, if it was."""
    session.page(key).moment = None
    if not text:
        return []
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        problem = Message(
            "moment must be the number of an epoch; received {text!r}.", text=text[:40]
        )
        return [problem]
    session.page(key).moment = int(text)
    return []


def lens_in(key: str) -> str:
    """The lens that the address names, whatever it may be; "" where it names none."""
    return st.query_params.get(f"{key}_{LENS}", "")[:40]


def _chosen_part(key: str) -> str:
    return session.widget_value(f"{key}_{LENS}", None) or lens_in(key)


def write_part(key: str) -> None:
    """Makes the address of a page without knobs name the part that is chosen."""
    part = _chosen_part(key)
    if part != lens_in(key):
        st.query_params[f"{key}_{LENS}"] = part


def write(experiment: Experiment, key: str) -> None:
    """Makes the address hold the experiment: its settings at the start and the moves made since."""
    own = {f"{key}_{name}": text for name, text in links.to_params(experiment).items()}
    held = lesson.of(key)
    lens = held.part if held.holds(lesson.PARTS) else _chosen_part(key)
    own |= {f"{key}_{LENS}": lens} if lens else {}
    moment = session.page(key).moment
    own |= {} if moment is None else {f"{key}_{MOMENT}": str(moment)}
    own |= held.to_params()
    beside = tuple(f"{key}_{name}" for name in BESIDE)
    for name in list(st.query_params):
        is_ours = name.startswith((f"{key}_", lesson.PREFIX)) and not name.startswith(beside)
        if is_ours and name not in own:
            del st.query_params[name]
    if not own.items() <= st.query_params.to_dict().items():
        st.query_params.update(own)
