"""The numbers of a variational run, and a plain word when its codes say nothing any more."""

import streamlit as st

from components.words.language import t
from core.analysis import readings
from core.engine.state import Record, Snapshot
from core.experiments import Experiment
from core.message import Message

HELP = {
    "Epoch": "How often the network has seen every training image.",
    Message("Reconstruction"): Message(
        "Reconstruction loss of a test image from a sampled code, summed over its pixels, in nats."
    ),
    "Latent loss": Message(
        "KL between the distribution of a test image and the prior N(0, 1), in "
        "nats: how much information the code holds about the image."
    ),
    Message("Sum"): Message(
        "Reconstruction and latent loss, whatever β is. With cross-entropy: a bound on "
        "-ln p(x), the negative ELBO."
    ),
    Message("Active latents"): Message(
        "Latents whose mean μ differs from test image to test image (variance above "
        "0.01). The others say the same of every image."
    ),
    Message("Mean σ"): Message(
        "The mean width of the clouds. 1: as wide as the prior. Near 0: points, as in a "
        "plain autoencoder."
    ),
}


def show(snapshot: Snapshot, experiment: Experiment, _: str) -> None:
    """Draws them; dashes before the first epoch."""
    record = snapshot.records[-1] if snapshot.records else None
    numbers = _numbers(record, experiment) if record else dict.fromkeys(HELP, "–")
    with st.container(horizontal=True, gap="medium"):
        for name, help_text in HELP.items():
            st.metric(t(name), numbers[name], help=t(help_text))
    if record:
        _warn(record, experiment.config.latent_dim)


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


def _warn(record: Record, size: int) -> None:
    if readings.has_collapsed(record):
        st.warning(
            t(
                "**Posterior collapse.** {who} one image from another: every cloud is the prior, "
                "and every copy the same mean image. At β = {beta:g} the latent loss outweighs all "
                "that a code could save. Lower β.",
                who=t("No latent tells") if size > 1 else t("The latent does not tell"),
                beta=record.coefficients["beta"],
            ),
            icon=":material/vertical_align_center:",
        )
