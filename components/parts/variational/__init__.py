"""What the page of the variational autoencoder shows of its latent space, one part at a time."""

from components.knobs.switch import Part, Stage
from components.parts.variational import generate, inside, latent_map, terms, trade_off, walk

STAGE = Stage(
    {
        "map": Part("Latent map", latent_map.show, ("clouds", "decoder")),
        "walk": Part("Interpolate", walk.show, ("decoder",)),
        "generate": Part("Generate", generate.show),
        "inside": Part("Inside one digit", inside.show, ("clouds", "decoder")),
        "trade_off": Part("Trade-off", trade_off.show, ("reconstructions",)),
        "terms": Part("Latent loss", terms.show),
    }
)
