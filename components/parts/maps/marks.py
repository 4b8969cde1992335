"""Small maps side by side, each with its marks."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from components import pads
from components.figures import theme
from components.words.language import sentence, t
from core.jobs.seen import Seen
from core.maps.questions import Qualities, Quality
from core.message import Message
from core.queries.questions import MapPositions

HELP = Message(
    "**Trust**: trustworthiness, 1 where the ten nearest on the map are near in the codes too. "
    "**10-NN**: share of points whose class the ten nearest on the map guess right. Both on the "
    "points of the map, of many the first 2,000."
)
_pad = pads.register("maps")


class Small(NamedTuple):
    """A title, positions [N, 2] or None while they are on their way, the line under it, and why
    there never will be any positions.
    """

    title: str
    positions: np.ndarray | None
    words: str
    problem: str = ""


def of_job(title: str, job: Seen | None, answer: Qualities | None) -> Small:
    """The map of a job as it stands, with its marks once it is judged."""
    words = in_words(answer.map if answer else None)
    if job is None:
        return Small(title, None, words)
    snapshot = job.snapshot()
    view = snapshot.view(MapPositions())
    problem = sentence(snapshot.problem or "")
    return Small(title, view.positions if view else None, words, problem)


def in_words(mark: Quality | None) -> str:
    """Such as "trust 0.973 · 10-NN 0.941"; dashes while it is not known."""
    if mark is None:
        return t("trust {trust} · 10-NN {accuracy}", trust="–", accuracy="–")
    trust, accuracy = mark
    shown = "–" if accuracy is None else f"{accuracy:.3f}"
    return t("trust {trust} · 10-NN {accuracy}", trust=f"{trust:.3f}", accuracy=shown)


def show(
    maps: Sequence[Small],
    labels: np.ndarray | None,
    words: tuple[str, tuple[str, str]],
    key: str,
    *,
    columns: int,
    film: bool = False,
) -> None:
    """Draws a panel a map, points in the colours of their classes.

    Args:
        words: What the pictures are, for those who do not see them; and the names of the axes.
        film: Below them, one map that glides from each to the next.
    """
    alt, axes = words
    packed = [
        {"title": each.title, "words": each.words, "problem": each.problem,
         "positions": None if each.positions is None else pads.pack(each.positions)}
        for each in maps
    ]  # fmt: skip
    data = {
        "maps": packed,
        "labels": None if labels is None else pads.pack(labels),
        "columns": columns,
        "film": film,
        "axes": axes,
        "alt": alt,
        "colours": theme.colours()._asdict(),
    }
    _pad(key=key, data=data)
