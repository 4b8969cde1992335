"""What the page of the speller shows under the corrected text, one part at a time."""

from typing import NamedTuple

from components.knobs import switch
from components.parts.spelling import alarms, forms, learning, neighbours
from components.runs import run_panel
from core.engine.state import Snapshot
from core.experiments import Experiment


class Part(NamedTuple):
    """A word for the switch, and what draws it."""

    label: str
    show: run_panel.Draw


PARTS: dict[str, Part] = {
    "learning": Part("Learning", learning.show),
    "neighbours": Part("Neighbours", neighbours.show),
    "forms": Part("Forms of a word", forms.show),
    "alarms": Part("False alarms", alarms.show),
}


def choose(key: str) -> None:
    """Draws the switch between the parts."""
    switch.choose(PARTS, key)


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Draws the part that is chosen."""
    PARTS[switch.current(PARTS, key)].show(snapshot, experiment, key)
