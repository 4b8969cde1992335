"""Ways to look at an autoencoder while it trains, of which one at a time is on the stage.

A module here draws one of them: `show(snapshot, experiment, key)`.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from components import link, run_panel, session, stage
from components.lenses import compare, network, noise, numbers, pca, size
from core.experiments import Experiment
from core.progress import Snapshot

DEFAULT = "loss"


class Lens(NamedTuple):
    """A word for the switch, what it asks of the model (names of `core.views.VIEWS`), what draws
    it.
    """

    label: str
    views: Callable[[Experiment], tuple[str, ...]]
    show: run_panel.Draw


def choose(key: str) -> None:
    """Draws the switch between the lenses."""
    st.segmented_control(
        "Look at",
        list(LENSES),
        default=current(key),
        format_func=lambda name: LENSES[name].label,
        key=f"{key}_lens",
        label_visibility="collapsed",
    )


def current(key: str) -> str:
    """The lens that is chosen, else the one that the link names."""
    named = link.lens_in(key)
    unchosen = named if named in LENSES else DEFAULT
    return session.widget_value(f"{key}_lens", unchosen) or DEFAULT


def views(key: str) -> run_panel.Views:
    """What a job must compute for the lens that is chosen."""
    return functools.partial(_views, current(key))


def views_of(name: str) -> run_panel.Views:
    """What a job must compute for a lens."""
    return functools.partial(_views, name)


def _views(name: str, experiment: Experiment) -> tuple[str, ...]:
    return ("reconstructions", *LENSES[name].views(experiment))


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Draws the run through the lens that is chosen."""
    LENSES[current(key)].show(snapshot, experiment, key)


def _views_of_loss(experiment: Experiment) -> tuple[str, ...]:
    return ("loss_floor",) if experiment.config.reconstruction_loss == "bce" else ()


LENSES: dict[str, Lens] = {
    "loss": Lens("Loss", _views_of_loss, stage.show_curve),
    "size": Lens("Error by size", lambda _: ("pca",), size.show),
    "pca": Lens("Angles to PCA", lambda _: ("pca",), pca.show),
    "noise": Lens("Pure noise", lambda _: ("pure_noise",), noise.show),
    "network": Lens("Network", lambda _: ("layers",), network.show),
    "compare": Lens("Compare", lambda _: (), compare.show),
    "numbers": Lens("Own numbers", numbers.views, numbers.show),
}
