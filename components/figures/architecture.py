"""A network as blocks, in SVG: small on a button, or large with the activations in it."""

import base64
import io
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageColor

from components.figures.colours import Colours
from components.words.escaping import Markup, markup
from components.words.language import t

WIDTH = 1000
HEIGHT = 330
BLOCK = 86
TALLEST = 250
SHORTEST = 26


def thumbnail(sizes: Sequence[int], colours: Colours) -> str:
    """One bar a layer, as high as its logarithm: the waist is the code."""
    step = 84 / len(sizes)
    bars = []
    code = _code(sizes)
    for i, height in enumerate(_heights(sizes, 34, 5)):
        colour = colours.latents if i == code else colours.ink if i == 0 else colours.reconstruction
        bars.append(
            f'<rect x="{i * step + step * 0.2:.1f}" y="{19 - height / 2:.1f}" rx="1.5" '
            f'width="{step * 0.6:.1f}" height="{height:.1f}" fill="{colour}"/>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 84 38">{"".join(bars)}</svg>'


def sign(text: str, colours: Colours) -> str:
    """A few letters, as large as a thumbnail."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 84 38"><text x="42" y="27" '
        f'font-size="22" font-family="monospace" text-anchor="middle" fill="{colours.latents}">'
        f"{markup('{text}', text=text)}</text></svg>"
    )


def draw(
    sizes: Sequence[int],
    activations: Sequence[str],
    values: Sequence[np.ndarray] | None,
    colours: Colours,
) -> Markup:
    """The network from input to output with the size of every layer, as an <img>.

    Args:
        sizes: Widths, the input first.
        activations: One a layer, without the input.
        values: What leaves each layer for one image, or None while that is not known.
    """
    gap = (WIDTH - len(sizes) * BLOCK) / (len(sizes) - 1)
    code = _code(sizes)
    heights = _heights(sizes, TALLEST, SHORTEST)
    middle = TALLEST / 2 + 22
    parts = []
    for i, (size, height) in enumerate(zip(sizes, heights, strict=True)):
        x = i * (BLOCK + gap)
        y = middle - height / 2
        if i:
            parts.append(_funnel(x - gap, x, heights[i - 1], height, middle, colours.grid))
        colour = colours.latents if i == code else colours.ink if i == 0 else colours.reconstruction
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{BLOCK}" height="{height:.1f}" rx="4" '
            f'fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        if values is not None:
            parts.append(_cells(values[i], x + 4, y + 4, BLOCK - 8, height - 8, colour))
        name = t("input") if i == 0 else activations[i - 1]
        parts.append(
            _label(x + BLOCK / 2, middle - TALLEST / 2 - 8, f"{size:,}", colour, bold=True)
        )
        parts.append(_label(x + BLOCK / 2, middle + TALLEST / 2 + 22, name, colours.ink))
    words = " → ".join(f"{size:,}" for size in sizes)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 0 {WIDTH + 8} {HEIGHT}" '
        f'width="{WIDTH}" font-family="sans-serif">{"".join(parts)}</svg>'
    )
    return image_of(svg, t("Layers of {words} units", words=words))


def image_of(svg: str, alt: str) -> Markup:
    """A drawing as an <img>."""
    data = base64.b64encode(svg.encode()).decode()
    return markup(
        '<img class="network" alt="{alt}" src="data:image/svg+xml;base64,{data}">',
        alt=alt,
        data=data,
    )


def _code(sizes: Sequence[int]) -> int:
    """Where the code is: the narrowest inner layer, or the widest of an overcomplete network."""
    inner = list(sizes[1:-1])
    return 1 + (inner.index(min(inner)) if min(inner) < sizes[0] else inner.index(max(inner)))


def _heights(sizes: Sequence[int], tallest: float, shortest: float) -> list[float]:
    top = math.log(max(sizes) + 1)
    return [max(shortest, tallest * math.log(size + 1) / top) for size in sizes]


def _funnel(
    left: float, right: float, before: float, after: float, middle: float, colour: str
) -> str:
    corners = [
        (left, middle - before / 2),
        (right, middle - after / 2),
        (right, middle + after / 2),
        (left, middle + before / 2),
    ]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return f'<polygon points="{points}" fill="{colour}" opacity=".55"/>'


def _label(x: float, y: float, text: str, colour: str, *, bold: bool = False) -> str:
    weight = "600" if bold else "400"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="15" font-weight="{weight}" fill="{colour}" '
        f'text-anchor="middle">{markup("{text}", text=text)}</text>'
    )


def _cells(values: np.ndarray, x: float, y: float, width: float, height: float, colour: str) -> str:
    """The activations as a grid: opacity is the size of each, over the largest."""
    high = _num_rows(len(values), width / height)
    wide = -(-len(values) // high)
    sizes = np.zeros(high * wide)
    sizes[: len(values)] = np.abs(values) / max(np.abs(values).max(), 1e-9)
    levels = np.rint(sizes.reshape(high, wide) * 255).astype(np.uint8)
    channels = [np.full_like(levels, c) for c in ImageColor.getrgb(colour)[:3]]
    aspect = "xMidYMid meet" if high == wide else "none"
    buffer = io.BytesIO()
    Image.fromarray(np.stack([*channels, levels], axis=-1)).save(buffer, "PNG")
    data = base64.b64encode(buffer.getvalue()).decode()
    return (
        f'<image x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'preserveAspectRatio="{aspect}" style="image-rendering: pixelated" '
        f'href="data:image/png;base64,{data}"/>'
    )


def _num_rows(count: int, aspect: float) -> int:
    """Rows of about square cells; whole squares of pixels (784 = 28 · 28) keep their shape."""
    root = math.isqrt(count)
    return root if root * root == count else max(1, min(count, round(math.sqrt(count / aspect))))
