"""Quantities derived from the records of a run. Imports no TensorFlow."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.engine.state import Record
from core.experiments import Experiment

MIN_VARIANCE_EXPLAINED = -0.1


def mse(record: Record) -> float:
    """Mean squared error of the reconstructed test images."""
    return float(np.square(record.readings["rmse"]))


def rate(record: Record) -> float:
    """Rate of a variational run: the latent loss, in nats per test image."""
    return float(record.readings["latent_kl"])  # type: ignore[arg-type]


def distortion(record: Record, experiment: Experiment) -> float:
    """Distortion of a variational run: the reconstruction loss of sampled codes, summed over the
    pixels, in nats per test image.

    For mse it is -ln p(x|z) up to a constant, with p(x|z) normal of mean x_hat and variance ½.
    """
    return experiment.input_dim * record.validation["reconstruction"]


def has_collapsed(record: Record) -> bool:
    """Whether a variational run with β > 0 has no active latent, yet reconstructs at least the mean
    image: an untrained network, which has no active latent either, does not.
    """
    readings = record.readings
    reconstructs_mean = (
        readings["variance_explained"] > MIN_VARIANCE_EXPLAINED  # type: ignore[operator]
    )
    has_beta = record.coefficients["beta"] > 0
    return has_beta and readings["active_latents"] == 0 and reconstructs_mean


def rmse(x: np.ndarray, x_hat: np.ndarray) -> float:
    """Root mean squared error of a copy."""
    return float(np.sqrt(np.mean(np.square(x - x_hat))))


def best_mean(accuracies: Mapping[str, Mapping[int, Mapping[int, float]]]) -> dict[int, float]:
    """For each number of labels the accuracy of the best arm, averaged over the seeds.

    Args:
        accuracies: By arm, number of labels, and seed.
    """
    found: dict[int, float] = {}
    for numbers in accuracies.values():
        for number, by_seed in numbers.items():
            mean = float(np.mean(list(by_seed.values())))
            found[number] = max(mean, found.get(number, 0.0))
    return found


def first_update_below(trace: Sequence[tuple[int, float]], value: float) -> int | None:
    """The update at which a quantity first fell to `value`, linearly interpolated; None if it never
    did. trace: pairs (update, quantity).
    """
    for (begin, before), (end, after) in zip(trace, trace[1:], strict=False):
        if before > value >= after:
            return round(begin + (end - begin) * (before - value) / (before - after))
    return None


def interpolated(values: Mapping[int, float], count: int) -> float:
    """The value at `count`, linearly interpolated in ln(count) between the counts in `values`."""
    counts = sorted(values)
    return float(np.interp(np.log(count), np.log(counts), [values[each] for each in counts]))
