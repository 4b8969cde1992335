"""What the page of the speller shows under the corrected text, one part at a time."""

from components.knobs.switch import Part, Stage
from components.parts.spelling import alarms, forms, learning, neighbours

PARTS: dict[str, Part] = {
    "learning": Part("Learning", learning.show),
    "neighbours": Part("Neighbours", neighbours.show),
    "forms": Part("Forms of a word", forms.show),
    "alarms": Part("False alarms", alarms.show),
}
STAGE = Stage(PARTS)
