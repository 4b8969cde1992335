"""The numbers of a variational run, and a plain word when its codes say nothing any more."""

import streamlit as st

from components.words.language import t
from core.analysis import readings
from core.engine.state import Record, Snapshot
from core.experiments import Experiment

HELP = {
    "Epoch": "How often the network has seen every training image.",
    "Reconstruction": "Reconstruction loss of a test image from a sampled code, summed over its "
    "pixels, in nats.",
    "Latent loss": "KL between the distribution of a test image and the prior N(0, 1), in "
    "nats: how much information the code holds about the image.",
    "Sum": "Reconstruction and latent loss, whatever β is. With cross-entropy: a bound on "
    "-ln p(x), the negative ELBO.",
    "Active latents": "Latents whose mean μ differs from test image to test image (variance "
    "above 0.01). The others hold no information about the image.",
    "Mean σ": "The mean width of the distributions of the codes. 1: as wide as the "
    "prior. Near 0: points, as in a plain autoencoder.",
}


def show(snapshot: Snapshot, experiment: Experiment, _: str) -> None:
    """Draws them; dashes before the first epoch."""
    record = snapshot.record
    numbers = _numbers(record, experiment) if record else dict.fromkeys(HELP, "–")
    with st.container(horizontal=True, gap="medium"):
        for name, help_text in HELP.items():
            st.metric(t(name), numbers[name], help=t(help_text))
    if record:
        _warn(record)


def _numbers(record: Record, experiment: Experiment) -> dict[str, str]:
    distortion = readings.distortion(record, experiment)
    rate = readings.rate(record)
    return {
        "Epoch": str(record.epoch),
        "Reconstruction": f"{distortion:.1f}",
        "Latent loss": f"{rate:.2f}",
        "Sum": f"{distortion + rate:.1f}",
        "Active latents": t(
            "{count:.0f} of {size}",
            count=record.readings["active_latents"],
            size=experiment.config.latent_dim,
        ),
        "Mean σ": f"{record.readings['mean_sigma']:.3f}",
    }


def _warn(record: Record) -> None:
    if readings.has_collapsed(record):
        st.warning(
            t(
                "**Posterior collapse.** The code holds no information about the image: every "
                "distribution is the prior, and every copy is the same mean image. At β = {beta:g} "
                "the latent loss outweighs all that a code could save. Lower β.",
                beta=record.coefficients["beta"],
            ),
            icon=":material/vertical_align_center:",
        )
