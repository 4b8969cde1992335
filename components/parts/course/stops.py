"""The chapters of the guided path, in their order; their words stand in the story "course"."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from components.pages import ROOMS, Room
from components.runs import presets, run_panel
from components.streamlit_adapter import session
from core import presets as core_presets
from core.presets import Preset

LINK = "course"


class Place(NamedTuple):
    """A page of experiments: its story, the prefix of its knobs, and its presets."""

    story: str
    key: str
    presets: Mapping[str, Preset]
    has_run: bool = True

    @property
    def room(self) -> Room:
        """Its file and title."""
        return next(room for room in ROOMS if room.story == self.story)

    def open(self, preset: str) -> None:
        """Puts a preset on the page, and trains it; only from a callback."""
        views_of = _no_views if self.has_run else None
        presets.choose(preset, self.presets[preset], self.key, views_of)


def _no_views(_: str) -> run_panel.ViewsOf:
    """The page itself says what it needs, when it is drawn."""
    return lambda _: ()


class Stop(NamedTuple):
    """A chapter.

    Attributes:
        preset: What its page opens with.
        points_at: The part of the picture to look at (a CSS selector).
        right: Which of its answers comes true.
        then: The preset by which that is seen, or "".
        turns: The widgets by which that is seen, beside it.
    """

    place: Place
    preset: str
    points_at: str
    right: int
    then: str = ""
    turns: Mapping[str, Any] = MappingProxyType({})


PLACES = {
    place.story: place
    for place in (
        Place("characters", "character", core_presets.CHARACTERS),
        Place("spelling", "speller", core_presets.SPELLING),
        Place("autoencoder", "stacked", core_presets.AUTOENCODER),
        Place("sparsity", "sparse", core_presets.SPARSITY),
        Place("denoising", "denoising", core_presets.DENOISING),
        Place("variational", "variational", core_presets.VARIATIONAL),
        Place("map", "map", core_presets.MAP, has_run=False),
        Place("labels", "labels", core_presets.LABELS, has_run=False),
    )
}
STOPS = {
    "letters": Stop(
        PLACES["characters"], "language", ".letters", 1, turns={"text_language": "taloissamemkin"}
    ),
    "spelling": Stop(
        PLACES["spelling"], "en", ".corrected", 2, turns={"text_en": "a lettre form home"}
    ),
    "bottleneck": Stop(PLACES["autoencoder"], "stacked", ".strip", 1, "undercomplete"),
    "sparse": Stop(PLACES["sparsity"], "l1", ".st-key-sparse_means", 2, "too_much"),
    "denoising": Stop(PLACES["denoising"], "gaussian", ".strip", 2, "beyond"),
    "variational": Stop(PLACES["variational"], "map", ".st-key-variational_map_pad", 1, "collapse"),
    "map": Stop(PLACES["map"], "seeds", ".st-key-map_pad", 0, turns={"seed": 7}),
    "labels": Stop(
        PLACES["labels"], "few", ".st-key-labels_learning_area", 2, turns={"lens": "learning"}
    ),
}


def begin(name: str) -> None:
    """Opens a chapter on its page; only from a callback."""
    stop = STOPS[name]
    session.visitor().stop = name
    stop.place.open(stop.preset)


def reveal(name: str, answer: int) -> None:
    """Remembers a prediction and shows what comes true; only from a callback."""
    session.visitor().progress = session.visitor().progress | {name: answer}
    show(name)


def is_shown(name: str) -> bool:
    """Whether the page stands as a reveal leaves it."""
    stop = STOPS[name]
    key = stop.place.key
    return session.page(key).preset == (stop.then or stop.preset) and all(
        session.widget_value(f"{key}_{widget}", None) == value
        for widget, value in stop.turns.items()
    )


def show(name: str) -> None:
    """Shows what comes true; only from a callback."""
    stop = STOPS[name]
    if stop.then:
        stop.place.open(stop.then)
    for widget, value in stop.turns.items():
        session.set_widget(f"{stop.place.key}_{widget}", value)
