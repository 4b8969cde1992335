"""One line of what was reached, and the table of them."""

from collections.abc import Callable, Iterable
from statistics import median
from typing import NamedTuple, TypeVar

from core.data.keras_files import DatasetUnavailable

Result = TypeVar("Result")
Say = Callable[[str], None]


class Claim(NamedTuple):
    """A number beside what it is held against.

    Attributes:
        what: The model, the data and the measure.
        ours: Measured here through the public surface; one for each seed; empty if not measured.
        asked: What it must be, in words; or why it is not measured.
        kept: Whether it is.
        peer: The same settings in a peer in the same run, one a seed, and whose.
        published: The number in the literature, as text.
    """

    what: str
    ours: tuple[float, ...]
    asked: str
    kept: bool
    peer: tuple[str, tuple[float, ...]] | None = None
    published: str = ""


def not_measured(what: str, reason: str) -> Claim:
    """A claim that could not be measured here; `reason` says what is missing."""
    return Claim(what, (), reason, kept=False)


def measured(measure: Callable[[Say], Result], say: Say, what: str) -> Result | list[Claim]:
    """What `measure` returns; one claim that is not measured if a package or data are missing."""
    try:
        return measure(say)
    except (ImportError, DatasetUnavailable) as error:
        return [not_measured(what, " ".join(str(error).split()))]


def markdown(claims: Iterable[Claim]) -> str:
    """The claims as a table."""
    lines = ["| | ours | a peer, same run | published | asked | |", "|---|---|---|---|---|---|"]
    for claim in claims:
        if not claim.ours:
            lines.append(f"| {claim.what} | not measured: {claim.asked} | | | | |")
            continue
        name, values = claim.peer or ("", ())
        peer = f"{name}: {spread(values)}" if values else ""
        cells = (claim.what, spread(claim.ours), peer, claim.published, claim.asked)
        lines.append(f"| {' | '.join(cells)} | {'kept' if claim.kept else '**missed**'} |")
    return "\n".join(lines) + "\n"


def spread(values: tuple[float, ...]) -> str:
    """The median, and the lowest and highest where there are several."""
    middle = f"{median(values):.4g}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.4g} to {max(values):.4g})"
