"""The table of all that restore: this network, the same one trained without noise, and filters."""

from typing import NamedTuple

from components.figures import theme
from components.figures.drawing import show_html
from components.words.escaping import Markup, join, markup
from components.words.language import sentence, t
from core.message import Message
from core.queries.questions import FilterMark, Restoration

FILTERS = ("ridge", "median", "blur")
LABELS = {
    "ridge": "linear (ridge)",
    "median": "median filter",
    "blur": "Gaussian blur",
    "nothing": "doing nothing",
}
OWN = Message("what this page trains, on the noise of its training")
BESIDE = Message("the same network, data and seed, trained without any noise")
UNITS = Message(
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
    own: Restoration | None, beside: Restoration | None, classical: dict[str, FilterMark] | None
) -> None:
    """Draws it; dashes where an answer is not there yet."""
    show_html(make(rows(own, beside, classical)))


def rows(
    own: Restoration | None, beside: Restoration | None, classical: dict[str, FilterMark] | None
) -> list[Row]:
    """This network first, doing nothing last."""
    colours = theme.colours()
    found = [Row(t("this network"), t(OWN), _mark(own), colours.reconstruction)]
    if beside or not own:
        found.append(Row(t("never saw noise"), t(BESIDE), _mark(beside), colours.limit))
    for name, label in LABELS.items():
        mark = classical[name] if classical else None
        words = sentence(mark.description if mark else label)
        colour = colours.corrupted if name == "nothing" else colours.limit
        found.append(Row(t(label), words, (mark.psnr, mark.mse) if mark else None, colour))
    return found


def _mark(answer: Restoration | None) -> tuple[float, float] | None:
    return (answer.psnr, answer.mse) if answer else None


def make(table: list[Row]) -> Markup:
    """HTML of a line a row: name, bar, PSNR, mse; the best one bold, an infinite one as ∞."""
    finite = [row.mark[0] for row in table if row.mark and row.mark[0] < float("inf")]
    highest = max(finite, default=1.0)
    return markup(
        '<div class="marks"><i></i><i></i><i title="{title}">dB</i><i title="{title}">mse</i>'
        "{lines}</div>",
        title=t(UNITS),
        lines=join(_line(row, highest) for row in table),
    )


def _line(row: Row, highest: float) -> Markup:
    name = markup('<span title="{words}">{name}</span>', words=row.words, name=row.name)
    if row.mark is None:
        return markup("{name}<div></div><em>–</em><em>–</em>", name=name)
    psnr, mse = row.mark
    share = 100 * min(1.0, max(0.0, psnr / highest))
    return markup(
        '{name}<div title="{words}"><s style="width:{share:.1f}%;background:{colour}"></s>'
        "</div><{tag}>{shown}</{tag}><em>{mse:.4f}</em>",
        name=name,
        words=row.words,
        share=share,
        colour=row.colour,
        tag="b" if psnr == highest else "em",
        shown=f"{psnr:.1f}" if psnr < float("inf") else "∞",
        mse=mse,
    )
