"""The parts of the course page."""

from collections.abc import Callable
from typing import NamedTuple

from components.parts.course import chapters, glossary, summary
from components.words import story


class Part(NamedTuple):
    """A word for the switch, and what draws it."""

    label: str
    show: Callable[[], None]


PARTS = {
    "chapters": Part("Chapters", chapters.show),
    "glossary": Part("Glossary", glossary.show),
    "summary": Part("One page", summary.show),
    "reading": Part("Further reading", lambda: story.show("course", "reading")),
}
