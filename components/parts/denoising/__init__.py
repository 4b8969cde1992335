"""What the denoising page shows under its strip and its table, one part at a time; most parts ask
the model themselves.
"""

from components.knobs.switch import Part, Stage
from components.parts.autoencoder import network
from components.parts.denoising import curves, draw, filters, gallery, kinds, matrix

STAGE = Stage(
    {
        "draw": Part("Draw", draw.show),
        "loss": Part("Loss", curves.show),
        "matrix": Part("Noise × noise", matrix.show),
        "filters": Part("Filters", filters.show),
        "gallery": Part("Gallery", gallery.show),
        "kinds": Part("Kinds of noise", kinds.show),
        "network": Part("Network", network.show, ("layers",)),
    }
)
