"""Rows of numbers -> one sharp PNG sheet, as text for an <img>."""

import base64
import html
import io

import numpy as np
from PIL import Image, ImageColor

HIGHEST_CONTRAST = 3.0


def make(
    x: np.ndarray,
    image_shape: tuple[int, int],
    colour: str,
    *,
    alt: str,
    columns: int = 10,
    kind: str = "strokes",
) -> str:
    """An <img> of the rows of x [N, D], side by side with one pixel between; see `make_url`."""
    url = make_url(x, image_shape, colour, columns=columns, kind=kind)
    return f'<img class="sheet" alt="{html.escape(alt)}" src="{url}">'


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
    levels = _sheet(np.clip(x, 0, 1), image_shape, columns)
    if kind not in ("photographs", "contrasts"):
        red, green, blue = ImageColor.getrgb(colour)[:3]
        pixels = np.stack(
            [np.full_like(levels, channel) for channel in (red, green, blue)] + [levels], axis=-1
        )
    else:
        opacity = _sheet(np.ones_like(x), image_shape, columns)
        pixels = np.stack([levels, levels, levels, opacity], axis=-1)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    data = base64.b64encode(buffer.getvalue()).decode()
    return f"data:image/png;base64,{data}"


def _sheet(x: np.ndarray, image_shape: tuple[int, int], columns: int) -> np.ndarray:
    """Levels from 0 to 255 of values from 0 to 1, two pixels each, 0 between the images."""
    tiled = _tile(x.reshape(-1, *image_shape), columns)
    return np.rint(np.kron(tiled, np.ones((2, 2))) * 255).astype(np.uint8)


def _tile(images: np.ndarray, columns: int) -> np.ndarray:
    rows = -(-len(images) // columns)
    height, width = images.shape[1:]
    padded = np.zeros((rows * columns, height + 1, width + 1))
    padded[: len(images), :height, :width] = images
    return (
        padded.reshape(rows, columns, height + 1, width + 1)
        .swapaxes(1, 2)
        .reshape(rows * (height + 1), -1)
    )
