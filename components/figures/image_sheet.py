"""Rows of numbers -> one sharp PNG sheet, as text for an <img>."""

import base64
import io

import numpy as np
from PIL import Image, ImageColor

from components.words.escaping import Markup, markup

HIGHEST_CONTRAST = 3.0
IN_GREYS = ("photographs", "contrasts")
COMPRESSION = 3


def make(
    x: np.ndarray,
    image_shape: tuple[int, int],
    colour: str,
    *,
    alt: str,
    columns: int = 10,
    kind: str = "strokes",
) -> Markup:
    """An <img> of the rows of x [N, D], side by side with one pixel between; see `make_url`."""
    url = make_url(x, image_shape, colour, columns=columns, kind=kind)
    return markup('<img class="sheet" alt="{alt}" src="{url}">', alt=alt, url=url)


def make_url(
    x: np.ndarray, image_shape: tuple[int, int], colour: str, *, columns: int, kind: str
) -> str:
    """A data URL of the sheet.

    Args:
        colour: The ink: brightness becomes its opacity, so that the sheet fits a light page and a
            dark one.
        kind: As in `core.datasets.DatasetInfo`. Photographs and contrasts are shown in greys
            instead, of contrasts those from -3 to 3.
    """
    if kind == "contrasts":
        x = 0.5 + x / (2 * HIGHEST_CONTRAST)
    levels = np.rint(np.clip(x, 0, 1) * 255).astype(np.uint8)
    sheet = _sheet(levels, image_shape, columns)
    options = {}
    if kind in IN_GREYS:
        opacity = _sheet(np.full_like(levels, 255), image_shape, columns)
        picture = Image.fromarray(np.stack([sheet, opacity], axis=-1))
    else:  # a palette of one ink, more and more opaque: a ninth of the time of four channels
        picture = Image.frombytes("P", sheet.shape[::-1], sheet.tobytes())
        picture.putpalette(ImageColor.getrgb(colour)[:3] * 256)
        options["transparency"] = bytes(range(256))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=COMPRESSION, **options)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _sheet(levels: np.ndarray, image_shape: tuple[int, int], columns: int) -> np.ndarray:
    """Levels from 0 to 255, two pixels each, 0 between the images."""
    tiled = _tile(levels.reshape(-1, *image_shape), columns)
    return tiled.repeat(2, axis=0).repeat(2, axis=1)


def _tile(images: np.ndarray, columns: int) -> np.ndarray:
    rows = -(-len(images) // columns)
    height, width = images.shape[1:]
    padded = np.zeros((rows * columns, height + 1, width + 1), images.dtype)
    padded[: len(images), :height, :width] = images
    return (
        padded.reshape(rows, columns, height + 1, width + 1)
        .swapaxes(1, 2)
        .reshape(rows * (height + 1), -1)
    )
