"""What the most used units look for: the picture each paints, and the images that excite it."""

import numpy as np
import streamlit as st

from components import image_sheet, look, stage
from core.datasets import info_of
from core.experiments import Experiment
from core.progress import Snapshot

COLUMNS = 10


def show(snapshot: Snapshot, experiment: Experiment, _: str) -> None:
    """The pictures of the most used units, brightest first."""
    view = snapshot.views.get("units")
    if view is None:
        stage.show_waiting("The picture that each unit paints will stand here.")
        return
    pictures = view["pictures"]
    strongest = np.abs(pictures).max(axis=1, keepdims=True)
    shown = pictures / np.maximum(strongest, 1e-7)
    rows = [
        (f"units {start + 1} to {start + len(part)}", part, "latents")
        for start, part in ((i, shown[i : i + COLUMNS]) for i in range(0, len(shown), COLUMNS))
    ]
    info, colours = info_of(experiment.dataset), look.colours()
    drawn = info.kind != "photographs"
    cells = "".join(
        f"<span>{label}</span>"
        + image_sheet.make(
            part if drawn else 0.5 + part / 2,
            info.image_shape,
            getattr(colours, colour),
            alt=f"the pictures of {label}",
            drawn=drawn,
        )
        for label, part, colour in rows
    )
    st.html(f'<div class="strip">{cells}</div>')
    st.caption(
        "What each unit adds to the copy when it alone speaks, the most used first; each is drawn "
        "at its own strength."
    )
