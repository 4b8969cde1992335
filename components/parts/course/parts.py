"""The parts of the course page."""

from components.knobs.switch import Part
from components.parts.course import chapters, glossary, summary
from components.words import story

PARTS = {
    "chapters": Part("Chapters", chapters.show),
    "glossary": Part("Glossary", glossary.show),
    "summary": Part("One page", summary.show),
    "reading": Part("Further reading", lambda: story.show("course", "reading")),
}
