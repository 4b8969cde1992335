"""The denoising autoencoder: digits are ruined and come back, while the visitor turns the noise."""

from components import frame
from components.parts import denoising

frame.show(denoising.PAGE)
