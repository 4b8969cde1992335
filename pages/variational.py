"""The variational autoencoder: a walk through the latent space of the model that trains here."""

from components import frame
from components.parts import variational

frame.show(variational.PAGE)
