"""Two phases of learning as one picture, in SVG: an autoencoder whose decoder leaves, and a
classifier that comes in its place. Knows nothing of Streamlit.
"""

from collections.abc import Sequence
from typing import NamedTuple

from components.figures.colours import Colours
from components.words.escaping import markup
from components.words.language import t

STEP = 110
BAR = 44
HIGH = 150
MIDDLE = HIGH / 2 + 12
UNDER = HIGH / 2 + 82
TALLEST = 108
SHORTEST = 22
MOTION = """
.leave { animation: leave 1.6s ease-in forwards; }
.arrive { animation: arrive 1.4s 1.2s ease-out backwards; }
@keyframes leave { to { transform: translate(420px, 90px) rotate(12deg); opacity: 0; } }
@keyframes arrive { from { transform: translateX(260px); opacity: 0; } }
@media (prefers-reduced-motion: reduce) {
  .leave { animation: none; opacity: 0; } .arrive { animation: none; } }
"""


class Classes(NamedTuple):
    """What the classifier tells apart, and from how many labels it learns."""

    number: int
    labels: int


def draw(
    sizes: Sequence[int],
    classes: Classes | None,
    title: str,
    colours: Colours,
    *,
    twin: bool = False,
) -> str:
    """The SVG. It does not move for those who have asked for rest.

    Args:
        sizes: Widths from the input to the code.
        classes: None while phase 1 lasts.
        twin: Whether what leaves is no decoder, but the encoder once more, reading something else.
    """
    encoder = "".join(
        (_funnel(i - 1, sizes[i - 1 : i + 1], sizes) if i else "")
        + _block(i, size, sizes, colours.latents if i else colours.ink)
        for i, size in enumerate(sizes)
    )
    inside = _mirrored(sizes, colours.latents if twin else colours.reconstruction)
    if classes:
        inside = f'<g class="leave">{inside}</g>{_classifier(sizes, classes, colours)}'
    wide = (2 * len(sizes) - 1) * STEP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 0 {wide} {HIGH + 30}">'
        f"<style>{MOTION}</style>{_text(0, 16, title, colours.ink, 'start')}{encoder}{inside}</svg>"
    )


def _mirrored(sizes: Sequence[int], colour: str) -> str:
    """The decoder, or the twin."""
    mirrored = sizes[::-1]
    code = len(sizes) - 1
    return "".join(
        _funnel(code + i - 1, mirrored[i - 1 : i + 1], sizes)
        + _block(code + i, mirrored[i], sizes, colour)
        for i in range(1, len(sizes))
    )


def _classifier(sizes: Sequence[int], classes: Classes, colours: Colours) -> str:
    """A dot a class, and the labels that come from the right."""
    x = len(sizes) * STEP + BAR / 2
    outputs = "".join(
        f'<circle cx="{x}" cy="{MIDDLE - 52 + 104 * (i + 0.5) / classes.number:.1f}" r="4" '
        f'fill="{colours.corrupted}"/>'
        for i in range(classes.number)
    )
    words = t("{count:,} labels", count=classes.labels)
    return (
        f'<g class="arrive">{_funnel(len(sizes) - 1, (sizes[-1], max(sizes)), sizes)}{outputs}'
        f"{_text(x, UNDER, f'softmax, {classes.number}', colours.corrupted)}"
        f"{_text(x + 46, MIDDLE + 5, words, colours.corrupted, 'start')}</g>"
    )


def _height(size: int, sizes: Sequence[int]) -> float:
    return max(SHORTEST, TALLEST * (size / max(sizes)) ** 0.5)


def _block(place: int, size: int, sizes: Sequence[int], colour: str) -> str:
    """A layer with its width underneath."""
    x = place * STEP
    height = _height(size, sizes)
    return (
        f'<rect x="{x}" y="{MIDDLE - height / 2:.1f}" width="{BAR}" height="{height:.1f}" '
        f'rx="4" fill="{colour}" opacity=".85"/>{_text(x + BAR / 2, UNDER, f"{size:,}", colour)}'
    )


def _funnel(place: int, two: Sequence[int], sizes: Sequence[int]) -> str:
    """The weights between two layers, the first of them at `place`."""
    left = place * STEP + BAR
    right = (place + 1) * STEP
    before, after = (_height(size, sizes) / 2 for size in two)
    corners = ((left, -before), (right, -after), (right, after), (left, before))
    points = " ".join(f"{x},{MIDDLE + y:.0f}" for x, y in corners)
    return f'<polygon points="{points}" fill="#808080" opacity=".16"/>'


def _text(x: float, y: float, words: str, colour: str, anchor: str = "middle") -> str:
    size = 12 if anchor == "middle" else 16
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" fill="{colour}" font-size="{size}" '
        f'font-family="sans-serif" text-anchor="{anchor}">{markup("{words}", words=words)}</text>'
    )
