"""A text as the network gets it: a column a character, with what is known of it underneath."""

import itertools
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import ImageColor

from components.figures.colours import Colours
from components.words.escaping import Markup, join, markup
from components.words.language import t

MOST_COLUMNS = 40
MOST_PADDING = 6


class Letter(NamedTuple):
    """One column.

    Attributes:
        character: The character, "" for padding.
        number: Its id; None while the network has not told it.
        is_known: Whether the alphabet holds it.
        vector: Its embedding [E], or None.
        effect: What the probability of the answer loses without it, from -1 to 1, or None.
    """

    character: str
    number: int | None
    is_known: bool = True
    vector: np.ndarray | None = None
    effect: float | None = None


class Window(NamedTuple):
    """A stretch of columns to underline.

    Attributes:
        start: Its first known character, below 0 where it hangs over the beginning.
        width: How many.
        strength: From 0 to 1.
        words: What it says on hover.
    """

    start: int
    width: int
    strength: float
    words: str

    @property
    def places(self) -> range:
        return range(self.start, self.start + self.width)


def make(letters: Sequence[Letter], colours: Colours, windows: Sequence[Window] = ()) -> Markup:
    """HTML of the columns; whatever was typed is text in it."""
    typed = [letter for letter in letters if letter.character][:MOST_COLUMNS]
    padding = [letter for letter in letters if not letter.character]
    scale = max((np.abs(x.vector).max() for x in letters if x.vector is not None), default=1.0)
    drawn = typed + padding[:MOST_PADDING]
    lanes = _lanes(windows)
    places = itertools.accumulate((x.is_known for x in drawn), initial=0)
    cells = join(
        _column(x, _lines(lanes, place if x.is_known else None, colours), float(scale), colours)
        for x, place in zip(drawn, places, strict=False)
    )
    left = len(letters) - len(typed) - min(len(padding), MOST_PADDING)
    words = t("and {left} more", left=left)
    more = markup('<div class="more">{words}</div>', words=words) if left else join(())
    return markup('<div class="letters">{cells}{more}</div>', cells=cells, more=more)


def _lanes(windows: Sequence[Window]) -> list[list[Window]]:
    """The windows in rows, none over another."""
    lanes: list[list[Window]] = []
    for window in windows:
        free = (
            lane
            for lane in lanes
            if not any(set(other.places) & set(window.places) for other in lane)
        )
        lane = next(free, None)
        if lane is None:
            lanes.append([window])
        else:
            lane.append(window)
    return lanes


def _lines(lanes: Sequence[Sequence[Window]], place: int | None, colours: Colours) -> Markup:
    """What underlines the character at a place, a line a lane."""
    return join(
        next(
            (_line(window, place, colours) for window in lane if place in window.places),
            markup("<u></u>"),
        )
        for lane in lanes
    )


def _line(window: Window, place: int | None, colours: Colours) -> Markup:
    ends = {"first": window.start, "last": window.start + window.width - 1}
    kind = " ".join(name for name, end in ends.items() if place == end)
    return markup(
        '<u class="{kind}" title="{words}" style="background:{tint}"></u>',
        kind=kind,
        words=window.words,
        tint=_tint(colours.latents, window.strength),
    )


def _column(letter: Letter, lines: Markup, scale: float, colours: Colours) -> Markup:
    kind = "padding" if not letter.character else "" if letter.is_known else "unknown"
    number = "…" if letter.number is None else letter.number
    parts = [
        markup("<b>{character}</b>", character=shown(letter.character)),
        lines,
        markup("<i>{number}</i>", number=number),
    ]
    if letter.vector is not None:
        parts.append(_strip(letter.vector / max(scale, 1e-9), colours))
    if letter.effect is not None:
        parts.append(_bar(letter.effect, colours))
    return markup(
        '<div class="letter {kind}" title="{title}">{parts}</div>',
        kind=kind,
        title=f"{described(letter.character)}, id {number}",
        parts=join(parts),
    )


def shown(character: str) -> str:
    """A character as it can be seen: symbols for a space, for padding, for what has no shape."""
    if not character:
        return "·"
    if character == " ":
        return "␣"
    category = unicodedata.category(character)
    if category.startswith(("C", "Z")):
        return "�"
    return f"◌{character}" if category.startswith("M") else character


def described(character: str) -> str:
    """What a character is called."""
    if not character:
        return t("padding")
    name = unicodedata.name(character, t("a character without a name")).lower()
    return f"{name} (U+{ord(character):04X})"


def _strip(values: np.ndarray, colours: Colours) -> Markup:
    """The vector as a stack of cells: one colour for above 0, one for below, strong when large."""
    tints = (_tint(colours.latents if v > 0 else colours.limit, abs(v)) for v in values)
    cells = join(markup('<s style="background:{tint}"></s>', tint=tint) for tint in tints)
    return markup('<div class="vector">{cells}</div>', cells=cells)


def _bar(effect: float, colours: Colours) -> Markup:
    colour = colours.reconstruction if effect > 0 else colours.corrupted
    height = min(100.0, 100 * abs(effect))
    side = "bottom" if effect > 0 else "top"
    return markup(
        '<div class="effect"><s style="height:{half:.0f}%;{side}:50%;background:{colour}"></s>'
        "</div>",
        half=height / 2,
        side=side,
        colour=colour,
    )


def _tint(colour: str, strength: float) -> str:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return f"rgba({red},{green},{blue},{min(1.0, strength):.2f})"
