"""The plain autoencoder: a network that copies digits through a bottleneck, while you watch."""

from components import frame
from components.parts import autoencoder

frame.show(autoencoder.PAGE)
