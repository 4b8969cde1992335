"""A film of a run: one picture a moment, as an animated WebP or GIF. Imports no TensorFlow.

Words in the picture are English: the font that Pillow brings has no other letters than Latin ones.
"""

import io
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from core.message import Message

KINDS = ("webp", "gif")
MOST_FRAMES = 120
MOST_BYTES = 8_000_000
MILLISECONDS = 100
LAST_MILLISECONDS = 1_500
SCALES = (3, 2, 1)
"""How large a pixel of an image is drawn; smaller where the film would be larger than it may."""
SIDE = 160
"""Half the width of a map, in pixels at scale 1."""
PAPER, INK = "#FFFFFF", "#1B1F24"
FONT_SIZE = 15
LINE = 24


class Frame(NamedTuple):
    """One moment.

    Attributes:
        words: What stands over the picture.
        levels: A row of images, uint8 [H, W], 0 for paper; or None.
        positions: Points, float [N, 2]; or None.
    """

    words: str
    levels: np.ndarray | None = None
    positions: np.ndarray | None = None


def make(
    frames: Sequence[Frame],
    kind: str,
    *,
    colours: Sequence[str],
    labels: np.ndarray | None = None,
    is_ink: bool = True,
) -> bytes:
    """The film, a tenth of a second a frame, the last one longer; it begins again by itself.

    Args:
        kind: "webp" or "gif".
        colours: Of images the first one, as ink; of points one a class.
        labels: The classes of the points, int [N], or None.
        is_ink: Whether images are ink on paper; else they are greys.

    Raises:
        ValueError: Another kind, fewer than two frames or more than 120, or a film that would be
            larger than 8 MB.
    """
    if kind not in KINDS:
        raise ValueError(Message("kind must be webp or gif; received {kind!r}.", kind=kind))
    if not 2 <= len(frames) <= MOST_FRAMES:
        raise ValueError(
            Message(
                "A film has 2 to {most} frames; received {count}. Choose another number.",
                most=MOST_FRAMES,
                count=len(frames),
            )
        )
    extent = _extent(frames)
    for scale in SCALES:
        drawn = [_draw(frame, scale, colours, labels, extent, is_ink) for frame in frames]
        data = _encode(drawn, kind)
        if len(data) <= MOST_BYTES:
            return data
    raise ValueError(
        Message(
            "The film would have {size:.1f} MB, and may have {most:.0f}. Choose fewer frames.",
            size=len(data) / 1e6,
            most=MOST_BYTES / 1e6,
        )
    )


def _extent(frames: Sequence[Frame]) -> tuple[np.ndarray, float] | None:
    """The middle of all points of a film, and half its width: no frame leaves the picture."""
    clouds = [frame.positions for frame in frames if frame.positions is not None]
    if not clouds:
        return None
    low = np.min([cloud.min(axis=0) for cloud in clouds], axis=0)
    high = np.max([cloud.max(axis=0) for cloud in clouds], axis=0)
    return (low + high) / 2, max(1e-9, float((high - low).max()) / 2)


def _draw(
    frame: Frame,
    scale: int,
    colours: Sequence[str],
    labels: np.ndarray | None,
    extent: tuple[np.ndarray, float] | None,
    is_ink: bool,
) -> Image.Image:
    if frame.levels is not None:
        picture = _row(frame.levels, scale, colours[0], is_ink)
    else:
        assert frame.positions is not None, "a frame has a picture"
        assert extent is not None, "points have an extent"
        picture = _map(frame.positions, scale, colours, labels, extent)
    font = ImageFont.load_default(FONT_SIZE)
    width = max(picture.width, round(font.getlength(frame.words)) + 12)
    whole = Image.new("RGB", (width, picture.height + LINE), PAPER)
    ImageDraw.Draw(whole).text((6, 3), frame.words, fill=INK, font=font)
    whole.paste(picture, (0, LINE))
    return whole


def _row(levels: np.ndarray, scale: int, colour: str, is_ink: bool) -> Image.Image:
    shares = levels[..., None] / 255  # [H, W, 1]
    ink, paper = (np.array(ImageColor.getrgb(each)[:3]) for each in (colour, PAPER))
    pixels = paper + (ink - paper) * shares if is_ink else np.repeat(levels[..., None], 3, axis=-1)
    picture = Image.fromarray(np.rint(pixels).astype(np.uint8))
    return picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST)


def _map(
    positions: np.ndarray,
    scale: int,
    colours: Sequence[str],
    labels: np.ndarray | None,
    extent: tuple[np.ndarray, float],
) -> Image.Image:
    middle, reach = extent
    half = SIDE * scale / 2
    picture = Image.new("RGB", (round(2 * half), round(2 * half)), PAPER)
    pen = ImageDraw.Draw(picture)
    places = half + 0.95 * half * (positions - middle) / reach * np.array([1, -1])
    radius = max(1, scale)
    for i, (x, y) in enumerate(places):
        colour = colours[0 if labels is None else int(labels[i]) % len(colours)]
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    return picture


def _encode(pictures: Sequence[Image.Image], kind: str) -> bytes:
    durations = [MILLISECONDS] * (len(pictures) - 1) + [LAST_MILLISECONDS]
    options = {"lossless": True, "quality": 50, "method": 2} if kind == "webp" else {}
    buffer = io.BytesIO()
    pictures[0].save(
        buffer, kind, save_all=True, append_images=pictures[1:], duration=durations, loop=0,
        **options,
    )  # fmt: skip
    return buffer.getvalue()
