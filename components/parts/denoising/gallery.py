"""Test images by the dozen: clean, corrupted, restored, and restored without having seen noise."""

import streamlit as st

from components.figures import image_sheet, theme
from components.figures.drawing import show_html
from components.parts.denoising import plain, testing
from components.runs import moments, stage
from components.words.language import t
from core.datasets import info_of
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.queries.questions import Gallery

COLUMNS = 6


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Sheets of 36 images side by side."""
    job = moments.shown(key)
    corruption = testing.current(experiment, snapshot.update, key)
    if job is None or snapshot.phase == "failed":
        return
    own = job.ask(Gallery(corruption))
    if own is None:
        stage.show_waiting(t("36 test images will appear here, corrupted and restored."))
        return
    beside = plain.ask(experiment, key, Gallery(corruption))
    sheets = [
        (t("Test images"), own.x, "ink"),
        (testing.words_of(corruption).capitalize(), own.x_tilde, "corrupted"),
        (t("Restored"), own.x_hat, "reconstruction"),
    ]
    if beside:
        sheets.append((t("Never saw noise"), beside.x_hat, "limit"))
    info = info_of(experiment.dataset)
    colours = theme.colours()
    for column, (title, x, colour) in zip(stage.columns(len(sheets), key), sheets, strict=True):
        with column:
            st.markdown(f"**{title}**")
            sheet = image_sheet.make(
                x, info.image_shape, getattr(colours, colour),
                alt=t("{title}, {count} of them", title=title, count=len(x)),
                columns=COLUMNS, kind=info.kind,
            )  # fmt: skip
            show_html(sheet)
