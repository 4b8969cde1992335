"""The parts that every page that trains has: its run beside others, and what runs cost."""

from collections.abc import Callable
from typing import Any

from components.knobs.switch import Part
from components.runs import compare, cost
from core.queries.questions import Reconstructions


def _with_key(draw: Callable[[str], None]) -> Callable[..., None]:
    """Draws with the key alone: it comes last, whatever else a page draws its parts with."""

    def show(*seen: Any) -> None:
        draw(seen[-1])

    return show


COMPARE = Part("Compare", _with_key(compare.show))
PARTS = {"compare": COMPARE, "cost": Part("Cost", _with_key(cost.show))}
OF_IMAGES = PARTS | {"compare": COMPARE._replace(views=(Reconstructions(),))}
"""The same for autoencoders, whose copies stand beside each other."""
