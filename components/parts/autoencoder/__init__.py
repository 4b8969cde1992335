"""Ways to look at an autoencoder while it trains, of which one at a time is on the stage.

A module here draws one of them: `show(snapshot, experiment, key)`.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

from components.knobs import switch
from components.parts.autoencoder import compare, network, noise, numbers, pca, size
from components.runs import run_panel, stage
from core.engine.state import Snapshot
from core.experiments import Experiment


class Lens(NamedTuple):
    """A word for the switch, what it asks of the model (names of `core.queries.autoencoder.VIEWS`),
    and what draws it.
    """

    label: str
    views: Callable[[Experiment], tuple[str, ...]]
    show: run_panel.Draw


def choose(key: str) -> None:
    """Draws the switch between the lenses."""
    switch.choose(LENSES, key)


def current(key: str) -> str:
    """The lens that is chosen."""
    return switch.current(LENSES, key)


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
