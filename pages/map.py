"""The map: what the codings know, as points that find their neighbours in front of the visitor."""

from components import frame
from components.parts import maps

frame.show_chained(maps.PAGE)
