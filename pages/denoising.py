"""The denoising autoencoder: digits are corrupted and come back; the visitor turns the noise."""

from components import frame
from components.parts import denoising

frame.show(denoising.PAGE)
