"""The pad: a digit is drawn, corrupted and restored in the browser, and once more on the server."""

from typing import Any

import numpy as np
import streamlit as st

from components import pads
from components.figures import theme
from components.pads import network
from components.parts.denoising import plain, testing
from components.runs import moments, stage
from components.words.language import t
from core.datasets import info_of
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.jobs.seen import Seen
from core.queries.questions import Restore, RestoreDrawing

_pad = pads.register("denoise", "digit", "corrupt")


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """The pad, with the weights just trained; and whether Keras agrees on what was drawn."""
    job = moments.shown(key)
    info = info_of(experiment.dataset)
    if info.kind != "strokes" or info.image_shape[0] != info.image_shape[1]:
        st.info(
            t("The pad draws ink on paper: choose a data set of digits."), icon=":material/draw:"
        )
        return
    corruption = testing.current(experiment, snapshot.update, key)
    own = network.pack(job, key) if job else None
    shown = job.ask(Restore(corruption)) if job else None
    if job is None or own is None or shown is None:
        stage.show_waiting(t("Draw a digit here, and watch it being corrupted and restored."))
        return
    other = plain.of(experiment, key)
    data = {
        "own": own,
        "beside": network.pack(other, f"{key}_beside") if other else None,
        "digits": pads.pack(shown.x),
        "shape": info.image_shape,
        "rests": not job.is_at_work,
        "corruption": {"kind": corruption[0], "level": corruption[1]},
        "colours": theme.colours()._asdict(),
        "captions": {
            "ruined": testing.words_of(corruption),
            "restored": t("restored"),
            "beside": t("by one that never saw noise") if other else "",
        },
    }
    drawn = _pad(key=f"{key}_pad", data=data, on_drawn_change=_nothing).drawn
    _show_difference(job, drawn, own["version"])


def _show_difference(job: Seen, drawn: Any, version: str) -> None:
    x_tilde = pads.read(drawn, "x_tilde")
    x_hat = pads.read(drawn, "x_hat")
    size = job.experiment.input_dim
    if x_tilde is None or x_hat is None or len(x_tilde) != size or len(x_hat) != size:
        st.caption(
            t(
                "Draw with mouse, pen, finger or arrow keys. All that you see is computed in your "
                "browser."
            )
        )
        return
    if drawn.get("version") != version or job.is_at_work:
        st.caption(t("Computed in your browser, from the weights of a moment ago."))
        return
    answer = job.ask(RestoreDrawing(x_tilde))
    if answer is not None:
        difference = float(np.abs(answer - x_hat).max())
        st.caption(
            t(
                "Computed in your browser. Keras on the server restores the same "
                "drawing: largest difference of a pixel **{difference:.1e}**.",
                difference=difference,
            ),
            help=t(
                "Layers of more than {large:,} weights travel to the browser as half "
                "floats: then the two differ by more.",
                large=pads.LARGE,
            ),
        )


def _nothing() -> None:
    """Streamlit passes on only values with a callback."""
