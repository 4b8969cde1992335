"""Text from outside as it is shown: no part of it is read as markup.

One function for each language that a page is written in: Markdown (`plain`), HTML (`markup`), and
the small HTML of plotly (`disarm`). Knows nothing of Streamlit; HTML and figures are put on a page
by `components.figures.drawing`, which takes nothing else.
"""

import html
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import plotly.graph_objects as go

MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-!|<>$~:&^=])")
# Streamlit looks for icons and emojis (":name:") once more when the Markdown has been read: a word
# joiner, which has no shape, stands behind the first colon.
SHORTCUTS = re.compile(r"(?<=:)(?=[\w/+-]+:)")
# It also makes links of addresses: as code they stay text, and can be copied as they are.
ADDRESSES = re.compile(
    r"((?<![\w+.-])[\w+.-]*(?::/|www\.|@)[^\s`]*[^\s`.,;:!?)\]}>'\"])", re.IGNORECASE
)
PLOTLY_SIGNS = {"&": "&amp;", "<": "&lt;", "$": "&#36;"}
TEXTS_OF_A_TRACE = ("name", "text", "hovertext", "customdata", "x", "y")
TEXTS_OF_AN_AXIS = ("ticktext", "categoryarray")


class Markup(str):
    """HTML in which every text from outside is escaped: made by `markup`, `join` and `trusted`."""


def plain(text: str) -> str:
    """Text of any origin, so that Markdown shows it as it is."""
    parts = ADDRESSES.split(" ".join(text.split()))
    return "".join(
        f"`{part}`" if is_address else MARKDOWN_SIGNS.sub(r"\\\1", SHORTCUTS.sub("\u2060", part))
        for part, is_address in zip(parts, (False, True) * len(parts), strict=False)
    )


def markup(template: str, /, **values: object) -> Markup:
    """Fills `{name}` (or `{name:.1f}`) in HTML. Values are escaped, unless they are `Markup`.

    Args:
        template: A literal or a constant: a test refuses anything else.
    """
    return Markup(template.format(**{name: _in_html(value) for name, value in values.items()}))


def join(parts: Iterable[Markup]) -> Markup:
    """HTML from pieces of HTML."""
    return Markup("".join(parts))


def trusted(text: str) -> Markup:
    """HTML that is written in the source of this app. A test lists the modules that use it."""
    return Markup(text)


def _in_html(value: object) -> object:
    is_safe = isinstance(value, Markup | int | float | np.number)
    return value if is_safe else html.escape(str(value))


def in_plotly(text: str) -> str:
    """Text of any origin, so that plotly shows it as it is."""
    return "".join(PLOTLY_SIGNS.get(character, character) for character in text)


def disarm(figure: go.Figure) -> None:
    """Escapes every text of a figure, in place, but the templates (`hovertemplate`,
    `texttemplate`): these are literals, as a test makes sure.
    """
    for trace in figure.data:
        _escape(trace, TEXTS_OF_A_TRACE)
    for note in figure.layout.annotations:
        _escape(note, ("text",))
    _escape(figure.layout.title, ("text",))
    for axis in (*figure.select_xaxes(), *figure.select_yaxes()):
        _escape(axis, TEXTS_OF_AN_AXIS)
        _escape(axis.title, ("text",))


def _escape(part: Any, names: Iterable[str]) -> None:
    for name in names:
        value = getattr(part, name, None)
        escaped = _escaped(value)
        if escaped is not value:
            part[name] = escaped


def _escaped(value: Any) -> Any:
    """The same object where nothing has to be escaped: arrays of numbers are not copied."""
    if isinstance(value, str):
        text = in_plotly(value)
        return value if text == value else text
    is_list = isinstance(value, list | tuple) or getattr(value, "dtype", np.dtype(int)).kind in "OU"
    if value is None or not is_list:
        return value
    found = [_escaped(each) for each in value]
    if all(new is old for new, old in zip(found, value, strict=True)):
        return value
    return found
