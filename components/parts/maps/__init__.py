"""What the map page shows under its map, one part at a time."""

from components.knobs.switch import Part
from components.parts.maps import beside, epochs, honesty, place

PARTS: dict[str, Part] = {
    "me": Part("Put me on the map", place.show),
    "beside": Part("Beside PCA and pixels", beside.show),
    "honesty": Part("Honesty", honesty.show),
    "epochs": Part("Before and after", epochs.show),
}
