"""What follows from the numbers that a run has recorded. Imports no TensorFlow."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.engine.state import Record
from core.experiments import Experiment

WORST_MEAN = -0.1


def mse(record: Record) -> float:
    """The mean squared error of the copies of test images."""
    return float(np.square(record.readings["rmse"]))


def rate(record: Record) -> float:
    """The latent loss of a variational run: what a code tells of a test image, in nats."""
    return float(record.readings["latent_kl"])  # type: ignore[arg-type]


def distortion(record: Record, experiment: Experiment) -> float:
    """The reconstruction loss summed over the pixels, of sampled codes of test images, in nats.

    Of mse that is -ln p(x|z), up to a constant, for pixels with variance ½ round their copies.
    """
    return experiment.input_dim * record.validation["reconstruction"]


def has_collapsed(record: Record) -> bool:
    """Whether β has silenced every latent: an untrained network, which tells nothing either, is far
    from the mean image.
    """
    readings, beta = record.readings, record.coefficients["beta"]
    knows_the_mean = readings["variance_explained"] > WORST_MEAN  # type: ignore[operator]
    return beta > 0 and readings["active_latents"] == 0 and knows_the_mean


def update_of(trace: Sequence[tuple[int, float]], value: float) -> int | None:
    """The update at which a number first fell to `value`, on straight lines between what was seen;
    None if it never did. trace: (update, number).
    """
    for (begin, before), (end, after) in zip(trace, trace[1:], strict=False):
        if before > value >= after:
            return round(begin + (end - begin) * (before - value) / (before - after))
    return None


def interpolated(values: Mapping[int, float], count: int) -> float:
    """A value at a count between the counts of which it is known, on a logarithmic scale."""
    counts = sorted(values)
    return float(np.interp(np.log(count), np.log(counts), [values[each] for each in counts]))
