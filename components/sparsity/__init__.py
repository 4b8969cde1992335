"""What the page of the sparse autoencoder shows under its strip, one part at a time."""

import functools
from typing import NamedTuple

from components import run_panel, stage, switch
from components.lenses import noise
from components.sparsity import cockpit, penalties, units
from core.experiments import Experiment
from core.progress import Snapshot


class Part(NamedTuple):
    """A word for the switch, what it asks of the model (a name in `core.views.VIEWS`, or ""), and
    what draws it.
    """

    label: str
    view: str
    show: run_panel.Draw


PARTS: dict[str, Part] = {
    "cockpit": Part("Activations", "codes", cockpit.show),
    "penalty": Part("Penalty", "codes", penalties.show),
    "units": Part("What a unit looks for", "units", units.show),
    "loss": Part("Loss", "", stage.show_curve),
    "noise": Part("Pure noise", "pure_noise", noise.show),
}


def views(key: str) -> run_panel.Views:
    """What a job must compute for the part that is chosen."""
    return views_of(switch.current(PARTS, key))


def views_of(name: str) -> run_panel.Views:
    """What a job must compute for a part."""
    return functools.partial(_views, PARTS[name].view)


def _views(name: str, _: Experiment) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("reconstructions", "codes", *([name] if name else []))))


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Draws the part that is chosen."""
    PARTS[switch.current(PARTS, key)].show(snapshot, experiment, key)
