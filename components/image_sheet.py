"""Rows of numbers -> one sharp PNG sheet, as text for an <img>."""

import base64
import html
import io

import numpy as np
from PIL import Image, ImageColor


def make(
    x: np.ndarray,
    image_shape: tuple[int, int],
    colour: str,
    *,
    alt: str,
    columns: int = 10,
    drawn: bool = True,
) -> str:
    """An <img> of the rows of x [N, D], side by side with one pixel between; see `make_url`."""
    url = make_url(x, image_shape, colour, columns=columns, drawn=drawn)
    return f'<img class="sheet" alt="{html.escape(alt)}" src="{url}">'


def make_url(
    x: np.ndarray, image_shape: tuple[int, int], colour: str, *, columns: int, drawn: bool
) -> str:
    """A data URL of the sheet.

    Args:
        colour: The ink: brightness becomes its opacity, so that the sheet fits a light page and a
            dark one.
        drawn: False for photographs, which are shown in greys instead.
    """
    sheet = np.kron(_tile(np.clip(x, 0, 1).reshape(-1, *image_shape), columns), np.ones((2, 2)))
    levels = np.rint(sheet * 255).astype(np.uint8)
    if drawn:
        red, green, blue = ImageColor.getrgb(colour)[:3]
        pixels = np.stack(
            [np.full_like(levels, channel) for channel in (red, green, blue)] + [levels], axis=-1
        )
    else:
        pixels = np.repeat(levels[:, :, None], 3, axis=2)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    data = base64.b64encode(buffer.getvalue()).decode()
    return f"data:image/png;base64,{data}"


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
