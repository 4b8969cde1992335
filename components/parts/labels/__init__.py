"""What the page of few labels shows under its two phases, one part at a time."""

from components.knobs.switch import Part
from components.parts.labels import buy, curves, kinds, learning, mistakes, vote

PARTS: dict[str, Part] = {
    "learning": Part("Phase 2 live", learning.show),
    "curves": Part("Accuracy by labels", curves.show),
    "mistakes": Part("Mistakes", mistakes.show),
    "vote": Part("Let them vote", vote.show),
    "buy": Part("Buy labels", buy.show),
    "kinds": Part("Who pretrains best", kinds.show),
}
