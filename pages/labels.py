"""Few labels: an autoencoder learns from everything, then classifiers learn from a few labels."""

from components import frame
from components.parts import labels

frame.show_chained(labels.PAGE)
