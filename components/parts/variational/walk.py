"""From one digit to another through the codes, beside the same way through a plain autoencoder."""

import streamlit as st

from components import pads
from components.figures import theme
from components.figures.image_sheet import HIGHEST_CONTRAST
from components.pads import network
from components.runs import moments, stage
from components.words.language import sentence, t
from core.comparisons import without_latent_loss
from core.datasets import info_of
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.jobs.seen import Seen
from core.queries.questions import Decoder, MappedCodes, MappedImages

_pad = pads.register("walk", "digit")
PAIRS = ((6, 0), (3, 8), (4, 9), (1, 7), (5, 2))


def plain(experiment: Experiment, _: str) -> list[Experiment]:
    """The plain autoencoder of the same size."""
    return [without_latent_loss(experiment)]


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The pad, with the weights of both networks."""
    job = moments.shown(key)
    view = snapshot.view(Decoder())
    own = network.pack(job, f"{key}_walk") if job and snapshot.phase != "failed" else None
    images = job.ask(MappedImages()) if job and own else None
    beside = moments.found(without_latent_loss(experiment), key)
    if job is None or view is None or own is None or images is None or beside is None:
        stage.show_waiting(
            t(
                "Choose or draw two digits here, and watch one become the other, "
                "through this network and through a plain autoencoder."
            )
        )
        return
    labels = images.labels
    info = info_of(experiment.dataset)
    names = [t(name) for name in images.class_names]
    data = {
        "own": own,
        "beside": network.pack(beside, f"{key}_walk_beside"),
        "codes": {"own": _codes(job), "beside": _codes(beside)},
        "labels": None if labels is None else labels.tolist(),
        "split": len(experiment.config.hidden_units) + 1,
        "digits": pads.pack(view.x),
        "pairs": PAIRS if len(names) == len(view.x) else (),
        "names": names,
        "draws": info.kind == "strokes" and info.image_shape[0] == info.image_shape[1],
        "kind": info.kind,
        "highest": HIGHEST_CONTRAST,
        "shape": info.image_shape,
        "colours": theme.colours()._asdict(),
        "problem": sentence(beside.snapshot().problem or ""),
        "titles": {"own": t("This network"), "beside": t("A plain autoencoder of the same size")},
    }
    _pad(key=f"{key}_walk_pad", data=data)
    if beside.snapshot().is_running:
        _show_progress(beside)


def _show_progress(beside: Seen) -> None:
    st.caption(
        t(
            ":material/hourglass_top: The plain autoencoder trains at the same "
            "time: epoch {epoch} of {num_epochs}.",
            epoch=beside.snapshot().update // beside.experiment.updates_per_epoch,
            num_epochs=beside.experiment.num_epochs,
        )
    )


def _codes(job: Seen) -> pads.Packed | None:
    """Where the test images lie, for the small maps."""
    z = job.ask(MappedCodes())
    return None if z is None else pads.pack(z, exact=False)
