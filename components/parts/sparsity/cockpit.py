"""The instruments of a sparse network: how active each unit is, how many are active at a time."""

import math

import streamlit as st

from components.figures import theme, unit_figures
from components.figures.drawing import show_figure
from components.runs import stage
from components.words.language import t
from core.comparisons import penalty_of
from core.engine.state import Record, Snapshot
from core.experiments import Experiment
from core.queries.questions import Activations

HELP = {
    "Epoch": "How often the network has seen every training image.",
    "Reconstruction": "The error of the copies of test images, without any penalty.",
    "Penalty": "What L1 and KL together add to the loss that is trained.",
    "Total": "What training lowers, on test images: reconstruction and penalty together.",
    "Active units": "Units above 0.1 (relu: above 0; others: further than 0.001 from 0) for one "
    "test image, on average.",
    "Dead units": "Units that are active for no test image at all.",
    "Selectivity": "Hoyer's sparsity of the activations of an image. 0: all units are "
    "equally active. 1: only one is active. Images without any active unit "
    "do not count.",
}


def show_numbers(snapshot: Snapshot, experiment: Experiment, _: str) -> None:
    """The numbers on top of the stage, and the strip of copies."""
    record = snapshot.record
    view = snapshot.view(Activations())
    size = experiment.config.latent_dim
    numbers = _numbers(record, size) if record else dict.fromkeys(HELP, "–")
    selectivity = view.hoyer if view else math.nan
    numbers["Selectivity"] = "–" if math.isnan(selectivity) else f"{selectivity:.2f}"
    with st.container(horizontal=True, gap="medium"):
        for name, help_text in HELP.items():
            st.metric(t(name), numbers[name], help=t(help_text))
    if record and record.readings["dead_latents"] >= size:
        st.warning(_last_words(record, size), icon=":material/volume_off:")
    stage.show_strip(snapshot, experiment)


def _last_words(record: Record, size: int) -> str:
    """Why no unit is active any more, and the way out."""
    if penalty_of(record.coefficients) != "none":
        return t(
            "All {size} units are dead: the penalty has switched them off for every "
            "test image. Lower it, and see whether they come back.",
            size=size,
        )
    return t(
        "All {size} units are dead, without any penalty: no test image activates one. Start again "
        "with another seed or a lower learning rate.",
        size=size,
    )


def _numbers(record: Record, size: int) -> dict[str, str]:
    reconstruction = record.validation["reconstruction"]
    return {
        "Epoch": str(record.epoch),
        "Reconstruction": f"{reconstruction:.4f}",
        "Penalty": f"{record.validation['total'] - reconstruction:.4f}",
        "Total": f"{record.validation['total']:.4f}",
        "Active units": t("{count:.0f} of {size}", count=record.readings["l0"], size=size),
        "Dead units": f"{record.readings['dead_latents']:.0f}",
    }


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Mean activation of every unit against the target, and the histogram of all activations."""
    view = snapshot.view(Activations())
    if view is None:
        stage.show_waiting(
            t("One bar per unit will appear here, sorted, and move during training.")
        )
        return
    now = experiment.coefficients_at(snapshot.update)
    target = now["sparsity_target"] if now["sparsity_weight"] > 0 else None
    left, right = stage.columns(2, key)
    show_figure(
        unit_figures.make_means(view.means, target, theme.colours()),
        key=f"{key}_means",
        alt=t("Mean activation of every unit on the test images, sorted."),
        place=left,
    )
    show_figure(
        unit_figures.make_histogram(view.counts, view.edges, theme.colours()),
        key=f"{key}_histogram",
        alt=t("How often an activation has a value, of all units and test images."),
        place=right,
    )
