"""Character models: type a word, see it read letter by letter, and break it."""

from components import frame
from components.parts import characters

frame.show(characters.PAGE)
