"""The table of all that restore: this network, the same one trained without noise, and filters."""

import html
from typing import Any, NamedTuple

import streamlit as st

from components import look
from components.language import sentence, t

FILTERS = ("ridge", "median", "blur")
LABELS = {
    "ridge": "linear (ridge)",
    "median": "median filter",
    "blur": "Gaussian blur",
    "nothing": "doing nothing",
}
OWN = "what this page trains, on the noise of its training"
BESIDE = "the same network, data and seed, trained without any noise"
UNITS = (
    "PSNR in decibels, more is better: 10 log₁₀(1 / mse) of an image, the mean over the "
    "test images (the first 2,000 at most). mse: the mean squared difference of a pixel, of which "
    "1 is full brightness. Filters are set on training images ruined in the same way."
)


class Row(NamedTuple):
    """A name, its mark and its colour; the mark is None while it is not known."""

    name: str
    words: str
    mark: tuple[float, float] | None
    colour: str


def show(
    own: dict[str, Any] | None, beside: dict[str, Any] | None, classical: dict[str, Any] | None
) -> None:
    """Draws it; dashes where an answer is not there yet."""
    st.html(make(rows(own, beside, classical)))


def rows(
    own: dict[str, Any] | None, beside: dict[str, Any] | None, classical: dict[str, Any] | None
) -> list[Row]:
    """This network first, doing nothing last."""
    colours = look.colours()
    found = [Row(t("this network"), t(OWN), _mark(own), colours.reconstruction)]
    if beside or not own:
        found.append(Row(t("never saw noise"), t(BESIDE), _mark(beside), colours.limit))
    for name, label in LABELS.items():
        *mark, words = classical[name] if classical else (0.0, 0.0, label)
        words = sentence(words)
        colour = colours.corrupted if name == "nothing" else colours.limit
        found.append(Row(t(label), words, (mark[0], mark[1]) if classical else None, colour))
    return found


def _mark(answer: dict[str, Any] | None) -> tuple[float, float] | None:
    return (answer["psnr"], answer["mse"]) if answer else None


def make(table: list[Row]) -> str:
    """HTML of a line a row: name, bar, PSNR, mse; the best one bold, an infinite one as ∞."""
    finite = [row.mark[0] for row in table if row.mark and row.mark[0] < float("inf")]
    highest = max(finite, default=1.0)
    title = html.escape(t(UNITS), quote=True)
    head = f'<i></i><i></i><i title="{title}">dB</i><i title="{title}">mse</i>'
    return f'<div class="marks">{head}{"".join(_line(row, highest) for row in table)}</div>'


def _line(row: Row, highest: float) -> str:
    words = html.escape(row.words, quote=True)
    name = f'<span title="{words}">{html.escape(row.name)}</span>'
    if row.mark is None:
        return f"{name}<div></div><em>–</em><em>–</em>"
    psnr, mse = row.mark
    share = 100 * min(1.0, max(0.0, psnr / highest))
    tag = "b" if psnr == highest else "em"
    shown = f"{psnr:.1f}" if psnr < float("inf") else "∞"
    return (
        f'{name}<div title="{words}"><s style="width:{share:.1f}%;background:{row.colour}"></s>'
        f"</div><{tag}>{shown}</{tag}><em>{mse:.4f}</em>"
    )
