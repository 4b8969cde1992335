"""The visitor's own pictures: read once, held by the session, gone with it."""

from typing import Any

import streamlit as st

from components.knobs import lesson
from components.runs import uploads
from components.runs.uploads import Receipt
from components.streamlit_adapter import session
from components.words.language import t
from core.datasets import info_of, load_images, load_picture_files, name_own
from core.experiments import Experiment


def show(experiment: Experiment | None, key: str) -> None:
    """Draws two ways to bring pictures: a zip, or a folder; not if the lesson holds the data.

    Args:
        experiment: What the knobs say; None while they say nothing possible.
    """
    if lesson.of(key).holds("dataset"):
        return
    uploads.show(key, experiment)
    icon = ":material/add_photo_alternate:"
    with st.expander(t("Your own images"), icon=icon, key=f"{key}_own_images"):
        st.file_uploader(
            t("A zip of pictures"),
            type="zip",
            key=f"{key}_zip",
            on_change=_read,
            args=(f"{key}_zip", key),
            help=t(
                "Each picture becomes a grey square of 28 × 28 pixels. Folders in it are classes."
            ),
        )
        st.file_uploader(
            t("Or a folder"),
            type=["png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff"],
            accept_multiple_files="directory",
            key=f"{key}_folder",
            on_change=_read,
            args=(f"{key}_folder", key),
            help=t("All pictures of a folder of this computer."),
        )
        st.caption(
            t(
                "They stay in the memory of this server until you leave, unless you keep a run. "
                "The weights trained on them lie on its disk until then."
            )
        )


def _read(widget_key: str, key: str) -> None:
    """Reads what was chosen, for the knob *Data*."""
    chosen: Any = session.widget_value(widget_key, None)
    if not chosen:
        return
    try:
        if isinstance(chosen, list):
            data = load_picture_files([(file.name, file) for file in chosen])
            source = chosen[0].name.partition("/")[0]
        else:
            data = load_images(chosen)
            source = chosen.name
    except ValueError as error:
        uploads.refuse(error, key)
        return
    count = len(data.x_train) + len(data.x_test)
    receipt = Receipt(source, count, data.class_names, are_pictures=True, name=name_own(data))
    uploads.accept(receipt, info_of(receipt.name).title, data, key)
