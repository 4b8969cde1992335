"""The two halves of the loss of a variational run, in nats an image, on the test set."""

from core.engine.state import Record
from core.experiments import Experiment


def rate(record: Record) -> float:
    """The latent loss: what a code tells of an image."""
    return float(record.readings["latent_kl"])  # type: ignore[arg-type]


def distortion(record: Record, experiment: Experiment) -> float:
    """The reconstruction loss summed over the pixels, of sampled codes.

    Of mse that is -ln p(x|z), up to a constant, for pixels with variance ½ round their copies.
    """
    return experiment.input_dim * record.validation["reconstruction"]
