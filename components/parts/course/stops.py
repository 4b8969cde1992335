"""The chapters of the guided path, in their order; their words stand in the story "course"."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from components.knobs.switch import ViewsOf
from components.pages import ROOMS, Room
from components.runs import fork, moments, presets
from components.streamlit_adapter import session
from core.presets import BY_FAMILY, Preset

LINK = "course"


class Place(NamedTuple):
    """A page of experiments, and its presets."""

    room: Room
    presets: Mapping[str, Preset]

    def open(self, name: str) -> None:
        """Puts a preset on the page, and trains it, unless the page begins its runs itself; only
        from a callback.
        """
        preset = self.presets[name]
        learns_from_another = hasattr(preset.experiment.config, "source")
        views_of = None if learns_from_another else _no_views
        presets.choose(name, preset, self.room.key, views_of)


def _no_views(_: str) -> ViewsOf:
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
        moment: The epoch to which the page then goes back, or None.
        fork: From which epoch a second run goes on, and with which live knobs, or None.
    """

    place: Place
    preset: str
    points_at: str
    right: int
    then: str = ""
    turns: Mapping[str, Any] = MappingProxyType({})
    moment: int | None = None
    fork: tuple[int, Mapping[str, float]] | None = None


PLACES = {room.story: Place(room, BY_FAMILY[room.key]) for room in ROOMS if room.key in BY_FAMILY}
STOPS = {
    "letters": Stop(
        PLACES["characters"], "language", ".letters", 1, turns={"text_language": "taloissamemkin"}
    ),
    "spelling": Stop(
        PLACES["spelling"], "en", ".corrected", 2, turns={"text_en": "a lettre form home"}
    ),
    "bottleneck": Stop(PLACES["autoencoder"], "stacked", ".strip", 1, "undercomplete"),
    "moment": Stop(PLACES["autoencoder"], "stacked", ".strip", 1, moment=1),
    "sparse": Stop(PLACES["sparsity"], "l1", ".st-key-sparse_means", 2, "too_much"),
    "fork": Stop(PLACES["sparsity"], "l1", ".strip", 2, fork=(10, {"l1": 1e-3})),
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
    key = stop.place.room.key
    if stop.moment != session.page(key).moment or bool(stop.fork) != session.is_double(key):
        return False
    return session.page(key).preset == (stop.then or stop.preset) and all(
        session.widget_value(f"{key}_{widget}", None) == value
        for widget, value in stop.turns.items()
    )


def show(name: str) -> None:
    """Shows what comes true; only from a callback."""
    stop = STOPS[name]
    if stop.then:
        stop.place.open(stop.then)
    key = stop.place.room.key
    for widget, value in stop.turns.items():
        session.set_widget(f"{key}_{widget}", value)
    if stop.moment is not None:
        moments.go_to(stop.moment, key)
    job = session.job(key)
    if stop.fork is not None and job is not None:
        epoch, knobs = stop.fork
        update = epoch * job.experiment.updates_per_epoch
        fork.put_beside(job.experiment.steered(update, knobs), key)
