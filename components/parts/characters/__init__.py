"""What the page of character models shows: the typed text and both answers, and one part at a time
under them.
"""

from collections.abc import Callable

from components.knobs import link, switch
from components.knobs.switch import Part
from components.parts.characters import break_it, curves, letter_map, predict, tensors, vocabulary
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.question import Views

PARTS: dict[str, Part] = {
    "curves": Part("Accuracy", curves.show),
    "break_it": Part("Break it", break_it.show),
    "tensors": Part("Tensors", tensors.show),
    "letter_map": Part("Character map", letter_map.show),
    "vocabulary": Part("Vocabulary", vocabulary.show),
}


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Draws it all, so that a keystroke draws no more of the page than this."""
    predict.show(snapshot, experiment, key)
    switch.choose(PARTS, key)
    link.write(experiment, key)
    PARTS[switch.current(PARTS, key)].show(snapshot, experiment, key)


def no_views(_: str) -> Callable[[Experiment], Views]:
    """These parts ask the model themselves."""
    return lambda _: ()
