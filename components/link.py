"""The address of a page <-> an experiment. Nothing in an address is trusted."""

import streamlit as st

from components import lesson, session
from components.language import t
from core import experiments
from core.datasets import OWN
from core.experiments import Experiment

LENS = "lens"


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
    values.pop(LENS, None)
    notices, defaults = [], experiments.values_of(first) if first else {}
    if values.get("dataset", "").startswith(OWN) and values["dataset"] not in dict(
        session.own_titles()
    ):
        del values["dataset"]
        notices = [t("own data are in no link; only the browser that chose them has them.")]
    experiment, more = experiments.from_params(config_class, values, defaults)
    session.keep_notices(key, notices + more)
    return experiment


def lens_in(key: str) -> str:
    """The lens that the address names, whatever it may be; "" where it names none."""
    return st.query_params.get(f"{key}_{LENS}", "")[:40]


def write(experiment: Experiment, key: str) -> None:
    """Makes the address hold the experiment: its settings at the start and the moves made since."""
    own = {f"{key}_{name}": text for name, text in experiments.to_params(experiment).items()}
    held = lesson.of(key)
    lens = (
        held.part
        if held.holds(lesson.PARTS)
        else session.widget_value(f"{key}_{LENS}", None) or lens_in(key)
    )
    own |= {f"{key}_{LENS}": lens} if lens else {}
    own |= held.to_params()
    others = {
        name: value
        for name, value in st.query_params.items()
        if not name.startswith((f"{key}_", lesson.PREFIX))
    }
    if others | own != st.query_params.to_dict():
        st.query_params.from_dict(others | own)
