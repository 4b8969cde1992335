"""The sparse autoencoder: many units, few of them speaking, while the visitor turns the price."""

from components import frame
from components.parts import sparsity

frame.show(sparsity.PAGE)
