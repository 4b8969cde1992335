"""What the page of few labels shows under its two phases, one part at a time."""

from collections.abc import Callable
from typing import NamedTuple

from components.knobs import switch
from components.parts.labels import buy, curves, kinds, learning, mistakes, vote
from components.streamlit_adapter.polling import repeat
from core.pretraining.experiment import LabelExperiment


class Part(NamedTuple):
    """A word for the switch, and what draws it."""

    label: str
    show: Callable[[LabelExperiment, str], None]


PARTS: dict[str, Part] = {
    "learning": Part("Phase 2 live", learning.show),
    "curves": Part("Accuracy by labels", curves.show),
    "mistakes": Part("Mistakes", mistakes.show),
    "vote": Part("Let them vote", vote.show),
    "buy": Part("Buy labels", buy.show),
    "kinds": Part("Who pretrains best", kinds.show),
}


def show(settings: LabelExperiment, key: str) -> None:
    """Draws the part that is chosen, again and again while something moves."""
    repeat(PARTS[switch.current(PARTS, key)].show, settings, key, key=key)
