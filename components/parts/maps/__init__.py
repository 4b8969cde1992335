"""What the map page shows under its map, one part at a time."""

from collections.abc import Callable
from typing import NamedTuple

from components.knobs import switch
from components.parts.maps import beside, epochs, honesty, place
from components.streamlit_adapter.polling import repeat
from core.maps.experiment import MapExperiment


class Part(NamedTuple):
    """A word for the switch, and what draws it."""

    label: str
    show: Callable[[MapExperiment, str], None]


PARTS: dict[str, Part] = {
    "me": Part("Put me on the map", place.show),
    "beside": Part("Beside PCA and pixels", beside.show),
    "honesty": Part("Honesty", honesty.show),
    "epochs": Part("Before and after", epochs.show),
}


def show(settings: MapExperiment, key: str) -> None:
    """Draws the part that is chosen, again and again while something moves."""
    repeat(PARTS[switch.current(PARTS, key)].show, settings, key, key=key)
