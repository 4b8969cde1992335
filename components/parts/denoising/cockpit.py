"""Digits, corrupted, restored by this network and by one trained without noise; and the marks of
all.
"""

import streamlit as st

from components.parts.denoising import marks, plain, testing
from components.parts.denoising.testing import Corruption
from components.runs import moments, stage
from components.words.language import t
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.queries.questions import ClassicalDenoisers, FilterMark, Restoration, Restore

Marks = dict[str, FilterMark] | None
HELP = {
    "Epoch": "How often the network has seen every training image.",
    "Restored": "PSNR of the restored test images, the mean over them (the first 2,000 at most): "
    "10 log₁₀(1 / mse) of each, in decibels. 3 dB more: half the error.",
    "Over the best filter": "How many decibels the network is ahead of the best of ridge, median "
    "and blur, which learn no network.",
    "Clean copies": "The loss of the copies of test images that are not corrupted.",
}


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Numbers, strip and table. The strip comes before the filters are fitted: that takes a second
    for each new noise.
    """
    corruption = testing.current(experiment, snapshot.update, key)
    job = moments.shown(key)
    numbers = st.container(horizontal=True, gap="medium")
    strip, table = stage.columns([1.8, 1], key)
    own = beside = classical = None
    if job is not None and snapshot.phase != "failed":
        own = job.ask(Restore(corruption))
    if own is not None:
        beside = plain.ask(experiment, key, Restore(corruption))
    with strip:
        _show_strip(own, beside, corruption, experiment)
    if job is not None and own is not None:
        classical = job.ask(ClassicalDenoisers(corruption))
    with table:
        marks.show(own, beside, classical)
    with numbers:
        _show_numbers(snapshot, own, classical)


def _show_numbers(snapshot: Snapshot, own: Restoration | None, classical: Marks) -> None:
    record = snapshot.record
    numbers = dict.fromkeys(HELP, "–")
    numbers["Epoch"] = str(record.epoch if record else 0)
    if record:
        numbers["Clean copies"] = f"{record.readings['reconstruction_clean']:.4f}"
    if own:
        numbers["Restored"] = f"{own.psnr:.1f} dB"
    if own and classical:
        best = max(classical[name].psnr for name in marks.FILTERS)
        numbers["Over the best filter"] = f"{own.psnr - best:+.1f} dB"
    for name, help_text in HELP.items():
        st.metric(t(name), numbers[name], help=t(help_text))


def _show_strip(
    own: Restoration | None,
    beside: Restoration | None,
    corruption: Corruption,
    experiment: Experiment,
) -> None:
    if own is None:
        stage.show_waiting(
            t(
                "Ten test images will appear here, corrupted, and under them what the "
                "network restores: noise at first, then digits."
            )
        )
        return
    rows = [
        (t("test image"), own.x, "ink"),
        (testing.words_of(corruption), own.x_tilde, "corrupted"),
        (t("restored"), own.x_hat, "reconstruction"),
    ]
    if beside:
        rows.append((t("never saw noise"), beside.x_hat, "limit"))
    stage.show_rows(rows, experiment)
