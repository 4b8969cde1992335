"""What a map's pad must know of its points once: pictures, classes, neighbours."""

import base64
import io
import math
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from components import pads
from components.parts.maps import sources
from components.parts.maps.sources import Mapped
from components.streamlit_adapter import session
from components.words.language import t
from core.datasets import info_of
from core.maps.questions import PointNeighbours

MOST_PIXELS = 8_000_000
JS = """
export default function ({ data }) {
  const all = (globalThis.bottleneckPoints ??= {});
  if (all[data.id]) return;
  const old = Object.keys(all);
  if (old.length > 5) delete all[old[0]];
  all[data.id] = data;
}
"""
_component = st.components.v2.component("bottleneck_points", js=JS)


def show(here: Mapped, neighbours: PointNeighbours, space: str, key: str) -> None:
    """Sends it to the browser, where the pad finds it under the name of the points."""
    name = here.points.name
    data = session.latest(f"{key}_bundle", name, 0, lambda: make(here, neighbours, space))
    _component(key=f"{key}_bundle", data=data)


def make(here: Mapped, neighbours: PointNeighbours, space: str = "codes") -> dict[str, Any]:
    """The bundle, see `components/pads/scatter.js`. space: what a point is, "codes" or "pixels"."""
    pictures = here.pictures
    labels = here.pictures.labels
    codes = here.codes
    data: dict[str, Any] = {
        "id": here.points.name,
        "names": [t(name) for name in pictures.class_names],
        "labels": None if labels is None else pads.pack(labels),
        "rows": pads.pack(neighbours.rows),
        "latents": pads.pack(codes.latents, exact=False),
        "numbers": codes.numbers,
        "dimensions": codes.dimensions,
        "reduced": here.points.x.shape[1] if codes.basis else 0,
        "space": space,
        "errors": None,
        "words": pictures.words,
    }
    if sources.has_pictures(here.source):
        data |= _sheets(here)
    return data


def _sheets(here: Mapped) -> dict[str, Any]:
    info = info_of(here.source.experiment.dataset)
    copies = here.copies
    x = _smaller(np.asarray(here.pictures.x).reshape(-1, *info.image_shape))
    columns = math.ceil(math.sqrt(len(x)))
    kind = "strokes" if info.kind in ("strokes", "numbers") else "greys"
    sheets = {"sheet": url_of(x, columns), "tile": x.shape[1:], "columns": columns, "kind": kind}
    if copies is None:
        return sheets
    x_hat = _smaller(copies.x_hat.reshape(-1, *info.image_shape))
    return sheets | {"copies": url_of(x_hat, columns), "errors": pads.pack(copies.errors)}


def _smaller(images: np.ndarray) -> np.ndarray:
    """Means over squares of pixels, as large as all images on one sheet make necessary."""
    count, height, width = images.shape
    side = math.ceil(math.sqrt(images.size / MOST_PIXELS))
    if side == 1 or min(height, width) < side:
        return images
    height //= side
    width //= side
    cut = images[:, : height * side, : width * side]
    return cut.reshape(count, height, side, width, side).mean(axis=(2, 4)).astype(np.uint8)


def url_of(images: np.ndarray, columns: int) -> str:
    """A grey PNG of all images, row by row, as a data URL."""
    count, height, width = images.shape
    rows = -(-count // columns)
    filled = np.zeros((rows * columns, height, width), np.uint8)
    filled[:count] = images
    sheet = filled.reshape(rows, columns, height, width).swapaxes(1, 2)
    buffer = io.BytesIO()
    picture = Image.fromarray(sheet.reshape(rows * height, columns * width))
    picture.save(buffer, "PNG", compress_level=2)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
