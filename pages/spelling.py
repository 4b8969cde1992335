"""The speller: a correction model that is trained in front of the visitor."""

from components import frame
from components.parts import spelling

frame.show(spelling.PAGE)
